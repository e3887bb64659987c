package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.route.Route.Fate;
import dev.baton.core.route.Route.LossVerdict;
import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.TransactionStatus;
import dev.baton.model.Durability;
import dev.baton.net.AccessPolicy;
import dev.baton.net.BackendConnector.Purpose;
import dev.baton.net.FrontSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Transcripts of one session: what goes to the backend, what the client gets.
final class SessionCoreTest {
  private static final RouteState GUARDED = open(1, "a", "b");
  private static final String QUESTION = "FunctionCall";

  private final EmbeddedChannel loop = new EmbeddedChannel();
  private final RestoreOrder order = new RestoreOrder(loop.eventLoop(), 100);
  private final RecordingLog log = new RecordingLog();
  private final ScriptedRoute route = new ScriptedRoute(GUARDED);
  private final List<String> toClient = new ArrayList<>();
  private final List<Backend> opened = new ArrayList<>();
  private final MoveTallies tallies = new MoveTallies();
  private final List<Integer> stampsBeforeSent = new ArrayList<>();
  private boolean closed;

  private static RouteState open(long epoch, String home, String... standbys) {
    return new RouteState.Open(epoch, home, List.of(standbys), Durability.REPLICATION);
  }

  @Test
  void anAutocommittedStatementIsCommittedOnlyWhenItsIdIsKnown() {
    SessionCore session = begin();
    query(session, "insert into t values (1)");
    assertThat(backend().sent).containsExactly("BEGIN", "insert into t values (1)", QUESTION);
    String stamped = "stamped 1.1 of 1 at %s: 30 bytes".formatted(log.position());
    assertThat(log.lines).as("epoch, request, position").containsExactly(stamped);
    assertThat(stampsBeforeSent.getFirst()).as("stamped before anything of it is sent").isOne();

    backend().says(session, complete("BEGIN"), ready('T'), complete("INSERT 0 1"), ready('T'));
    assertThat(toClient).as("nothing says success before the commit").isEmpty();
    backend().says(session, id(77), ready('T'));
    assertThat(backend().sent).endsWith("COMMIT");
    assertThat(log.lines).contains("identified 1 as 77");

    backend().says(session, complete("COMMIT"), ready('I'));
    assertThat(toClient).containsExactly("INSERT 0 1", "ready I");
    assertThat(log.lines).endsWith("ended 1 COMMITTED");
  }

  /// From its first message to the last of the answer, whatever happens in between.
  @Test
  void whatAClientWaitsForIsMeasured() {
    loop.freezeTime();
    SessionCore session = openTransaction();
    tallies.latency.sinceLast(null);
    query(session, "update t set a = 2");
    loop.advanceTimeBy(300, TimeUnit.MILLISECONDS);
    backend().says(session, complete("UPDATE 1"), ready('T'));
    var waited = tallies.latency.sinceLast(null);
    assertThat(waited.getTotalCount()).isEqualTo(1);
    assertThat(waited.getMaxValue()).isBetween(297_000L, 303_000L);
  }

  @Test
  void whatAClientWaitsForDuringAMoveIsMeasuredToo() {
    interruptedCommit(Fate.COMMITTED);
    assertThat(tallies.latency.sinceLast(null).getTotalCount()).isEqualTo(1);
  }

  @Test
  void anErrorAtTheCommitIsSeenAlone() {
    SessionCore session = begin();
    query(session, "insert into t values (1)");
    backend().says(session, complete("BEGIN"), ready('T'), complete("INSERT 0 1"), ready('T'));
    backend().says(session, id(77), ready('T'), error("23505"), ready('I'));
    assertThat(toClient).containsExactly("error 23505", "ready I");
    assertThat(log.lines).endsWith("ended 1 ROLLED_BACK");
  }

  /// Its client has the error: a repetition might succeed, or leave the client without an end.
  @Test
  void aCommitThatWasRefusedIsNotRepeatedWhenTheBackendIsLostRightThen() {
    SessionCore session = begin();
    query(session, "insert into t values (1)");
    backend().says(session, complete("BEGIN"), ready('T'), complete("INSERT 0 1"), ready('T'));
    backend().says(session, id(77), ready('T'), error("23505"));
    loseAndOpen(session);
    assertThat(toClient).containsExactly("error 23505", "ready I");
    assertThat(backend().sent).doesNotContain("insert into t values (1)");
    assertThat(log.lines).endsWith("ended 1 ROLLED_BACK");
  }

