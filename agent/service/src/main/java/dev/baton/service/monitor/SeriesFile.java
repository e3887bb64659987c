package dev.baton.service.monitor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Series over two weeks, a mean a minute, in one SQLite file with a thread of its own. When the
/// disk fails, measuring goes on and only this history suffers, which is told once.
final class SeriesFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SeriesFile.class);
  static final long KEPT_MINUTES = 14 * 24 * 60;
  private static final int MAX_WAITING = 64;

  private final Connection connection;
  private final Map<String, Long> numbers = new HashMap<>(); // of its thread
  private boolean failing; // likewise
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING),
          Thread.ofPlatform().daemon().name("series").factory());

  /// @throws IOException when the file cannot be opened; the message names it
  SeriesFile(Path path) throws IOException {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      connection = DriverManager.getConnection("jdbc:sqlite:" + path);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA synchronous = NORMAL");
        statement.execute(
            "CREATE TABLE IF NOT EXISTS series (number INTEGER PRIMARY KEY, name TEXT UNIQUE)");
        statement.execute(
            "CREATE TABLE IF NOT EXISTS means (minute INTEGER, series INTEGER, mean REAL,"
                + " PRIMARY KEY (series, minute)) WITHOUT ROWID");
        try (ResultSet rows = statement.executeQuery("SELECT name, number FROM series")) {
          while (rows.next()) {
            numbers.put(rows.getString(1), rows.getLong(2));
          }
        }
      }
    } catch (SQLException e) {
      throw new IOException("cannot open the history of measurements in " + path + ": " + e, e);
    }
  }

  /// Keeps the means of one minute, and forgets what is too old.
  void put(long minute, Map<String, Double> means) {
    try {
      thread.execute(() -> write(minute, means));
    } catch (RejectedExecutionException e) {
      LOG.debug("the means of minute {} are not kept: {}", minute, e.toString());
    }
  }

  private void write(long minute, Map<String, Double> means) {
    try {
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT OR REPLACE INTO means VALUES (?, ?, ?)")) {
        for (Map.Entry<String, Double> mean : means.entrySet()) {
          insert.setLong(1, minute);
          insert.setLong(2, number(mean.getKey()));
          insert.setDouble(3, mean.getValue());
          insert.addBatch();
        }
        insert.executeBatch();
      }
      forget(minute - KEPT_MINUTES);
      connection.commit();
      failing = false;
    } catch (SQLException e) {
      if (!failing) {
        failing = true;
        LOG.warn("measurements are not kept on disk: {}", e.toString());
      }
    }
  }

  private long number(String name) throws SQLException {
    Long known = numbers.get(name);
    if (known != null) {
      return known;
    }
    long next = numbers.values().stream().mapToLong(Long::longValue).max().orElse(0) + 1;
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT OR REPLACE INTO series VALUES (?, ?)")) {
      insert.setLong(1, next);
      insert.setString(2, name);
      insert.executeUpdate();
    }
    numbers.put(name, next);
    return next;
  }

  private void forget(long upTo) throws SQLException {
    for (long series : numbers.values()) { // by the key, of which the series is the first part
      try (PreparedStatement delete =
          connection.prepareStatement("DELETE FROM means WHERE series = ? AND minute <= ?")) {
        delete.setLong(1, series);
        delete.setLong(2, upTo);
        delete.executeUpdate();
      }
    }
  }

  /// Minutes `from` to `until`, the last one not included; NaN where nothing is kept.
  CompletionStage<double[]> get(String name, long from, long until) {
    CompletableFuture<double[]> found = new CompletableFuture<>();
    try {
      thread.execute(() -> read(name, from, until, found));
    } catch (RejectedExecutionException e) {
      found.completeExceptionally(e);
    }
    return found;
  }

  private void read(String name, long from, long until, CompletableFuture<double[]> found) {
    double[] values = new double[(int) (until - from)];
    Arrays.fill(values, Double.NaN);
    Long number = numbers.get(name);
    if (number == null) {
      found.complete(values);
      return;
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT minute, mean FROM means WHERE series = ? AND minute >= ? AND minute < ?")) {
      select.setLong(1, number);
      select.setLong(2, from);
      select.setLong(3, until);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          values[(int) (rows.getLong(1) - from)] = rows.getDouble(2);
        }
      }
      found.complete(values);
    } catch (SQLException e) {
      found.completeExceptionally(e);
    }
  }

  @Override
  public void close() {
    thread.close();
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.warn("the history of measurements was not closed: {}", e.toString());
    }
  }
}
