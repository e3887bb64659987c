package dev.baton.lab.history;

import dev.baton.lab.history.ListTransaction.Append;
import dev.baton.lab.history.ListTransaction.Show;
import dev.baton.lab.history.ListTransaction.Step;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Clients of the five workloads, list-append, bank, register, set and counter, and what their
/// histories say.
public final class Histories {
  static final int ACCOUNTS = 8;
  static final long OPENING_BALANCE = 1_000;
  private static final long MAX_AMOUNT = 200;
  private static final int LISTS = 3;

  /// Lists are left for new ones before they are long.
  private static final int APPENDS_TO_A_LIST = 60;

  private static final int WHOLE_SET_EVERY = 40;
  private static final String ALL_OF_SET = "SELECT value FROM history_set";
  private static final String COUNTER = "SELECT n FROM history_counter";
  private static final String REGISTER = "SELECT value FROM history_register";
  private static final String BANK = "SELECT balance FROM history_account ORDER BY id";

  private final Settings settings;
  private final AtomicLong values = new AtomicLong();
  private final List<SetClient> sets = new ArrayList<>();
  private final List<CounterClient> counters = new ArrayList<>();
  private final List<RegisterClient> registers = new ArrayList<>();
  private final List<BankClient> banks = new ArrayList<>();
  private final List<ListClient> lists = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /// @param jdbcUrls used in turn by the clients of each workload
  /// @param clients of each workload
  public record Settings(
      List<String> jdbcUrls, String user, String password, int clients, long seed) {}

  public Histories(Settings settings) {
    this.settings = settings;
    SplittableRandom random = new SplittableRandom(settings.seed());
    for (int number = 0; number < settings.clients(); number++) {
      sets.add(new SetClient(number, random.split()));
      counters.add(new CounterClient(number, random.split()));
      registers.add(new RegisterClient(number, random.split()));
      banks.add(new BankClient(number, random.split()));
      lists.add(new ListClient(number, random.split()));
    }
  }