  @Test
  void anInterruptedCommitThatSucceededIsAnsweredAndNotRepeated() {
    SessionCore session = interruptedCommit(Fate.COMMITTED);
    assertThat(toClient).containsExactly("INSERT 0 1", "ready I");
    assertThat(backend().sent).doesNotContain("insert into t values (1)");
    assertThat(session.stateName()).isEqualTo("idle");
  }

  /// Half of the answer came in: what is made up must not begin anew.
  @Test
  void theAnswerToAnInterruptedCommitIsContinuedWhereItStopped() {
    SessionCore session = openTransaction();
    session.clientMessage(written(out -> FrontendMessages.parse(out, "", "commit", List.of())));
    bindAndExecute(session, "");
    route.fates = transaction -> CompletableFuture.completedFuture(Fate.COMMITTED);
    toClient.clear();
    backend().says(session, Unpooled.buffer().writeByte('1').writeInt(4));
    backend().says(session, Unpooled.buffer().writeByte('2').writeInt(4));
    loseAndOpen(session);
    assertThat(toClient).containsExactly("1", "2", "COMMIT", "ready I");
  }

  /// The client is told that its COMMIT is prepared, by an answer that no server gave.
  @Test
  void aStatementThatAnInterruptedCommitPreparedIsMadeAgain() {
    SessionCore session = openTransaction();
    session.clientMessage(written(out -> FrontendMessages.parse(out, "S_1", "commit", List.of())));
    bindAndExecute(session, "S_1");
    route.fates = transaction -> CompletableFuture.completedFuture(Fate.COMMITTED);
    toClient.clear();
    loseAndOpen(session);
    assertThat(toClient).containsExactly("1", "2", "COMMIT", "ready I");
    backend().says(session, ready('I'));
    bindAndExecute(session, "S_1");
    assertThat(backend().sent).containsSubsequence("P", "B", "E");
  }

  private static void bindAndExecute(SessionCore session, String statement) {
    session.clientMessage(written(out -> FrontendMessages.bind(out, "", statement, List.of())));
    session.clientMessage(written(out -> FrontendMessages.execute(out, "", 0)));
    session.clientMessage(written(FrontendMessages::sync));
  }

  @Test
  void anInterruptedCommitThatDidNotSucceedIsRepeated() {
    interruptedCommit(Fate.NOT_COMMITTED);
    assertThat(toClient).isEmpty();
    assertThat(backend().sent).endsWith("BEGIN", "insert into t values (1)", QUESTION);
  }

  @Test
  void anInterruptedCommitWhoseIdCouldNotBeKnownIsToldAsUnknown() {
    SessionCore session = begin();
    query(session, "call p()");
    loseAndOpen(session);
    assertThat(toClient).containsExactly("error 08007", "ready I");
    assertThat(backend().sent).as("never run twice").doesNotContain("call p()");
  }

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

