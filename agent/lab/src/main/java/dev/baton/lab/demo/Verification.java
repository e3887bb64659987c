package dev.baton.lab.demo;

import dev.baton.lab.check.ContentComparison;
import dev.baton.lab.check.Damage;
import dev.baton.lab.check.LedgerChecker;
import dev.baton.lab.check.StoredLedger;
import dev.baton.lab.history.Histories;
import dev.baton.lab.load.Load;
import dev.baton.model.view.ServiceView;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// After the load: what is stored against what clients were told, and the home against the standby.
final class Verification {
  private static final Duration PROTECTED_BOUND = Duration.ofSeconds(90);
  private static final Duration CATCH_UP_BOUND = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 20;
  private static final long NOT_COMPARED = -1;

  private final DemoCluster cluster;
  private final List<String> words = new ArrayList<>();
  private long lost;
  private long duplicated;
  private long rowsDiffering;
  private long rowsCompared;
  private long impossible;

  private Verification(DemoCluster cluster) {
    this.cluster = cluster;
  }

  /// @param impossible what clients of the histories were told, and no correct database tells
  /// @param words what is wrong, for people; empty when nothing is
  record Result(
      long lost,
      long duplicated,
      long rowsDiffering,
      long rowsCompared,
      long impossible,
      List<String> words) {}

  static Result run(DemoCluster cluster, @Nullable Load load, @Nullable Histories histories)
      throws IOException, InterruptedException {
    Verification verification = new Verification(cluster);
    verification.verify(load, histories);
    return new Result(
        verification.lost,
        verification.duplicated,
        verification.rowsDiffering,
        verification.rowsCompared,
        verification.impossible,
        List.copyOf(verification.words));
  }

  private void verify(@Nullable Load load, @Nullable Histories histories)
      throws IOException, InterruptedException {
    @Nullable String home = null;
    Optional<String> standby = Optional.empty();
    try {
      ServiceView service = cluster.awaitProtected(PROTECTED_BOUND);
      home = service.home();
      standby =
          service.standbys().stream()
              .filter(each -> each.state().equals("in-sync"))
              .map(ServiceView.StandbyView::host)
              .findFirst();
    } catch (IOException e) {
      words.add("no standby came back: " + e.getMessage());
      home = cluster.control().service(DemoFiles.SERVICE).map(ServiceView::home).orElse(null);
    }
    if (home == null) {
      throw new IOException("nobody knows where the home is");
    }
    try (Connection connection = cluster.admin(home, DemoFiles.DATABASE)) {
      checkLedgers(connection, load);
      checkHistories(connection, histories);
      if (standby.isPresent()) {
        compare(home, standby.get());
      } else {
        rowsDiffering = NOT_COMPARED;
      }
    } catch (SQLException e) {
      throw new IOException("the databases cannot be compared: " + e.getMessage(), e);
    }
  }

  private void checkLedgers(Connection connection, @Nullable Load load) throws SQLException {
    if (load != null) {
      Damage damage = LedgerChecker.check(load.notes(), StoredLedger.read(connection).stream());
      lost = damage.lost();
      duplicated = damage.duplicated();
      words.addAll(damage.examples());
      long halves = StoredLedger.halves(connection);
      if (halves > 0) {
        words.add(halves + " balances or entries are of a transaction that is there in part");
        lost += halves;
      }
    }
  }

  private void checkHistories(Connection connection, @Nullable Histories histories)
      throws SQLException {
    if (histories != null) {
      List<String> found = histories.check(connection);
      impossible = found.size();
      words.addAll(found);
    }
  }

  private void compare(String home, String standby)
      throws SQLException, IOException, InterruptedException {
    awaitCatchUp(home, standby);
    for (String database : databases(home)) {
      try (Connection left = cluster.admin(home, database);
          Connection right = cluster.admin(standby, database)) {
        ContentComparison.Result result = ContentComparison.compare(left, right);
        rowsDiffering += result.rowsDiffering();
        rowsCompared += result.rowsCompared();
        result.tables().forEach(table -> words.add(database + ": " + table));
      }
    }
  }

  private List<String> databases(String home) throws SQLException, IOException {
    try (Connection connection = cluster.admin(home, DemoFiles.DATABASE)) {
      return Stream.of(
              text(
                      connection,
                      "SELECT string_agg(datname, '/') FROM pg_catalog.pg_database"
                          + " WHERE datallowconn AND NOT datistemplate")
                  .split("/"))
          .toList();
    }
  }

  private void awaitCatchUp(String home, String standby)
      throws SQLException, IOException, InterruptedException {
    try (Connection left = cluster.admin(home, DemoFiles.DATABASE);
        Connection right = cluster.admin(standby, DemoFiles.DATABASE)) {
      String end = text(left, "SELECT pg_catalog.pg_current_wal_insert_lsn()");
      long deadline = System.nanoTime() + CATCH_UP_BOUND.toNanos();
      while (!text(right, "SELECT pg_catalog.pg_last_wal_replay_lsn() >= '" + end + "'::pg_lsn")
          .equals("t")) {
        if (System.nanoTime() > deadline) {
          words.add("the standby has not replayed " + end);
          return;
        }
        Thread.sleep(POLL_MILLIS);
      }
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    }
  }
}
