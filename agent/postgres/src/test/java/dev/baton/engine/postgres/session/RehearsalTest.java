package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What a spare backend is shown of its session's work.
final class RehearsalTest {
  private static final String BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY";
  private static final String ROLLBACK = "ROLLBACK";

  private final Time time = new Time();
  private final Rehearsal rehearsal = new Rehearsal(time);
  private final SessionState state = new SessionState();
  private final Spare spare = new Spare();

  private List<String> rehearse(String... texts) {
    OpenTransaction transaction = new OpenTransaction(1, true, 0);
    Segment last = new Segment(true, true);
    for (String text : texts) {
      last.keep(ByteBufAllocator.DEFAULT, written(out -> FrontendMessages.query(out, text)))
          .release();
    }
    return rehearse(transaction, last);
  }

  /// What the spare is asked, when it answers each request as it should.
  private List<String> rehearse(OpenTransaction transaction, Segment last) {
    begin(transaction, last);
    while (rehearsal.isUnderWay()) {
      says(
          spare.sent.getLast().equals(ROLLBACK)
              ? TransactionStatus.IDLE
              : TransactionStatus.IN_TRANSACTION);
    }
    return List.copyOf(spare.sent);
  }

  private void begin(String text) {
    Segment last = new Segment(true, true);
    last.keep(ByteBufAllocator.DEFAULT, written(out -> FrontendMessages.query(out, text)))
        .release();
    begin(new OpenTransaction(1, true, 0), last);
  }

  private void begin(OpenTransaction transaction, Segment last) {
    spare.sent.clear();
    rehearsal.rehearse(spare, state, transaction, last);
    last.release();
    transaction.release();
  }

  private void says(TransactionStatus status) {
    takes(written(out -> BackendMessages.readyForQuery(out, status)));
  }

  private void takes(ByteBuf message) {
    assertThat(rehearsal.takes(spare, message)).isTrue();
    message.release();
  }

  @Test
  void aStatementIsPlannedInABlockThatIsRolledBack() {
    assertThat(rehearse("select a from t where b = 1"))
        .containsExactly(BEGIN, "EXPLAIN (GENERIC_PLAN) select a from t where b = 1", ROLLBACK);
  }

  @Test
  void aKindOfStatementIsPlannedOnce() {
    rehearse("update t set a = 5 where b = 'x'");
    assertThat(rehearse("update t set a = 6 where b = 'y'")).as("other constants").isEmpty();
    assertThat(rehearse("update t set c = 6 where b = 'y'")).as("another column").hasSize(3);
  }

  @Test
  void whatAPreparedStatementRunsIsPlannedWhenItIsBound() {
    OpenTransaction transaction = new OpenTransaction(1, true, 0);
    ByteBuf parse = written(out -> FrontendMessages.parse(out, "S_1", "select $1", List.of()));
    Script script = StatementScanner.scan("select $1", true);
    transaction.uses(new SessionState.Prepared("S_1", "select $1", script, parse));
    Segment last = new Segment(false, true);
    last.keep(
            ByteBufAllocator.DEFAULT,
            written(out -> FrontendMessages.bind(out, "", "S_1", List.of())))
        .release();
    assertThat(rehearse(transaction, last)).contains("EXPLAIN (GENERIC_PLAN) select $1");
  }

  @Test
  void whatExplainCannotTakeOrWouldRunIsLeftOut() {
    assertThat(
            rehearse(
                "begin",
                "select 1; delete from t",
                "call p()",
                "copy t to stdout",
                "create table u ()",
                "explain analyze delete from t",
                "vacuum",
                "select '" + "x".repeat(9_000) + "'"))
        .isEmpty();
  }

  @Test
  void aServerThatPlansNoParametersIsAskedForTheRest() {
    spare.version = "15.4 (Debian 15.4-1)";
    assertThat(rehearse("select $1", "select 1 from t"))
        .containsExactly(BEGIN, "EXPLAIN select 1 from t", ROLLBACK);
  }

  @Test
  void namesAreFoundAsTheSessionFindsThem() {
    run("set search_path = mine");
    run("prepare p as select 1");
    run("listen c");
    assertThat(rehearse("select 1 from t")).startsWith(BEGIN, "set search_path = mine").hasSize(4);
  }