  @Test
  void aClientThatFlushesIsGivenWhatThereIs() {
    SessionCore session = openTransaction();
    toClient.clear();
    session.clientMessage(written(out -> FrontendMessages.parse(out, "", "select 1", List.of())));
    session.clientMessage(written(FrontendMessages::flush));
    backend().says(session, Unpooled.buffer().writeByte('1').writeInt(4));
    assertThat(toClient).containsExactly("1");
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

  @Test
  void whatACommitAndChainCommittedIsNeverReplayed() {
    SessionCore session = chainedTransaction("commit and chain", complete("COMMIT"));
    assertThat(log.lines).endsWith("ended 1 COMMITTED");
    query(session, "update t set a = 2");
    assertThat(backend().sent).as("another transaction has another id").endsWith(QUESTION);
    backend().says(session, complete("UPDATE 1"), ready('T'), id(78), ready('T'));
    assertThat(log.lines).endsWith("identified 4 as 78");
    isToldOnceAndNothingIsReplayed(session);
  }

  @Test
  void whatATextCommittedBeforeItBeganTheNextBlockIsNeverReplayed() {
    SessionCore session =
        chainedTransaction("commit; begin", complete("COMMIT"), complete("BEGIN"));
    assertThat(log.lines).endsWith("ended 1 COMMITTED");
    isToldOnceAndNothingIsReplayed(session);
  }

  @Test
  void whatAPipelineCommittedBeforeItBeganTheNextBlockIsNeverReplayed() {
    SessionCore session = openTransaction();
    pipeline(session, "commit", "begin");
    backend().says(session, Unpooled.buffer().writeByte('1').writeInt(4));
    backend().says(session, Unpooled.buffer().writeByte('2').writeInt(4), complete("COMMIT"));
    backend().says(session, Unpooled.buffer().writeByte('1').writeInt(4));
    backend().says(session, Unpooled.buffer().writeByte('2').writeInt(4), complete("BEGIN"));
    backend().says(session, ready('T'));
    assertThat(toClient).endsWith("COMMIT", "1", "2", "BEGIN", "ready T");
    assertThat(log.lines).endsWith("ended 1 COMMITTED");
    isToldOnceAndNothingIsReplayed(session);
  }

  @Test
  void aRollbackThatChainsEndsTheTransactionAsRolledBack() {
    SessionCore session = chainedTransaction("rollback and chain", complete("ROLLBACK"));
    assertThat(log.lines).endsWith("ended 1 ROLLED_BACK");
    isToldOnceAndNothingIsReplayed(session);
  }

  /// Told that it stands in the block that the COMMIT began, and at its next request that this is
  /// rolled back: an answer that says "idle" would have the client's next statements commit alone.
  @Test
  void anInterruptedCommitAndChainThatSucceededIsAnsweredAsOne() {
    SessionCore session = openTransaction();
    query(session, "commit and chain");
    toClient.clear();
    route.fates = transaction -> CompletableFuture.completedFuture(Fate.COMMITTED);
    loseAndOpen(session);
    assertThat(toClient).containsExactly("COMMIT", "ready T");
    assertThat(log.lines).endsWith("ended 1 COMMITTED");
    assertThat(backend().sent).doesNotContain("update t set a = 1", "commit and chain");
    standsFailed(session);
  }

  @Test
  void anInterruptedCommitAndChainThatDidNotSucceedIsRepeated() {
    SessionCore session = openTransaction();
    query(session, "commit and chain");
    toClient.clear();
    route.fates = transaction -> CompletableFuture.completedFuture(Fate.NOT_COMMITTED);
    loseAndOpen(session);
    backend().says(session, complete("BEGIN"), ready('T'), complete("UPDATE 1"), ready('T'));
    backend().says(session, id(99), ready('T'), ready('T'));
    assertThat(backend().sent).endsWith("commit and chain");
    backend().says(session, complete("COMMIT"), ready('T'));
    assertThat(toClient).containsExactly("COMMIT", "ready T");
    assertThat(log.lines).endsWith("ended 1 COMMITTED");
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

  @Test
  void keepAlivesGoOnlyToAClientThatIsOwedAnAnswer() {
    SessionCore idle = begin();
    backend().listener.lost();
    loop.runPendingTasks();
    loop.advanceTimeBy(1000, TimeUnit.MILLISECONDS);
    loop.runScheduledPendingTasks();
    assertThat(toClient).isEmpty();

    query(idle, "select 1");
    loop.advanceTimeBy(1000, TimeUnit.MILLISECONDS);
    loop.runScheduledPendingTasks();
    assertThat(toClient).isNotEmpty().containsOnly("application_name=psql");
  }

  @Test
  void aClientThatIsHeldTooLongIsToldAndClosed() {
    SessionCore session = begin();
    session.backendLost();
    loop.runPendingTasks();
    loop.advanceTimeBy(21, TimeUnit.SECONDS);
    loop.runScheduledPendingTasks();
    assertThat(toClient).containsExactly("error 08006");
    assertThat(closed).isTrue();
  }

  @Test
  void aBackendThatWasEndedAloneEndsItsClientWithTheServersWords() {
    route.verdict = LossVerdict.SESSION_ENDED;
    SessionCore session = begin();
    backend().says(session, fatal("57P01"));
    assertThat(toClient).as("kept back until it is known what it means").isEmpty();
    session.backendLost();
    loop.runPendingTasks();
    assertThat(toClient).containsExactly("error 57P01");
    assertThat(closed).isTrue();
  }

  @Test
  void whileDrainingOnlyOpenTransactionsGoOn() {
    SessionCore session = begin();
    session.routeChanged(new RouteState.Draining(1, "a", 100));
    query(session, "select 1");
    assertThat(backend().sent).doesNotContain("select 1");
    session.routeChanged(GUARDED);
    assertThat(backend().sent).contains("select 1");
  }

  @Test
  void withoutAStandbyRequestsArePassedOnAsTheyCome() {
    route.set(open(1, "a"));
    SessionCore session = begin();
    query(session, "insert into t values (1)");
    assertThat(backend().sent).containsExactly("insert into t values (1)");
    assertThat(log.lines).isEmpty();
  }

  // Durability `request`.

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

  // A gate that fails.

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

  // The pieces of the stories.

  private SessionCore interruptedCommit(Fate fate) {
    SessionCore session = begin();
    query(session, "insert into t values (1)");
    backend().says(session, complete("BEGIN"), ready('T'), complete("INSERT 0 1"), ready('T'));
    backend().says(session, id(77), ready('T'));
    route.fates =
        transaction -> {
          assertThat(transaction).isEqualTo(77);
          return CompletableFuture.completedFuture(fate);
        };
    loseAndOpen(session);
    backend().says(session, ready('I'));
    return session;
  }

  private SessionCore openTransaction() {
    SessionCore session = begin();
    query(session, "begin");
    backend().says(session, complete("BEGIN"), ready('T'));
    query(session, "update t set a = 1");
    backend().says(session, complete("UPDATE 1"), ready('T'), id(77), ready('T'));
    return session;
  }

  private SessionCore chainedTransaction(String sql, ByteBuf... answer) {
    SessionCore session = openTransaction();
    query(session, sql);
    backend().says(session, answer);
    backend().says(session, ready('T'));
    return session;
  }

  private void isToldOnceAndNothingIsReplayed(SessionCore session) {
    assertThat(session.movability().movable()).isFalse();
    toClient.clear();
    loseAndOpen(session);
    assertThat(backend().sent).doesNotContain("begin", "update t set a = 1", "commit; begin");
    standsFailed(session);
  }

  /// The new backend holds a failed block; the client learns of it by its next request.
  private void standsFailed(SessionCore session) {
    backend().says(session, complete("BEGIN"), ready('T'), error("3B001"), ready('E'), ready('E'));
    toClient.clear();
    query(session, "select 1");
    assertThat(toClient).containsExactly("error 40001", "ready E");
    query(session, "rollback");
    backend().says(session, complete("ROLLBACK"), ready('I'));
    assertThat(toClient).endsWith("ROLLBACK", "ready I");
  }

  private void loseAndOpen(SessionCore session) {
    session.backendLost();
    loop.runPendingTasks();
    route.set(open(2, "b"));
    session.routeChanged(route.state());
    for (int i = 0; i < 5; i++) {
      loop.runPendingTasks();
    }
  }

  private SessionCore begin() {
    FrontSettings settings =
        new FrontSettings(
            "test",
            "f",
            new InetSocketAddress(0),
            AccessPolicy.PASSWORD,
            "",
            "",
            1 << 20,
            1 << 20,
            20_000,
            100,
            1000,
            false,
            10,
            10);
    loop.freezeTime();
    FrontShared shared =
        new FrontShared(settings, route, log, tallies, order, new BindingFunctions());
    SessionCore session =
        new SessionCore(
            shared,
            1,
            new Client(),
            (host, epoch, purpose, listener) -> {
              if (purpose == Purpose.WORK) {
                listener.opened(new Backend(host, epoch, listener));
              }
            },
            new LoopClock(loop.eventLoop()),
            ByteBufAllocator.DEFAULT);
    Backend first =
        new Backend(
            "a",
            1,
            new BackendEvents(session) {
              @Override
              public void opened(BackendPort backend) {}

              @Override
              public void refused(String why) {}
            });
    session.begin(first);
    return session;
  }

  private Backend backend() {
    return opened.getLast();
  }

  private static void query(SessionCore session, String sql) {
    ByteBuf out = Unpooled.buffer();
    FrontendMessages.query(out, sql);
    session.clientMessage(out);
    session.clientReadComplete();
  }

  private static void pipeline(SessionCore session, String... statements) {
    for (String sql : statements) {
      session.clientMessage(written(out -> FrontendMessages.parse(out, "", sql, List.of())));
      session.clientMessage(written(out -> FrontendMessages.bind(out, "", "", List.of())));
      session.clientMessage(written(out -> FrontendMessages.execute(out, "", 0)));
    }
    session.clientMessage(written(FrontendMessages::sync));
    session.clientReadComplete();
  }

  private static ByteBuf written(Consumer<ByteBuf> writer) {
    ByteBuf out = Unpooled.buffer();
    writer.accept(out);
    return out;
  }

  private static ByteBuf complete(String tag) {
    return written(out -> BackendMessages.commandComplete(out, tag));
  }

  private static ByteBuf ready(char status) {
    return written(
        out ->
            BackendMessages.readyForQuery(
                out,
                switch (status) {
                  case 'I' -> TransactionStatus.IDLE;
                  case 'T' -> TransactionStatus.IN_TRANSACTION;
                  default -> TransactionStatus.FAILED;
                }));
  }

  private static ByteBuf row(String... values) {
    return written(out -> BackendMessages.dataRow(out, List.of(values)));
  }

  private static ByteBuf id(long transaction) {
    return Unpooled.buffer().writeByte('V').writeInt(16).writeInt(8).writeLong(transaction);
  }

  private static ByteBuf error(String code) {
    return written(ErrorFields.error(code, "x")::writeError);
  }

  private static ByteBuf fatal(String code) {
    return written(ErrorFields.fatal(code, "x")::writeError);
  }

  private static String printed(ByteBuf message) {
    return switch ((char) message.getByte(message.readerIndex())) {
      case 'C' -> BackendMessages.readCommandComplete(message);
      case 'Z' -> "ready " + (char) message.getByte(message.readerIndex() + 5);
      case 'D' -> "row " + String.join(",", BackendMessages.readDataRow(message));
      case 'E' -> "error " + ErrorFields.read(message).code();
      case 'S' -> {
        BackendMessages.ParameterStatus status = BackendMessages.readParameterStatus(message);
        yield status.name() + "=" + status.value();
      }
      default -> "" + (char) message.getByte(message.readerIndex());
    };
  }

  private final class Client implements ClientPort {
    @Override
    public void write(ByteBuf message) {
      toClient.add(printed(message));
      message.release();
    }

    @Override
    public void flush() {}

    @Override
    public void reading(boolean on) {}

    @Override
    public void close() {
      closed = true;
    }
  }

  private final class Backend implements BackendPort {
    final List<String> sent = new ArrayList<>();
    final BackendSource.Listener listener;
    private final String host;
    private final long epoch;

    Backend(String host, long epoch, BackendSource.Listener listener) {
      this.host = host;
      this.epoch = epoch;
      this.listener = listener;
      opened.add(this);
    }

    void says(SessionCore session, ByteBuf... messages) {
      for (ByteBuf message : messages) {
        session.backendMessage(message);
      }
      session.backendReadComplete();
      loop.runPendingTasks();
    }

    @Override
    public String host() {
      return host;
    }

    @Override
    public long epoch() {
      return epoch;
    }

    @Override
    public Map<String, String> parameters() {
      return Map.of("application_name", "psql");
    }

    @Override
    public void write(ByteBuf message) {
      stampsBeforeSent.add(log.lines.size());
      sent.add(
          switch ((char) message.getByte(message.readerIndex())) {
            case 'Q' -> FrontendMessages.readQuery(message);
            case 'F' -> QUESTION;
            case 'S' -> "Sync";
            default -> "" + (char) message.getByte(message.readerIndex());
          });
      message.release();
    }

    @Override
    public void flush() {}

    @Override
    public void reading(boolean on) {}

    @Override
    public void cancel() {}

    @Override
    public void close() {}
  }
}
