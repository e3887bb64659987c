package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.session.CutPoint.How;
import dev.baton.model.Durability;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;

/// The connection to the database is cut at every point of a commit: before, within and after each
/// batch that is sent and each chunk that comes back. The client is told the truth each time, on
/// its living connection, and what it was told of is there once.
///
/// The same with the server itself killed at some of these points: what it had not written to its
/// log is gone then.
///
/// `-Pnightly` runs it in ten rounds, more than a thousand cuts and some hundred kills.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class InterruptedCommitIT {
  private static final int ROUNDS = Integer.getInteger("baton.interruptions", 1);
  private static final int MAX_POINTS = 60;
  private static final String UNKNOWN = "08007";

  /// Of each story, in each round.
  private static final int KILLS = 2;

  private static final int MAX_KILL_POINT = 12;
  private static MovedSessions moved;
  private static int numbers;

  /// Keys that clients were told, by the number of their row.
  private static final Map<Integer, Long> KEYS = new HashMap<>();

  /// What a client does.
  ///
  /// @param rows that are there afterwards
  /// @param errors SQLSTATEs that it may be told; after one any number up to `rows` may be there
  record Story(String name, String mode, int rows, Set<String> errors, Work work) {
    Story then(Work next) {
      return new Story(
          name,
          mode,
          rows,
          errors,
          (client, number) -> {
            work.run(client, number);
            next.run(client, number);
          });
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @FunctionalInterface
  interface Work {
    void run(Connection client, int number) throws SQLException;
  }

  @BeforeAll
  static void start() throws Exception {
    moved =
        MovedSessions.start(
            Durability.REPLICATION, false, Map.of("max_prepared_transactions", "10"));
    moved.server.ask(
        "create table entry (number int, w text, id bigint generated always as identity)");
    moved.server.ask("create table single (number int unique deferrable initially deferred)");
    moved.server.ask("insert into single values (0)");
    moved.server.ask(
        "create procedure put(n int) language plpgsql as"
            + " 'begin insert into entry values (n); commit; insert into entry values (n); end'");
  }

  @AfterAll
  static void stop() throws Exception {
    moved.close();
  }

  static Stream<Story> stories() {
    return Stream.of(
        story("simple autocommit", true, 1, insert()),
        story("extended autocommit", false, 1, insert()),
        story("autocommit with returning", false, 1, InterruptedCommitIT::returning),
        story("simple autocommit with returning", true, 1, InterruptedCommitIT::returning),
        story("simple block", true, 2, block()),
        story("extended block", false, 2, block()),
        story("pipelined batch", false, 3, InterruptedCommitIT::batch),
        story(
            "several statements",
            true,
            2,
            sql("insert into entry values (%d); insert into entry values (%1$d)")),
        story(
            "block in one text",
            true,
            1,
            sql("begin; insert into entry values (%d); commit"),
            UNKNOWN),
        story(
            "commit within a text",
            true,
            2,
            sql("insert into entry values (%d); commit; insert into entry values (%1$d)"),
            UNKNOWN),
        story("copy", false, 3, InterruptedCommitIT::copy),
        story("call that commits", false, 2, sql("call put(%d)"), UNKNOWN),
        story("two-phase", true, 1, sql("begin"), UNKNOWN)
            .then(sql("insert into entry values (%d)"))
            .then(sql("prepare transaction 't%d'"))
            .then(sql("commit prepared 't%d'")),
        story("commit and chain", true, 1, sql("begin"), "40001")
            .then(sql("insert into entry values (%d)"))
            .then(sql("commit and chain"))
            .then(sql("rollback")),
        story("deferred constraint", false, 0, sql("insert into single values (0)"), "23505"));
  }

  private static Story story(String name, boolean simple, int rows, Work work, String... errors) {
    return new Story(
        name,
        (simple ? "preferQueryMode=simple&" : "") + "socketTimeout=60",
        rows,
        Set.of(errors),
        work);
  }

  private static Work sql(String text) {
    return (client, number) -> {
      try (Statement statement = client.createStatement()) {
        statement.execute(text.formatted(number));
      }
    };
  }

  private static Work insert() {
    return sql("insert into entry values (%d)");
  }

  private static Work block() {
    return (client, number) -> {
      client.setAutoCommit(false);
      try {
        insert().run(client, number);
        returning(client, number);
        client.commit();
      } finally {
        client.setAutoCommit(true);
      }
    };
  }

  /// The key that the client is told is the one that is there.
  private static void returning(Connection client, int number) throws SQLException {
    long key;
    try (Statement statement = client.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "insert into entry values (%d, 'shown') returning id".formatted(number))) {
      rows.next();
      key = rows.getLong(1);
    }
    KEYS.put(number, key);
  }

  private static void batch(Connection client, int number) throws SQLException {
    try (Statement statement = client.createStatement()) {
      for (int i = 0; i < 3; i++) {
        statement.addBatch("insert into entry values (%d)".formatted(number));
      }
      assertThat(statement.executeBatch()).containsExactly(1, 1, 1);
    }
  }

  private static void copy(Connection client, int number) throws SQLException {
    try {
      assertThat(
              client
                  .unwrap(PGConnection.class)
                  .getCopyAPI()
                  .copyIn(
                      "copy entry (number) from stdin",
                      new StringReader("%d\n%1$d\n%1$d\n".formatted(number))))
          .isEqualTo(3);
    } catch (IOException e) {
      throw new SQLException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("stories")
  void theClientIsToldWhatBecameOfIt(Story story) throws Exception {
    int cuts = 0;
    try (Connection client = moved.connect(story.mode())) {
      for (int round = 0; round < ROUNDS; round++) {
        for (How how : How.values()) {
          int point = 1;
          while (point < MAX_POINTS
              && isCut(story, client, point, how, InterruptedCommitIT::lose)) {
            point++;
            cuts++;
          }
          assertThat(point).as("the story has an end").isLessThan(MAX_POINTS);
        }
      }
    }
    assertThat(cuts).as("points of the story").isGreaterThan(5 * ROUNDS);
  }

  @ParameterizedTest
  @MethodSource("stories")
  void theServerIsKilledAndTheClientIsToldWhatBecameOfIt(Story story) throws Exception {
    Random random = new Random(story.name().hashCode());
    int kills = 0;
    try (Connection client = moved.connect(story.mode())) {
      for (int kill = 0; kill < KILLS * ROUNDS; kill++) {
        How how = List.of(How.values()).get(random.nextInt(3));
        int point = 2 + random.nextInt(MAX_KILL_POINT - 1);
        while (point > 0 && !isCut(story, client, point, how, InterruptedCommitIT::kill)) {
          point--; // the story is shorter
        }
        kills += point > 0 ? 1 : 0;
      }
    }
    assertThat(kills).isEqualTo(KILLS * ROUNDS);
  }

  private static CompletableFuture<Void> lose() {
    moved.openNext();
    return CompletableFuture.completedFuture(null);
  }

  private static CompletableFuture<Void> kill() {
    return CompletableFuture.runAsync(moved::crash);
  }

  /// @param then run once the connection is cut, and complete when there is a server again
  /// @return false when the story was over before it came to this point
  private static boolean isCut(
      Story story, Connection client, int point, How how, Supplier<CompletableFuture<Void>> then)
      throws Exception {
    String where = "%s, cut %s point %d".formatted(story, how, point);
    int number = ++numbers;
    CompletableFuture<Void> over = new CompletableFuture<>();
    CutPoint cut =
        new CutPoint(
            point,
            how,
            () ->
                then.get()
                    .whenComplete(
                        (_, failure) -> {
                          if (failure == null) {
                            over.complete(null);
                          } else {
                            over.completeExceptionally(failure);
                          }
                        }));
    moved.front.connector.arm(cut);
    boolean acknowledged = false;
    try {
      story.work().run(client, number);
      acknowledged = true;
    } catch (SQLException e) {
      assertThat(e.getSQLState()).as(where + ": " + e.getMessage()).isIn(story.errors());
    }
    cut.disarm();
    if (cut.isDone()) {
      over.get(60, TimeUnit.SECONDS);
    }
    int rows =
        Integer.parseInt(moved.server.ask("select count(*) from entry where number = " + number));
    if (acknowledged) {
      assertThat(rows).as(where).isEqualTo(story.rows());
      Long key = KEYS.remove(number);
      if (key != null) {
        assertThat(
                moved.server.ask("select id from entry where w = 'shown' and number = " + number))
            .as(where)
            .isEqualTo(key.toString());
      }
    } else {
      assertThat(rows).as(where).isLessThanOrEqualTo(story.rows());
    }
    goesOn(client, where);
    return cut.isDone();
  }

  /// On the same connection, with no transaction left.
  private static void goesOn(Connection client, String where) throws SQLException {
    try (Statement statement = client.createStatement()) {
      statement.execute("rollback");
      try (ResultSet one = statement.executeQuery("select 1")) {
        assertThat(one.next()).as(where).isTrue();
      }
    }
    String left = moved.server.ask("select coalesce(max(gid), '') from pg_prepared_xacts");
    if (!left.isEmpty()) {
      moved.server.ask("rollback prepared '" + left + "'");
    }
  }
}