  private void run(String sql) {
    state.ran(sql, StatementScanner.scan(sql, true).statements().getFirst(), false, null);
  }

  @Test
  void whatFailsEndsIt() {
    begin("select 1 from t; select 2");
    assertThat(rehearsal.isUnderWay()).isFalse();
    begin("select 1 from gone");
    says(TransactionStatus.IN_TRANSACTION);
    says(TransactionStatus.FAILED);
    says(TransactionStatus.IDLE);
    assertThat(spare.sent).endsWith(ROLLBACK);
    assertThat(rehearsal.isUnderWay()).isFalse();
  }

  @Test
  void aSpareThatLetsNobodyBeginIsLeftAlone() {
    begin("select 1 from t");
    says(TransactionStatus.IDLE);
    assertThat(spare.sent).containsExactly(BEGIN);
    assertThat(rehearsal.isUnderWay()).isFalse();
  }

  /// What the session asks comes behind the end of the block, and gets its own answers.
  @Test
  void aSpareThatIsTakenEndsItsBlockFirst() {
    begin("select 1 from t");
    says(TransactionStatus.IN_TRANSACTION);
    rehearsal.handOver(spare);
    assertThat(spare.sent).hasSize(3).endsWith(ROLLBACK);
    takes(written(out -> BackendMessages.commandComplete(out, "EXPLAIN")));
    says(TransactionStatus.IN_TRANSACTION);
    takes(written(out -> BackendMessages.commandComplete(out, ROLLBACK)));
    says(TransactionStatus.IDLE);
    ByteBuf first = written(out -> BackendMessages.commandComplete(out, "BEGIN"));
    assertThat(rehearsal.takes(spare, first)).as("the session's own").isFalse();
    first.release();
    assertThat(spare.sent).hasSize(3);
  }

  @Test
  void aSpareThatIsTakenWhenAllIsDoneIsAskedNothing() {
    rehearse("select 1 from t");
    spare.sent.clear();
    rehearsal.handOver(spare);
    assertThat(spare.sent).isEmpty();
  }

  @Test
  void isDueAfterAPauseThatGrowsWhileNothingIsNew() {
    assertThat(rehearsal.isDue()).as("a spare that was just made").isFalse();
    time.pass(200);
    assertThat(rehearsal.isDue()).isTrue();
    begin("select 1 from t");
    time.pass(200);
    assertThat(rehearsal.isDue()).as("while answers are to come").isFalse();
    rehearsal.handOver(spare);
    says(TransactionStatus.IN_TRANSACTION);
    says(TransactionStatus.IDLE);
    assertThat(rehearsal.isDue()).isTrue();
    rehearse("select 2 from t");
    time.pass(200);
    assertThat(rehearsal.isDue()).as("nothing was new").isFalse();
    time.pass(200);
    assertThat(rehearsal.isDue()).isTrue();
  }

  @Test
  void aSessionOfCountlessKindsIsRehearsedInPart() {
    int transactions = 0;
    for (time.pass(200); rehearsal.isDue(); time.pass(60_000)) {
      rehearse("select a" + transactions++ + " from t");
      assertThat(transactions).isLessThan(1_000);
    }
    assertThat(transactions).isGreaterThan(32);
  }

  private static ByteBuf written(Consumer<ByteBuf> writer) {
    ByteBuf out = Unpooled.buffer();
    writer.accept(out);
    return out;
  }

  private static final class Time implements SessionClock {
    private long nanos;

    void pass(long millis) {
      nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public long nowNanos() {
      return nanos;
    }

    @Override
    public Timer after(long millis, Runnable task) {
      throw new UnsupportedOperationException("a rehearsal has no timer");
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }
  }

  private static final class Spare implements BackendPort {
    final List<String> sent = new ArrayList<>();
    String version = "18.0";

    @Override
    public String host() {
      return "b";
    }

    @Override
    public long epoch() {
      return 1;
    }

    @Override
    public Map<String, String> parameters() {
      return Map.of("server_version", version);
    }

    @Override
    public void write(ByteBuf message) {
      sent.add(FrontendMessages.readQuery(message));
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
