package dev.baton.service.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.MoveKind;
import dev.baton.model.MovePhase;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.MoveView.PhaseView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MoveHistoryTest {
  @TempDir Path folder;

  @Test
  void keepsMovesOverARestart() throws IOException {
    try (MoveHistory history = new MoveHistory(folder.resolve("deep/history.db"), _ -> {})) {
      history.put(move("app", 1, "running"));
      history.put(move("app", 1, "done"));
      history.put(move("app", 2, "refused"));
      history.put(move("app2", 7, "done"));
    }
    try (MoveHistory history = new MoveHistory(folder.resolve("deep/history.db"), _ -> {})) {
      assertThat(history.of("app"))
          .containsExactly(move("app", 1, "done"), move("app", 2, "refused"));
      assertThat(history.of("app2")).containsExactly(move("app2", 7, "done"));
    }
  }

  @Test
  void tellsEachMoveOnceWhenItHasEnded() throws IOException {
    List<MoveView> ended = new ArrayList<>();
    try (MoveHistory history = new MoveHistory(folder.resolve("history.db"), ended::add)) {
      history.put(move("app", 1, "running"));
      assertThat(ended).isEmpty();
      history.put(move("app", 1, "done"));
      history.put(move("app", 1, "done")); // the old home has rejoined
      history.put(move("app", 2, "refused"));
    }
    assertThat(ended).extracting(MoveView::outcome).containsExactly("done", "refused");
  }

  @Test
  void whoHasLookedAtAMoveStaysWithIt() throws IOException {
    MoveView.Acknowledgement by =
        new MoveView.Acknowledgement("alice", "as planned", Instant.parse("2026-01-02T08:00:00Z"));
    try (MoveHistory history = new MoveHistory(folder.resolve("history.db"), _ -> {})) {
      history.put(move("app", 1, "done"));
      assertThat(history.acknowledge("app", 2, by)).isEmpty();
      assertThat(history.acknowledge("app", 1, by))
          .hasValue(move("app", 1, "done").acknowledged(by));
      history.put(move("app", 1, "done")); // what the fronts did for it comes late
    }
    try (MoveHistory history = new MoveHistory(folder.resolve("history.db"), _ -> {})) {
      assertThat(history.of("app")).containsExactly(move("app", 1, "done").acknowledged(by));
    }
  }

  /// A move's end is told by the agent that ran it; when that died, the next one says so.
  @Test
  void aMoveThatRanWhenItsAgentEndedHasFailed() throws IOException {
    try (MoveHistory history = new MoveHistory(folder.resolve("history.db"), _ -> {})) {
      history.put(move("app", 1, "running"));
    }
    try (MoveHistory history = new MoveHistory(folder.resolve("history.db"), _ -> {})) {
      assertThat(history.of("app"))
          .singleElement()
          .satisfies(
              move -> {
                assertThat(move.outcome()).isEqualTo("failed");
                assertThat(move.explanation()).contains("ended before the move did");
              });
    }
  }

  private static MoveView move(String service, long id, String outcome) {
    return new MoveView(
        id,
        service,
        MoveKind.FAILOVER,
        "database died",
        "agent a",
        "a",
        "b",
        id + 1,
        1.5,
        80,
        List.of(new PhaseView(MovePhase.HOLD, 2.25)),
        16,
        3,
        7,
        0,
        0,
        outcome,
        null,
        Instant.parse("2026-01-01T12:00:00Z").plusSeconds(id),
        Instant.parse("2026-01-01T12:00:01Z").plusSeconds(id));
  }
}
