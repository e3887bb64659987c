package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.route.Route.Fate;
import dev.baton.core.route.RouteState;
import dev.baton.model.Durability;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Durability `request`: what the memory acknowledged and the log does not have is replayed.
final class SessionRequestDurabilityTest extends SessionTranscript {
  @Test
  void whatWasAcknowledgedAndIsNotInTheLogIsReplayedAndCommitted() {
    SessionCore session = acknowledged();
    fatesAre(Fate.NOT_COMMITTED);
    loseAndOpen(session);
    assertThat(backend().sent)
        .containsExactly("DEALLOCATE ALL", "BEGIN", "insert into t returning number", "Sync");

    replayAnswers(session, 5);
    assertThat(backend().sent).endsWith("COMMIT", "Sync");
    backend().says(session, complete("COMMIT"), ready('I'), ready('I'));
    assertThat(backend().sent).endsWith("DEALLOCATE ALL", "Sync");
    backend().says(session, complete("DEALLOCATE"), ready('I'), ready('I'));
    assertThat(session.stateName()).isEqualTo("idle");
    assertThat(toClient).as("the client has its answer since long").isEmpty();
    assertThat(log.lines).endsWith("forwarded 1: 1");
    assertThat(tallies.of(2).transactionsReplayed).hasValue(1);
  }

  @Test
  void whatTheLogCoversIsNotReplayed() {
    SessionCore session = acknowledged();
    fatesAre(Fate.COMMITTED);
    loseAndOpen(session);
    assertThat(backend().sent).containsExactly("Sync");
  }

  @Test
  void newWorkWaitsForWhatWasAcknowledged() {
    SessionCore session = acknowledged();
    fatesAre(Fate.NOT_COMMITTED);
    loseAndOpen(session);
    query(session, "select 1");
    assertThat(backend().sent).doesNotContain("select 1");
    replayAnswers(session, 5);
    backend().says(session, complete("COMMIT"), ready('I'), ready('I'));
    backend().says(session, complete("DEALLOCATE"), ready('I'), ready('I'));
    assertThat(backend().sent).contains("select 1");
  }

  @Test
  void anAcknowledgedTransactionThatAnswersOtherwiseIsRolledBackAndCounted() {
    SessionCore session = acknowledged();
    fatesAre(Fate.NOT_COMMITTED);
    loseAndOpen(session);
    backend().says(session, complete("DEALLOCATE"), ready('I'), complete("BEGIN"), ready('T'));
    backend().says(session, error("23505"), ready('E'), ready('E'));
    assertThat(backend().sent).endsWith("ROLLBACK", "Sync").doesNotContain("COMMIT");
    backend().says(session, complete("ROLLBACK"), ready('I'), ready('I'));
    backend().says(session, complete("DEALLOCATE"), ready('I'), ready('I'));
    assertThat(tallies.of(2).failed).hasValue(1);
    assertThat(session.stateName()).isEqualTo("idle");
  }

  @Test
  void aReplayGetsTheGeneratedKeysThatTheClientWasTold() {
    SessionCore session = acknowledged();
    fatesAre(Fate.NOT_COMMITTED);
    loseAndOpen(session);
    replayAnswers(session, 38);
    assertThat(backend().sent.getLast()).contains("pg_sequences").endsWith("IN (38)");

    backend().says(session, complete("ROLLBACK"), ready('I'));
    backend().says(session, row("public.t_number_seq", "1", "38"), complete("SELECT 1"));
    backend().says(session, ready('I'));
    int second = backend().sent.lastIndexOf("DEALLOCATE ALL");
    assertThat(backend().sent.subList(second + 1, backend().sent.size()))
        .satisfiesExactly(
            begin -> assertThat(begin).isEqualTo("BEGIN"),
            lock -> assertThat(lock).isEqualTo("ALTER SEQUENCE public.t_number_seq INCREMENT BY 1"),
            place -> assertThat(place).contains("set_config", "last_value"),
            set -> assertThat(set).isEqualTo("ALTER SEQUENCE public.t_number_seq RESTART WITH 5"),
            work -> assertThat(work).isEqualTo("insert into t returning number"),
            back -> assertThat(back).contains("setval('public.t_number_seq'", "greatest"),
            sync -> assertThat(sync).isEqualTo("Sync"));

    backend().says(session, complete("DEALLOCATE"), ready('I'), complete("BEGIN"), ready('T'));
    backend().says(session, ready('T'), ready('T'), ready('T'));
    backend().says(session, row("5"), complete("INSERT 0 1"), ready('T'), ready('T'), ready('T'));
    assertThat(backend().sent).endsWith("COMMIT", "Sync");
  }

