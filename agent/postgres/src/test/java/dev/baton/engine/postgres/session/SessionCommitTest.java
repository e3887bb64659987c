package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.route.Route.Fate;
import dev.baton.engine.postgres.wire.FrontendMessages;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A commit, and what its client is told when it is interrupted.
final class SessionCommitTest extends SessionTranscript {
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
  void aClientThatFlushesIsGivenWhatThereIs() {
    SessionCore session = openTransaction();
    toClient.clear();
    session.clientMessage(written(out -> FrontendMessages.parse(out, "", "select 1", List.of())));
    session.clientMessage(written(FrontendMessages::flush));
    backend().says(session, Unpooled.buffer().writeByte('1').writeInt(4));
    assertThat(toClient).containsExactly("1");
  }

  @Test
  void withoutAStandbyRequestsArePassedOnAsTheyCome() {
    route.set(open(1, "a"));
    SessionCore session = begin();
    query(session, "insert into t values (1)");
    assertThat(backend().sent).containsExactly("insert into t values (1)");
    assertThat(log.lines).isEmpty();
  }
}