  /// Makes the tables anew and starts the clients.
  public void start() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                settings.jdbcUrls().getFirst(), settings.user(), settings.password());
        Statement statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "DROP TABLE IF EXISTS history_set, history_counter, history_register,"
                  + " history_account, history_list",
              "CREATE TABLE history_set (value bigint NOT NULL)",
              "CREATE TABLE history_counter (n bigint NOT NULL)",
              "INSERT INTO history_counter VALUES (0)",
              "CREATE TABLE history_register (value bigint NOT NULL)",
              "INSERT INTO history_register VALUES (0)",
              "CREATE TABLE history_account (id int PRIMARY KEY, balance bigint NOT NULL)",
              "INSERT INTO history_account SELECT n, "
                  + OPENING_BALANCE
                  + " FROM generate_series(1, "
                  + ACCOUNTS
                  + ") n",
              "CREATE TABLE history_list (id int PRIMARY KEY, elements bigint[] NOT NULL)")) {
        statement.execute(sql);
      }
    }
    clients()
        .forEach(client -> threads.add(Thread.ofPlatform().daemon().name("history").start(client)));
  }

  private Stream<HistoryClient> clients() {
    return Stream.of(sets, counters, registers, banks, lists).flatMap(List::stream);
  }

  /// Every client ends after the step under way.
  ///
  /// @return false when one still waits for an answer at the bound
  public boolean stop(Duration bound) throws InterruptedException {
    clients().forEach(HistoryClient::stop);
    long deadline = System.nanoTime() + bound.toNanos();
    boolean all = true;
    for (Thread thread : threads) {
      long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
      all &= thread.join(Duration.ofMillis(left));
    }
    return all;
  }

  /// Of the client that has taken the fewest, at any time.
  public long steps() {
    return clients().mapToLong(HistoryClient::steps).min().orElse(0);
  }

  /// What cannot be, in words; when all clients have ended.
  ///
  /// @param connection to the home's own database
  public List<String> check(Connection connection) throws SQLException {
    List<String> found = new ArrayList<>();
    found.addAll(SetChecker.check(writes(sets), reads(sets), now(connection, ALL_OF_SET)));
    found.addAll(CounterChecker.check(writes(counters), reads(counters), now(connection, COUNTER)));
    List<Read> ofRegister = new ArrayList<>(reads(registers));
    ofRegister.add(now(connection, REGISTER));
    found.addAll(RegisterChecker.check(0, writes(registers), ofRegister));
    found.addAll(
        BankChecker.check(
            ACCOUNTS, ACCOUNTS * OPENING_BALANCE, reads(banks), now(connection, BANK)));
    List<ListTransaction> all =
        lists.stream().flatMap(client -> client.transactions.stream()).toList();
    found.addAll(ListAppendChecker.check(all, storedLists(connection)));
    return found;
  }

  private static List<Write> writes(List<? extends HistoryClient> clients) {
    return clients.stream().flatMap(client -> client.writes().stream()).toList();
  }

  private static List<Read> reads(List<? extends HistoryClient> clients) {
    return clients.stream().flatMap(client -> client.reads().stream()).toList();
  }

  private static Read now(Connection connection, String sql) throws SQLException {
    long began = System.nanoTime();
    return new Read(HistoryClient.numbers(connection, sql), began, System.nanoTime());
  }

  private static Map<Integer, List<Long>> storedLists(Connection connection) throws SQLException {
    Map<Integer, List<Long>> stored = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT id, elements::text FROM history_list ORDER BY id")) {
      while (rows.next()) {
        stored.put(rows.getInt(1), HistoryClient.list(rows.getString(2)));
      }
    }
    return stored;
  }

  private final class SetClient extends HistoryClient {
    private final RandomGenerator random;

    SetClient(int number, RandomGenerator random) {
      super(settings, "set", number);
      this.random = random;
    }

    @Override
    void step(Connection connection) throws SQLException {
      if (random.nextInt(WHOLE_SET_EVERY) == 0) {
        read(connection, ALL_OF_SET);
      } else {
        write(connection, values.incrementAndGet(), "INSERT INTO history_set VALUES (?)");
      }
    }
  }

  private final class CounterClient extends HistoryClient {
    private final RandomGenerator random;

    CounterClient(int number, RandomGenerator random) {
      super(settings, "counter", number);
      this.random = random;
    }

    @Override
    void step(Connection connection) throws SQLException {
      if (random.nextInt(3) == 0) {
        read(connection, COUNTER);
      } else {
        write(connection, 1, "UPDATE history_counter SET n = n + ?");
      }
    }
  }

  private final class RegisterClient extends HistoryClient {
    private final RandomGenerator random;

    RegisterClient(int number, RandomGenerator random) {
      super(settings, "register", number);
      this.random = random;
    }

    @Override
    void step(Connection connection) throws SQLException {
      if (random.nextInt(3) > 0) {
        read(connection, REGISTER);
      } else {
        write(connection, values.incrementAndGet(), "UPDATE history_register SET value = ?");
      }
    }
  }

  private final class BankClient extends HistoryClient {
    private final RandomGenerator random;

    BankClient(int number, RandomGenerator random) {
      super(settings, "bank", number);
      this.random = random;
    }

    @Override
    void step(Connection connection) throws SQLException {
      if (random.nextInt(3) == 0) {
        read(connection, BANK);
        return;
      }
      long source = 1 + random.nextLong(ACCOUNTS);
      long target = 1 + (source + random.nextLong(ACCOUNTS - 1)) % ACCOUNTS;
      long amount = 1 + random.nextLong(MAX_AMOUNT);
      connection.setAutoCommit(false);
      tell(connection, () -> transfer(connection, source, target, amount));
      connection.setAutoCommit(true);
    }

    private static void transfer(Connection connection, long source, long target, long amount)
        throws SQLException {
      String sql = "SELECT balance FROM history_account WHERE id = ? FOR UPDATE";
      long first = numbers(connection, sql, Math.min(source, target)).getFirst();
      long second = numbers(connection, sql, Math.max(source, target)).getFirst();
      if ((source < target ? first : second) >= amount) {
        String move = "UPDATE history_account SET balance = balance + ? WHERE id = ?";
        update(connection, move, -amount, source);
        update(connection, move, amount, target);
      }
      connection.commit();
    }
  }

  private final class ListClient extends HistoryClient {
    private final RandomGenerator random;
    private final List<ListTransaction> transactions = new ArrayList<>();

    ListClient(int number, RandomGenerator random) {
      super(settings, "list", number);
      this.random = random;
    }

    @Override
    void step(Connection connection) throws SQLException {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      List<Step> steps = new ArrayList<>();
      Told told = Told.NOTHING;
      try {
        told =
            tell(
                connection,
                () -> {
                  for (int left = 1 + random.nextInt(4); left > 0; left--) {
                    one(connection, steps);
                  }
                  connection.commit();
                });
      } finally {
        transactions.add(new ListTransaction(steps, told));
      }
    }

    private void one(Connection connection, List<Step> steps) throws SQLException {
      int list = (int) (values.get() / (LISTS * APPENDS_TO_A_LIST)) * LISTS + random.nextInt(LISTS);
      if (random.nextBoolean()) {
        long value = values.incrementAndGet();
        steps.add(new Append(list, value)); // before it is sent: it may be there all the same
        update(
            connection,
            "INSERT INTO history_list VALUES (?, ARRAY[?::bigint]) ON CONFLICT (id)"
                + " DO UPDATE SET elements = history_list.elements || excluded.elements",
            list,
            value);
      } else {
        steps.add(new Show(list, shown(connection, list)));
      }
    }

    private static List<Long> shown(Connection connection, int list) throws SQLException {
      try (PreparedStatement statement =
          connection.prepareStatement("SELECT elements::text FROM history_list WHERE id = ?")) {
        statement.setInt(1, list);
        try (ResultSet rows = statement.executeQuery()) {
          return rows.next() ? list(rows.getString(1)) : List.of();
        }
      }
    }
  }
}