  @Test
  void aGatedCommitThatWasUnderWayIsReplayedInItsPlaceAndAnswered() {
    SessionCore session = gatedCommitSent();
    fatesAre(Fate.NOT_COMMITTED);
    loseAndOpen(session);
    assertThat(backend().sent)
        .containsExactly("DEALLOCATE ALL", "BEGIN", "insert into t returning number", "Sync");
    replayAnswers(session, 5);
    backend().says(session, complete("COMMIT"), ready('I'), ready('I'));
    assertThat(toClient).containsExactly("row 5", "INSERT 0 1", "ready I");
  }

  @Test
  void aGatedCommitThatAnswersOtherwiseIsToldAsRolledBack() {
    SessionCore session = gatedCommitSent();
    fatesAre(Fate.NOT_COMMITTED);
    loseAndOpen(session);
    backend().says(session, complete("DEALLOCATE"), ready('I'), complete("BEGIN"), ready('T'));
    backend().says(session, error("23505"), ready('E'), ready('E'));
    backend().says(session, complete("ROLLBACK"), ready('I'), ready('I'));
    assertThat(toClient).containsExactly("error 40001", "ready I");
  }

  @Test
  void aReplayWhoseCommitWasInterruptedIsNotRepeated() {
    SessionCore session = acknowledged();
    fatesAre(Fate.NOT_COMMITTED);
    loseAndOpen(session);
    replayAnswers(session, 5);
    assertThat(backend().sent).endsWith("COMMIT", "Sync");
    session.backendLost();
    loop.advanceTimeBy(1, TimeUnit.SECONDS);
    loop.runScheduledPendingTasks();
    loop.runPendingTasks();
    assertThat(opened).hasSize(3);
    assertThat(backend().sent).doesNotContain("insert into t returning number");
    assertThat(tallies.of(2).failed).hasValue(1);
  }

  private SessionCore gatedCommitSent() {
    route.set(new RouteState.Open(1, "a", List.of("b"), Durability.REQUEST));
    SessionCore session = begin();
    query(session, "insert into t returning number");
    backend().says(session, complete("BEGIN"), ready('T'), row("5"), complete("INSERT 0 1"));
    backend().says(session, ready('T'), id(77), ready('T'));
    assertThat(log.lines).contains("gate 1");
    assertThat(backend().sent).endsWith("COMMIT");
    return session;
  }

  private SessionCore acknowledged() {
    SessionCore session = gatedCommitSent();
    backend().says(session, complete("COMMIT"), ready('I'));
    assertThat(toClient).containsExactly("row 5", "INSERT 0 1", "ready I");
    toClient.clear();
    return session;
  }

  private void replayAnswers(SessionCore session, int key) {
    backend().says(session, complete("DEALLOCATE"), ready('I'), complete("BEGIN"), ready('T'));
    backend().says(session, row("" + key), complete("INSERT 0 1"), ready('T'), ready('T'));
  }

  private void fatesAre(Fate fate) {
    route.fates =
        transaction -> {
          assertThat(transaction).isEqualTo(77);
          return CompletableFuture.completedFuture(fate);
        };
  }
}
