package dev.baton.engine.postgres.replication;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The tar bytes of a copy on their way from the event loop to the thread that writes files.
/// Bounded: above [#HIGH_BYTES] the sender is stopped, below [#LOW_BYTES] it goes on.
final class BackupStream extends InputStream {
  static final long HIGH_BYTES = 8L << 20;
  static final long LOW_BYTES = 2L << 20;

  private sealed interface Part {}

  /// Owned by the stream, in heap memory.
  private record Bytes(ByteBuffer buffer) implements Part {}

  private record End(@Nullable String failure) implements Part {}

  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private final AtomicLong held = new AtomicLong();
  private final Consumer<Boolean> reading;
  private ByteBuffer current = ByteBuffer.allocate(0);
  private @Nullable End end;

  /// @param reading told false when the sender is to be stopped and true when it may go on, from
  ///   any thread
  BackupStream(Consumer<Boolean> reading) {
    this.reading = reading;
  }

  /// Copies `data`.
  void add(ByteBuf data) {
    ByteBuffer copy = ByteBuffer.allocate(data.readableBytes());
    data.readBytes(copy);
    parts.add(new Bytes(copy.flip()));
    if (held.addAndGet(copy.remaining()) > HIGH_BYTES) {
      reading.accept(false);
    }
  }

  /// @param failure null when everything has come
  void finish(@Nullable String failure) {
    parts.add(new End(failure));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!current.hasRemaining()) {
      if (!next()) {
        return -1;
      }
    }
    int n = Math.min(length, current.remaining());
    current.get(target, offset, n);
    return n;
  }

  private boolean next() throws IOException {
    End over = end;
    if (over == null) {
      switch (take()) {
        case Bytes(ByteBuffer buffer) -> {
          current = buffer;
          int length = buffer.remaining();
          long left = held.addAndGet(-length);
          if (left < LOW_BYTES && left + length >= LOW_BYTES) {
            reading.accept(true);
          }
          return true;
        }
        case End last -> {
          over = last;
          end = last;
        }
      }
    }
    if (over.failure() != null) {
      throw new IOException("the copy broke off: " + over.failure());
    }
    return false;
  }

  private Part take() throws InterruptedIOException {
    try {
      return parts.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while copying a database");
    }
  }
}
