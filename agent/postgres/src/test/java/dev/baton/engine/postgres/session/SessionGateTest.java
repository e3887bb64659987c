package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.route.RouteState;
import dev.baton.model.Durability;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Durability `request`: a commit is not sent before the memory has its requests.
final class SessionGateTest extends SessionTranscript {
  @Test
  void aCommitIsNotSentWhenTheMemoryDoesNotHaveItsRequests() {
    log.gate = CompletableFuture.failedFuture(new IllegalStateException("full"));
    route.set(new RouteState.Open(1, "a", List.of("b"), Durability.REQUEST));
    SessionCore session = begin();
    query(session, "insert into t values (1)");
    backend().says(session, complete("BEGIN"), ready('T'), complete("INSERT 0 1"), ready('T'));
    backend().says(session, id(77), ready('T'));
    assertThat(toClient).as("asked again, for a while").isEmpty();
    gateGivesUp();
    assertThat(backend().sent).endsWith("ROLLBACK").doesNotContain("COMMIT");
    backend().says(session, complete("ROLLBACK"), ready('I'));
    assertThat(toClient).containsExactly("error 53000", "ready I");
    assertThat(log.lines).endsWith("ended 1 ROLLED_BACK");
    goesOn(session);
  }

  @Test
  void aClientsOwnCommitIsNotSentWhenTheMemoryDoesNotHaveItsRequests() {
    SessionCore session = refusedBlock(() -> log.gate = failedGate());
    query(session, "commit");
    gateGivesUp();
    assertThat(backend().sent).endsWith("ROLLBACK").doesNotContain("commit");
    assertThat(toClient).containsExactly("error 53000", "ready I");
    backend().says(session, complete("ROLLBACK"), ready('I'));
    assertThat(toClient).as("the ROLLBACK is not the client's").hasSize(2);
    goesOn(session);
  }

  @Test
  void aCommitInAPipelineIsNotSentWhenTheMemoryDoesNotHaveItsRequests() {
    SessionCore session = refusedBlock(() -> log.gate = failedGate());
    pipeline(session, "commit", "select 2");
    gateGivesUp();
    assertThat(backend().sent).as("Parse, Bind; ours").endsWith("P", "B", "C");
    assertThat(toClient).containsExactly("error 53000", "ready I");
    backend().says(session, Unpooled.buffer().writeByte('1').writeInt(4));
    backend().says(session, complete("ROLLBACK"), ready('I'));
    goesOn(session);
  }

  @Test
  void aGateThatOpensLaterLetsTheCommitThrough() {
    SessionCore session = refusedBlock(() -> log.gate = failedGate());
    query(session, "commit");
    assertThat(backend().sent).doesNotContain("commit");
    log.gate = CompletableFuture.completedFuture(null);
    gateGivesUp();
    assertThat(backend().sent).endsWith("commit");
    backend().says(session, complete("COMMIT"), ready('I'));
    assertThat(toClient).containsExactly("COMMIT", "ready I");
  }

  /// What the home's going took back is not told as an error of the memory.
  @Test
  void aCommitThatWaitsAtTheGateIsSentAtTheNextHome() {
    SessionCore session = refusedBlock(() -> log.gate = failedGate());
    query(session, "commit");
    loseAndOpen(session);
    gateGivesUp();
    backend().says(session, complete("BEGIN"), ready('T'), complete("UPDATE 1"), ready('T'));
    backend().says(session, id(99), ready('T'), ready('T'));
    assertThat(backend().sent).endsWith("commit");
    assertThat(toClient).doesNotContain("error 53000", "COMMIT");
  }

  private static CompletableFuture<Void> failedGate() {
    return CompletableFuture.failedFuture(new IllegalStateException("full"));
  }

  private SessionCore refusedBlock(Runnable fails) {
    route.set(new RouteState.Open(1, "a", List.of("b"), Durability.REQUEST));
    SessionCore session = openTransaction();
    fails.run();
    toClient.clear();
    return session;
  }

  private void gateGivesUp() {
    for (int i = 0; i < 40; i++) {
      loop.advanceTimeBy(100, TimeUnit.MILLISECONDS);
      loop.runScheduledPendingTasks();
      loop.runPendingTasks();
    }
  }

  private void goesOn(SessionCore session) {
    toClient.clear();
    query(session, "select 1");
    assertThat(backend().sent).contains("select 1");
    backend().says(session, complete("BEGIN"), ready('T'), complete("SELECT 1"), ready('T'));
    backend().says(session, ready('T'), complete("COMMIT"), ready('I'));
    assertThat(toClient).containsExactly("SELECT 1", "ready I");
  }
}
