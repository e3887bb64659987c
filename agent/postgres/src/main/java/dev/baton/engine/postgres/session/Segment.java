package dev.baton.engine.postgres.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// What a client sends up to the message that the server answers with ReadyForQuery: one Query or
/// FunctionCall with its copy data, or extended messages up to Sync. Kept as a copy, as long as its
/// transaction may have to be replayed, and then the client's bytes are needed no more.
final class Segment {
  private static final int HEADER_BYTES = 5;

  private final boolean simple;
  private final AnswerDigest given = new AnswerDigest();
  private @Nullable ByteBuf kept;
  private boolean whole;
  private boolean closed;
  private boolean generates;
  private int requests;

  /// @param simple Query or FunctionCall
  /// @param keep whether a copy is kept
  Segment(boolean simple, boolean keep) {
    this.simple = simple;
    this.whole = keep;
  }

  boolean simple() {
    return simple;
  }

  /// What the client has been given of its answer.
  AnswerDigest given() {
    return given;
  }

  /// Its answer may show what the database generated: rows of it are kept, so that a replay can be
  /// made to give the same.
  boolean generates() {
    return generates;
  }

  void mayGenerate() {
    generates = true;
    given.keepRows();
  }

  /// The message that ends it was read.
  boolean closed() {
    return closed;
  }

  void close() {
    closed = true;
  }

  /// The server read the Sync while it was in copy mode and ignored it: the client sends another.
  void reopen() {
    closed = false;
  }

  int requests() {
    return requests;
  }

  void countRequest() {
    requests++;
  }

  /// True when every byte of it is kept.
  boolean whole() {
    return whole;
  }

  long bytes() {
    ByteBuf bytes = kept;
    return bytes == null ? 0 : bytes.readableBytes();
  }

  /// Copies `message` and releases it.
  ///
  /// @return a slice of the copy, to be written in its place
  ByteBuf keep(ByteBufAllocator allocator, ByteBuf message) {
    ByteBuf bytes = kept;
    if (bytes == null) {
      bytes = allocator.buffer(Math.max(256, message.readableBytes()));
      kept = bytes;
    }
    int at = bytes.writerIndex();
    int length = message.readableBytes();
    bytes.writeBytes(message);
    message.release();
    return bytes.retainedSlice(at, length);
  }

  /// The bytes from `from` on, valid until more is kept.
  java.nio.ByteBuffer view(int from) {
    ByteBuf bytes = kept;
    if (bytes == null) {
      return java.nio.ByteBuffer.allocate(0);
    }
    return bytes.nioBuffer(from, bytes.writerIndex() - from);
  }

  /// Takes its messages again, one after the other.
  void replay(java.util.function.Consumer<ByteBuf> messages) {
    ByteBuf bytes = kept;
    if (bytes == null) {
      return;
    }
    int end = bytes.writerIndex();
    for (int at = 0; at + HEADER_BYTES <= end; ) {
      int length = bytes.getInt(at + 1) + 1;
      messages.accept(bytes.retainedSlice(at, length));
      at += length;
    }
  }

  /// It grew beyond what is kept: it can be sent on, but never again.
  void forget() {
    whole = false;
    release();
  }

  void release() {
    ByteBuf bytes = kept;
    kept = null;
    if (bytes != null) {
      bytes.release();
    }
  }
}
