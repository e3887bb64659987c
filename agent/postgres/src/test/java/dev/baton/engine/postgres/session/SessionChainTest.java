package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.route.Route.Fate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Transactions that begin with the end of another: what was committed is never replayed.
final class SessionChainTest extends SessionTranscript {
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
}
