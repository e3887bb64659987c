package dev.baton.service.control;

import dev.baton.model.view.AuditCheckView;
import dev.baton.model.view.AuditView;
import dev.baton.service.audit.AuditEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Keeps what it is told; its log is intact until a test says otherwise.
public final class FakeAuditDesk implements AuditDesk {
  private final List<AuditEvent> recorded = new ArrayList<>();
  public volatile @Nullable String problem;

  public synchronized List<AuditEvent> recorded() {
    return List.copyOf(recorded);
  }

  @Override
  public synchronized CompletionStage<Void> record(AuditEvent event) {
    recorded.add(event);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public long lost() {
    return 0;
  }

  @Override
  public synchronized CompletionStage<List<AuditView>> entries(int limit) {
    List<AuditView> entries = new ArrayList<>();
    for (AuditEvent event : recorded) {
      entries.addFirst(
          new AuditView(
              entries.size() + 1,
              "a",
              FakeControlSource.NOW,
              event.actor(),
              event.role(),
              event.from(),
              event.action(),
              event.subject(),
              event.request(),
              event.result(),
              event.detail(),
              "0".repeat(64)));
    }
    return CompletableFuture.completedStage(entries);
  }

  @Override
  public CompletionStage<List<AuditCheckView>> check(@Nullable String anchor) {
    return CompletableFuture.completedStage(
        List.of(
            new AuditCheckView(
                "a", problem == null, 2, 1, 2, "f".repeat(64), problem, FakeControlSource.NOW)));
  }
}
