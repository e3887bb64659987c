package dev.baton.lab.history;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client: one step after the other until it is told to stop; what it asked for and was told is
/// noted. A broken connection is replaced, and what was under way on it stays unknown.
abstract class HistoryClient implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(HistoryClient.class);

  /// Serialization failure and deadlock: rolled back, and told so.
  private static final Set<String> ROLLED_BACK = Set.of("40001", "40P01");

  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final Duration RECONNECT_PAUSE = Duration.ofMillis(100);

  private final String url;
  private final Properties properties = new Properties();
  private final List<Write> writes = new ArrayList<>();
  private final List<Read> reads = new ArrayList<>();
  private final AtomicLong steps = new AtomicLong();
  private volatile boolean stopped;

  HistoryClient(Histories.Settings settings, String name, int number) {
    this.url = settings.jdbcUrls().get(number % settings.jdbcUrls().size());
    properties.setProperty("user", settings.user());
    properties.setProperty("password", settings.password());
    properties.setProperty("ApplicationName", "history-" + name + "-" + number);
    properties.setProperty("sslmode", "disable");
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("socketTimeout", "90");
  }

  abstract void step(Connection connection) throws SQLException;

  final void stop() {
    stopped = true;
  }

  final long steps() {
    return steps.get();
  }

  /// When it has ended.
  final List<Write> writes() {
    return writes;
  }

  /// When it has ended.
  final List<Read> reads() {
    return reads;
  }

  @Override
  public final void run() {
    while (!stopped) {
      try (Connection connection = DriverManager.getConnection(url, properties)) {
        while (!stopped) {
          step(connection);
          steps.incrementAndGet();
          LockSupport.parkNanos(PAUSE.toNanos());
        }
      } catch (SQLException e) {
        LOG.info("{}: {}", properties.getProperty("ApplicationName"), e.getMessage());
        LockSupport.parkNanos(RECONNECT_PAUSE.toNanos());
      }
    }
  }

  @FunctionalInterface
  interface Work {
    void run() throws SQLException;
  }

  /// @throws SQLException when the connection is of no more use
  final Told tell(Connection connection, Work work) throws SQLException {
    try {
      work.run();
      return Told.DONE;
    } catch (SQLException e) {
      if (!ROLLED_BACK.contains(String.valueOf(e.getSQLState()))) {
        throw e;
      }
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
      return Told.FAILED;
    }
  }

  final void write(Connection connection, long value, String sql) throws SQLException {
    long began = System.nanoTime();
    Told told = Told.NOTHING;
    try {
      told = tell(connection, () -> update(connection, sql, value));
    } finally {
      writes.add(new Write(value, began, System.nanoTime(), told));
    }
  }

  final void read(Connection connection, String sql) throws SQLException {
    long began = System.nanoTime();
    List<Long> values = numbers(connection, sql);
    reads.add(new Read(values, began, System.nanoTime()));
  }

  static void update(Connection connection, String sql, long... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      statement.executeUpdate();
    }
  }

  static List<Long> numbers(Connection connection, String sql, long... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      List<Long> numbers = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          numbers.add(rows.getLong(1));
        }
      }
      return numbers;
    }
  }

  private static void bind(PreparedStatement statement, long... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setLong(i + 1, values[i]);
    }
  }

  /// The values of a list, in their order.
  static List<Long> list(@Nullable String text) {
    List<Long> values = new ArrayList<>();
    if (text != null && text.length() > 2) {
      for (String value : text.substring(1, text.length() - 1).split(",", -1)) {
        values.add(Long.parseLong(value));
      }
    }
    return values;
  }
}
