package dev.baton.engine.postgres.session;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Messages of a segment that came in and were not passed on yet.
final class Unsent {
  private final ArrayDeque<ByteBuf> messages = new ArrayDeque<>();
  private int bytes;
  private int stampedBytes;

  /// Takes over `message`.
  void add(ByteBuf message) {
    messages.add(message);
    bytes += message.readableBytes();
  }

  int bytes() {
    return bytes;
  }

  Iterable<ByteBuf> messages() {
    return messages;
  }

  /// Stays here until it is taken.
  @Nullable ByteBuf peek() {
    return messages.peek();
  }

  /// @throws java.util.NoSuchElementException when there is none
  ByteBuf take() {
    ByteBuf message = messages.remove();
    bytes -= message.readableBytes();
    return message;
  }

  /// What is complete goes to the memory before it goes to the backend.
  void stamp(FlightOwner owner, OpenTransaction transaction, Segment segment) {
    if (segment.whole()) {
      owner.stamp(transaction, segment.view(stampedBytes));
      stampedBytes = (int) segment.bytes();
    } else {
      messages.forEach(message -> owner.stamp(transaction, message.nioBuffer()));
    }
  }

  void release() {
    messages.forEach(ByteBuf::release);
    messages.clear();
    bytes = 0;
  }
}
