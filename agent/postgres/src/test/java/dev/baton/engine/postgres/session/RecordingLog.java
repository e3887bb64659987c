package dev.baton.engine.postgres.session;

import dev.baton.core.route.RequestLog;
import dev.baton.model.LogPosition;
import dev.baton.model.Stamp;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/// Remembers what it was told, as lines.
final class RecordingLog implements RequestLog {
  final List<String> lines = new CopyOnWriteArrayList<>();
  volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

  private void line(String line) {
    lines.add(line);
  }

  @Override
  public LogPosition position() {
    return new LogPosition(0, 0x100);
  }

  @Override
  public void stamped(Stamp stamp, long firstRequest, ByteBuffer request) {
    line(
        "stamped %d.%d of %d at %s: %d bytes"
            .formatted(
                stamp.epoch(),
                stamp.request(),
                firstRequest,
                stamp.position(),
                request.remaining()));
  }

  @Override
  public void identified(long session, long firstRequest, long transaction) {
    line("identified %d as %d".formatted(firstRequest, transaction));
  }

  @Override
  public void ended(long session, long firstRequest, Ending ending) {
    line("ended %d %s".formatted(firstRequest, ending));
  }

  @Override
  public void forwarded(long session, long firstRequest, int requests) {
    line("forwarded %d: %d".formatted(firstRequest, requests));
  }

  @Override
  public CompletionStage<Void> acknowledged(long session, long request, long answersDigest) {
    line("gate %d".formatted(request));
    return gate;
  }
}
