package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.route.Route.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Open transactions and requests in flight are made anew, in their order.
final class SessionReplayTest extends SessionTranscript {
  @Test
  void anOpenTransactionIsReplayedAndGoesOn() {
    SessionCore session = openTransaction();
    loseAndOpen(session);
    assertThat(backend().sent).containsExactly("begin", "update t set a = 1", QUESTION, "Sync");

    backend().says(session, complete("BEGIN"), ready('T'), complete("UPDATE 1"), ready('T'));
    backend().says(session, id(99), ready('T'), ready('T'));
    toClient.clear();
    query(session, "commit");
    backend().says(session, complete("COMMIT"), ready('I'));
    assertThat(toClient).containsExactly("COMMIT", "ready I");
    assertThat(log.lines).contains("forwarded 1: 2", "identified 1 as 99");
  }

  @Test
  void aReplayThatAnswersOtherwiseIsToldAtTheNextRequest() {
    SessionCore session = openTransaction();
    loseAndOpen(session);
    backend().says(session, complete("BEGIN"), ready('T'), complete("UPDATE 2"), ready('T'));
    backend().says(session, id(99), ready('T'), ready('T'), complete("ROLLBACK"), ready('I'));
    assertThat(toClient).as("an idle client is told nothing").hasSize(4);
    backend().says(session, complete("BEGIN"), ready('T'), error("3B001"), ready('E'), ready('E'));

    toClient.clear();
    query(session, "select 1");
    assertThat(toClient).containsExactly("error 40001", "ready E");
    query(session, "rollback");
    backend().says(session, complete("ROLLBACK"), ready('I'));
    assertThat(toClient).endsWith("ROLLBACK", "ready I");
  }

  /// The client has the row of the first run; without the error the ReadyForQuery alone would let
  /// its driver take the statement for done.
  @Test
  void aRowThatTheRepetitionDoesNotGiveAgainEndsInAnError() {
    String large = "x".repeat(9000);
    repeatedInsert(large, "65");
    assertThat(toClient).containsExactly("row " + large, "error 40001", "ready I");
  }

  @Test
  void aSmallAnswerIsGivenWhenItIsCompleteAndMayBeAnotherUntilThen() {
    SessionCore session = repeatedInsert("33", "65");
    assertThat(toClient).isEmpty();
    backend().says(session, ready('T'), id(99), ready('T'), complete("COMMIT"), ready('I'));
    assertThat(toClient).containsExactly("row 65", "INSERT 0 1", "ready I");
  }

  private SessionCore repeatedInsert(String first, String second) {
    SessionCore session = begin();
    query(session, "insert into t values (1) returning number");
    backend().says(session, complete("BEGIN"), ready('T'), row(first), complete("INSERT 0 1"));
    backend().says(session, ready('T'), id(77), ready('T'));
    route.fates = transaction -> CompletableFuture.completedFuture(Fate.NOT_COMMITTED);
    loseAndOpen(session);
    backend().says(session, ready('I'));
    backend().says(session, complete("BEGIN"), ready('T'), row(second), complete("INSERT 0 1"));
    return session;
  }

  /// A home that loses its postmaster ends the waiting commits, and their locks: another session
  /// may have been given what they wrote, and so on, one after the other.
  @Test
  void whatOthersMayHaveSeenOfACommitIsThereAgainBeforeTheyReplay() {
    long earlier = order.nextPlace();
    order.announcePlace(earlier, false);
    SessionCore session = interruptedCommit(Fate.NOT_COMMITTED);
    List<String> others = new ArrayList<>();
    order.await(RestoreOrder.Turn.OPEN_TRANSACTION, Runnable::run, () -> others.add("replays"));
    loop.runPendingTasks();
    assertThat(backend().sent).as("an earlier one is not there again").isEmpty();

    order.placeDone(earlier);
    loop.runPendingTasks();
    backend().says(session, ready('I'));
    backend().says(session, complete("BEGIN"), ready('T'), complete("INSERT 0 1"), ready('T'));
    backend().says(session, id(99), ready('T'));
    assertThat(backend().sent).endsWith("COMMIT");
    assertThat(others).as("the commit is sent, not answered").isEmpty();

    backend().says(session, complete("COMMIT"), ready('I'));
    assertThat(others).containsExactly("replays");
  }

  /// Run at once, it might lock what an answered request of the other had locked, and wait for the
  /// other's next one.
  @Test
  void aRequestInFlightWaitsForTheReplaysOfOtherSessions() {
    SessionCore session = openTransaction();
    query(session, "update t set a = 2");
    order.announce(RestoreOrder.Turn.OPEN_TRANSACTION);
    loseAndOpen(session);
    backend().says(session, complete("BEGIN"), ready('T'), complete("UPDATE 1"), ready('T'));
    backend().says(session, id(99), ready('T'), ready('T'));
    assertThat(backend().sent).as("its own replay does not wait").contains("update t set a = 1");
    assertThat(backend().sent).doesNotContain("update t set a = 2");

    order.done(RestoreOrder.Turn.OPEN_TRANSACTION);
    loop.runPendingTasks();
    assertThat(backend().sent).contains("update t set a = 2");
  }

  @Test
  void newWorkWaitsForRequestsInFlightOfOtherSessions() {
    SessionCore session = openTransaction();
    order.announce(RestoreOrder.Turn.IN_FLIGHT);
    loseAndOpen(session);
    backend().says(session, complete("BEGIN"), ready('T'), complete("UPDATE 1"), ready('T'));
    backend().says(session, id(99), ready('T'), ready('T'));
    query(session, "select 1");
    assertThat(backend().sent).doesNotContain("select 1");

    order.done(RestoreOrder.Turn.IN_FLIGHT);
    loop.runPendingTasks();
    assertThat(backend().sent).contains("select 1");
  }

  @Test
  void whatComesWhileASessionIsRestoredWaits() {
    SessionCore session = openTransaction();
    loseAndOpen(session);
    query(session, "select 1");
    assertThat(backend().sent).doesNotContain("select 1");
    backend().says(session, complete("BEGIN"), ready('T'), complete("UPDATE 1"), ready('T'));
    backend().says(session, id(99), ready('T'), ready('T'));
    assertThat(backend().sent).endsWith("select 1");
  }
}
