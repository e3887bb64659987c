package dev.baton.engine.postgres.replication;

import dev.baton.model.LogPosition;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Log from before the memory's start, fetched from the home over a connection of its own and
/// passed through: a standby that was away for long asks for it. Confined to the memory's loop.
final class OlderLog {
  /// The home ends a receiver that is silent; nothing is known here of what is flushed.
  private static final long STATUS_SECONDS = 5;

  interface Receiver {
    /// @param data log; valid during the call
    void log(LogPosition at, ByteBuf data);

    /// No more comes.
    void ended(String reason);
  }

  private final Receiver receiver;
  private @Nullable Upstream upstream;
  private boolean closed;

  private OlderLog(Receiver receiver) {
    this.receiver = receiver;
  }

  static OlderLog fetch(
      HomeLink link,
      LogPosition from,
      long timeline,
      java.util.concurrent.ScheduledExecutorService loop,
      Receiver receiver) {
    OlderLog older = new OlderLog(receiver);
    link.openFurther()
        .whenComplete(
            (opened, failure) -> {
              if (older.closed) {
                if (opened != null) {
                  opened.close();
                }
              } else if (opened == null) {
                older.end(String.valueOf(failure.getMessage()));
              } else {
                older.stream(link, opened, from, timeline, loop);
              }
            });
    return older;
  }

  private void stream(
      HomeLink link,
      Upstream opened,
      LogPosition from,
      long timeline,
      java.util.concurrent.ScheduledExecutorService loop) {
    upstream = opened;
    opened
        .copy("START_REPLICATION PHYSICAL " + from + " TIMELINE " + timeline, new Stream())
        .whenComplete(
            (end, failure) -> {
              boolean removed = !closed && WalCapture.isRemoved(failure);
              end(failure == null ? "timeline ended" : String.valueOf(failure.getMessage()));
              if (removed) {
                link.gone(String.valueOf(failure.getMessage()));
              }
            });
    Consumer<Upstream> status = this::status;
    java.util.concurrent.ScheduledFuture<?> repeated =
        loop.scheduleAtFixedRate(
            () -> status.accept(opened), STATUS_SECONDS, STATUS_SECONDS, TimeUnit.SECONDS);
    onClose = () -> repeated.cancel(false);
  }

  private Runnable onClose = () -> {};

  private final class Stream implements Upstream.BothWays {
    @Override
    public void data(ByteBuf data) {
      Upstream current = upstream;
      if (closed || current == null) {
        return;
      }
      switch (data.readByte()) {
        case ReplicationMessages.LOG -> {
          LogPosition at = LogPosition.of(data.readLong());
          data.skipBytes(2 * Long.BYTES);
          receiver.log(at, data);
        }
        case ReplicationMessages.KEEP_ALIVE -> {
          data.skipBytes(2 * Long.BYTES);
          if (data.readByte() != 0) {
            status(current);
          }
        }
        default -> end("unknown message in the stream");
      }
    }
  }

  private void status(Upstream current) {
    if (!closed) {
      LogPosition unknown = LogPosition.ZERO;
      current.sendCopy(out -> ReplicationMessages.status(out, unknown, unknown, unknown, false));
    }
  }

  void autoRead(boolean on) {
    Upstream current = upstream;
    if (current != null) {
      current.autoRead(on);
    }
  }

  private void end(String reason) {
    if (!closed) {
      close();
      receiver.ended(reason);
    }
  }

  void close() {
    closed = true;
    onClose.run();
    Upstream current = upstream;
    if (current != null) {
      current.close();
    }
  }
}
