package dev.baton.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.instance.PostgresInstance;
import dev.baton.engine.postgres.instance.ServerBinaries;
import dev.baton.lab.history.Histories;
import dev.baton.lab.load.Load;
import dev.baton.lab.load.Schema;
import dev.baton.lab.load.Workload;
import dev.baton.net.Engine.InstanceSettings;
import dev.baton.testing.Await;
import dev.baton.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The load on a bare database: it finds nothing wrong there, and finds what is then planted.
@Timeout(300)
class LoadIT {
  private static final String USER = "lab";
  private static final String PASSWORD = "lab";
  private static final int CLIENTS = 8;
  private static @TempDir Path directory;
  private static PostgresInstance instance;
  private static int port;
  private Connection connection;
  private Load load;

  @BeforeAll
  static void startServer() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    port = FreePorts.one();
    instance =
        new PostgresInstance(
            new InstanceSettings(
                "lab",
                "a",
                directory.resolve("data"),
                port,
                1,
                USER,
                PASSWORD,
                InstanceSettings.LOG_KEEP_BYTES),
            ServerBinaries.find(null),
            (epoch, home, into, progress) -> {
              throw new IOException("nothing to copy here");
            });
    instance.initialize();
    instance.start();
  }

  @AfterAll
  static void stopServer() throws IOException {
    instance.kill();
    instance.close();
  }

  @BeforeEach
  void runLoad() throws Exception {
    try (Connection admin = open("postgres");
        Statement statement = admin.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS app WITH (FORCE)");
      statement.execute("CREATE DATABASE app");
    }
    connection = open("app");
    Schema.create(connection);
    load =
        new Load(
            new Load.Settings(
                List.of(url("app")), USER, PASSWORD, CLIENTS, Workload.LEDGER, 0, 0, false));
    load.start();
    Await.until(
        "the load makes progress",
        () -> load.tally().acknowledged() >= 400 && load.tally().reads() >= 40);
    assertThat(load.stop(Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void findsNothingWrongWhereNothingIs() throws SQLException {
    assertThat(load.tally().errors()).isZero();
    assertThat(load.tally().reconnects()).isZero();
    assertThat(load.tally().retried()).isZero();
    assertThat(damage()).isEqualTo(new Damage(0, 0, java.util.List.of()));
    assertThat(StoredLedger.halves(connection)).isZero();
    assertThat(load.longestStallMillis()).isPositive();
    assertThat(load.answerMicros().getTotalCount()).isGreaterThan(2_000);
  }

  @Test
  void findsAPlantedLoss() throws SQLException {
    execute("DELETE FROM transfer WHERE number = (SELECT max(number) FROM transfer)");
    assertThat(damage().lost()).isEqualTo(1);
    assertThat(StoredLedger.halves(connection)).isEqualTo(2); // its entries belong to nothing now
  }

  @Test
  void findsAPlantedDoubling() throws SQLException {
    execute("INSERT INTO receipt (id, words) SELECT id, words FROM receipt LIMIT 1");
    assertThat(damage().duplicated()).isEqualTo(1);
  }

  @Test
  void findsAPlantedHalf() throws SQLException {
    execute("DELETE FROM entry WHERE number = (SELECT max(number) FROM entry)");
    assertThat(damage().lost()).isEqualTo(1);
    assertThat(StoredLedger.halves(connection)).isEqualTo(1); // a balance without its entry
  }

  /// The control of the histories: a bare database's are possible; what is then planted is found.
  @Test
  void findsWhatIsPlantedInTheHistoriesOfABareDatabase() throws Exception {
    Histories histories =
        new Histories(new Histories.Settings(List.of(url("app")), USER, PASSWORD, 2, 1));
    histories.start();
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (histories.steps() < 60) {
      assertThat(System.nanoTime()).as("the clients make no progress").isLessThan(deadline);
      Thread.onSpinWait();
    }
    assertThat(histories.stop(Duration.ofSeconds(30))).isTrue();
    assertThat(histories.check(connection)).isEmpty();
    execute("DELETE FROM history_set WHERE value = (SELECT max(value) FROM history_set)");
    execute("UPDATE history_counter SET n = n + 1");
    execute("UPDATE history_register SET value = 0");
    execute("UPDATE history_account SET balance = balance - 1 WHERE id = 1");
    execute("UPDATE history_list SET elements = elements[2:] WHERE cardinality(elements) > 1");
    assertThat(histories.check(connection))
        .anyMatch(found -> found.startsWith("set: "))
        .anyMatch(found -> found.startsWith("counter: "))
        .anyMatch(found -> found.startsWith("register: "))
        .anyMatch(found -> found.startsWith("bank: "))
        .anyMatch(found -> found.startsWith("lists: "));
  }

  @Test
  void findsRowsThatDiffer() throws Exception {
    connection.close();
    try (Connection admin = open("postgres");
        Statement statement = admin.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS twin");
      statement.execute("CREATE DATABASE twin TEMPLATE app");
    }
    connection = open("app");
    try (Connection twin = open("twin");
        Statement statement = twin.createStatement()) {
      ContentComparison.Result same = ContentComparison.compare(connection, twin);
      assertThat(same.rowsDiffering()).isZero();
      assertThat(same.rowsCompared()).isGreaterThan(400);
      statement.execute("UPDATE account SET balance = balance + 1 WHERE id = 1");
      assertThat(ContentComparison.compare(connection, twin).rowsDiffering()).isEqualTo(2);
      statement.execute("INSERT INTO receipt (id, words) SELECT id, words FROM receipt LIMIT 1");
      assertThat(ContentComparison.compare(connection, twin).rowsDiffering()).isEqualTo(3);
      statement.execute("CREATE TABLE only_here ()");
      assertThat(ContentComparison.compare(connection, twin).rowsDiffering()).isEqualTo(4);
    }
  }

  @Test
  void countsBrokenConnections() throws Exception {
    Load broken =
        new Load(
            new Load.Settings(
                List.of(url("app")), USER, PASSWORD, CLIENTS, Workload.LEDGER, 0, CLIENTS, false));
    broken.start();
    Await.until(
        "an error is counted",
        () -> {
          execute(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                  + " WHERE application_name = 'ledger-0'");
          return broken.tally().errors() > 0 && broken.tally().reconnects() > 0;
        });
    assertThat(broken.stop(Duration.ofSeconds(30))).isTrue();
  }

  private Damage damage() throws SQLException {
    return LedgerChecker.check(load.notes(), StoredLedger.read(connection).stream());
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection open(String database) throws SQLException {
    return DriverManager.getConnection(url(database), USER, PASSWORD);
  }

  private static String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }
}
