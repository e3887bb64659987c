package dev.baton.lab.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client: writes and reads until it is told to stop, repeats what was rolled back with 40001,
/// as every application must, and takes any other error for what it is.
final class LedgerClient implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerClient.class);
  private static final String SERIALIZATION_FAILURE = "40001";
  private static final int MAX_REPEATS = 100;
  private static final Duration RECONNECT_PAUSE = Duration.ofMillis(100);
  private static final long MAX_AMOUNT = 100;
  private static final Duration SETTLE_BOUND = Duration.ofSeconds(30);

  private static final String OTHERS_OF_THIS_CLIENT =
      "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE pid <> pg_backend_pid()"
          + " AND application_name = current_setting('application_name')";

  /// Begun, and not told to be over.
  private record Undecided(long id, Kind kind) {}

  private final ClientProfile profile;
  private final Load.Settings settings;
  private final Ledger ledger;
  private final Tally tally;
  private final Asking asking;
  private final RandomGenerator random;
  private volatile boolean stopped;
  private volatile boolean frontLost;
  private volatile int frontPort;
  private @Nullable Connection connection;
  private boolean connectedBefore;
  private long lastAcknowledged;
  private @Nullable Undecided undecided;

  LedgerClient(
      ClientProfile profile, Load.Settings settings, Ledger ledger, Tally tally, Stalls stalls) {
    this.profile = profile;
    this.settings = settings;
    this.ledger = ledger;
    this.tally = tally;
    this.asking = new Asking(stalls);
    this.random = new SplittableRandom(settings.firstLedger() + profile.number());
  }

  void stop() {
    stopped = true;
  }

  /// The front at `port` is killed: when this client is connected to it, what breaks until it is
  /// connected again is not an error.
  ///
  /// @return whether it is
  boolean frontLost(int port) {
    boolean mine = frontPort == port;
    frontLost |= mine;
    return mine;
  }

  @Override
  public void run() {
    while (!stopped) {
      try {
        Connection open = connected();
        settle(open);
        while (!stopped) {
          step(open);
          if (settings.thinkMicros() > 0) {
            LockSupport.parkNanos(random.nextLong(2 * settings.thinkMicros()) * 1_000);
          }
        }
      } catch (SQLException e) {
        failed(e);
      }
    }
    disconnect();
  }

  private Connection connected() throws SQLException {
    Connection open = connection;
    if (open != null) {
      return open;
    }
    Properties properties = profile.properties();
    properties.setProperty("user", settings.user());
    properties.setProperty("password", settings.password());
    List<String> urls = settings.jdbcUrls();
    open = DriverManager.getConnection(urls.get(profile.number() % urls.size()), properties);
    connection = open;
    frontPort = open.unwrap(PgConnection.class).getQueryExecutor().getHostSpec().getPort();
    frontLost = false;
    connectedBefore = true;
    if (profile.readOnly()) {
      open.setReadOnly(true);
      open.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    }
    return open;
  }

  private void failed(SQLException e) {
    if (frontLost) {
      LOG.debug("client {}: its front is lost: {}", profile.number(), e.getMessage());
    } else {
      tally.errors.increment();
      LOG.warn("client {}: {} ({})", profile.number(), e.getMessage(), e.getSQLState());
      if (connectedBefore) {
        tally.reconnects.increment();
      }
    }
    disconnect();
    LockSupport.parkNanos(RECONNECT_PAUSE.toNanos());
  }

  private void disconnect() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        LOG.debug("client {}: closing: {}", profile.number(), e.getMessage());
      }
    }
  }

  private long begin(Kind kind) {
    long id = ledger.begin(kind);
    undecided = new Undecided(id, kind);
    return id;
  }

  private void rolledBack(long id) {
    ledger.rolledBack(id);
    undecided = null;
  }

  /// What a transaction came to whose answer was lost with its connection: the client looks, as an
  /// application does, and holds to what it saw. What the lost connection had begun may still be
  /// under way at the home, so it waits for the end of that first.
  private void settle(Connection open) throws SQLException {
    Undecided left = undecided;
    if (left == null) {
      return;
    }
    long deadline = System.nanoTime() + SETTLE_BOUND.toNanos();
    while (asking.number(open, OTHERS_OF_THIS_CLIENT) > 0) {
      if (System.nanoTime() > deadline) {
        throw new SQLException("the lost connection's session does not end", "57P03");
      }
      LockSupport.parkNanos(RECONNECT_PAUSE.toNanos());
    }
    String table = left.kind() == Kind.TRANSFER ? "transfer" : "receipt";
    long key =
        asking.number(
            open, "SELECT coalesce(max(number), 0) FROM " + table + " WHERE id = ?", left.id());
    if (key == 0) {
      rolledBack(left.id());
    } else {
      acknowledged(left.id(), key);
    }
  }

  private void step(Connection open) throws SQLException {
    if (profile.readOnly()) {
      repeat(open, () -> readTwice(open));
      return;
    }
    switch (settings.workload().next(random)) {
      case TRANSFER -> transfer(open, false);
      case ABANDONED_TRANSFER -> transfer(open, true);
      case RECEIPT -> receipt(open);
      case READ -> repeat(open, () -> read(open));
    }
  }

  @FunctionalInterface
  private interface Transaction {
    void run() throws SQLException;
  }

  /// Runs it again as long as the database says that this is what to do.
  private void repeat(Connection open, Transaction transaction) throws SQLException {
    for (int repeats = 0; ; repeats++) {
      try {
        transaction.run();
        return;
      } catch (SQLException e) {
        if (!SERIALIZATION_FAILURE.equals(e.getSQLState()) || repeats == MAX_REPEATS) {
          throw e;
        }
        LOG.debug("client {}: to repeat: {}", profile.number(), e.getMessage());
        tally.retried.increment();
        if (!open.getAutoCommit()) {
          asking.rollback(open);
        }
      }
    }
  }

  private void transfer(Connection open, boolean abandoned) throws SQLException {
    long id = begin(Kind.TRANSFER);
    int first = 1 + random.nextInt(Schema.ACCOUNTS);
    int second = 1 + (first + random.nextInt(Schema.ACCOUNTS - 1)) % Schema.ACCOUNTS;
    long amount = 1 + random.nextLong(MAX_AMOUNT);
    open.setAutoCommit(false);
    repeat(
        open,
        () -> {
          long key = move(open, id, first, second, amount);
          if (abandoned) {
            asking.rollback(open);
            rolledBack(id);
          } else {
            asking.commit(open);
            acknowledged(id, key);
          }
        });
    open.setAutoCommit(true);
  }

  private long move(Connection open, long id, int source, int target, long amount)
      throws SQLException {
    // Both rows are locked in one order by all clients: a deadlock would be this load's own fault.
    asking.number(
        open, "SELECT balance FROM account WHERE id = ? FOR UPDATE", Math.min(source, target));
    asking.number(
        open, "SELECT balance FROM account WHERE id = ? FOR UPDATE", Math.max(source, target));
    asking.update(open, "UPDATE account SET balance = balance - ? WHERE id = ?", amount, source);
    asking.update(open, "UPDATE account SET balance = balance + ? WHERE id = ?", amount, target);
    long key =
        asking.number(
            open,
            "INSERT INTO transfer (id, source, target, amount) VALUES (?, ?, ?, ?)"
                + " RETURNING number",
            id,
            source,
            target,
            amount);
    asking.update(
        open,
        "INSERT INTO entry (transfer, account, amount) VALUES (?, ?, ?), (?, ?, ?)",
        key,
        source,
        -amount,
        key,
        target,
        amount);
    return key;
  }

  private void receipt(Connection open) throws SQLException {
    long id = begin(Kind.RECEIPT);
    repeat(
        open,
        () ->
            acknowledged(
                id,
                asking.number(
                    open,
                    "INSERT INTO receipt (id, words) VALUES (?, 'paid') RETURNING number",
                    id)));
  }

  private void acknowledged(long id, long key) {
    ledger.acknowledged(id, key);
    tally.acknowledged.increment();
    undecided = null;
    lastAcknowledged = id;
  }

  /// What was acknowledged last is there, and no money is made or lost at any time.
  private void read(Connection open) throws SQLException {
    checkSum(asking.number(open, "SELECT sum(balance)::bigint FROM account"));
    if (lastAcknowledged != 0) {
      long rows =
          asking.number(
              open,
              "SELECT (SELECT count(*) FROM transfer WHERE id = ?)"
                  + " + (SELECT count(*) FROM receipt WHERE id = ?)",
              lastAcknowledged,
              lastAcknowledged);
      if (rows == 0 && settings.mayLose()) {
        lastAcknowledged = 0;
      } else if (rows != 1) {
        throw new Asking.Impossible(
            "transaction "
                + lastAcknowledged
                + " was acknowledged and is there "
                + rows
                + " times");
      }
    }
    tally.reads.increment();
  }

  /// One snapshot shows the same twice.
  private void readTwice(Connection open) throws SQLException {
    open.setAutoCommit(false);
    long before = asking.number(open, "SELECT count(*) FROM entry");
    checkSum(asking.number(open, "SELECT sum(balance)::bigint FROM account"));
    long after = asking.number(open, "SELECT count(*) FROM entry");
    asking.commit(open);
    open.setAutoCommit(true);
    if (before != after) {
      throw new Asking.Impossible("one snapshot has " + before + " and then " + after + " entries");
    }
    tally.reads.increment();
  }

  private static void checkSum(long sum) throws SQLException {
    long expected = Schema.ACCOUNTS * Schema.OPENING_BALANCE;
    if (sum != expected) {
      throw new Asking.Impossible("balances add up to " + sum + ", not to " + expected);
    }
  }
}
