package dev.baton.lab.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/// All clients of a run.
public final class Load {
  private final List<LedgerClient> clients = new ArrayList<>();
  private final List<Ledger> ledgers = new ArrayList<>();
  private final List<Stalls> stalls = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Tally tally = new Tally();

  /// @param jdbcUrls used in turn by the clients
  /// @param thinkMicros mean time between a client's transactions
  /// @param firstLedger number of the first client's ledger: loads on one database use different
  ///   ones, and so different ids
  /// @param mayLose the durability permits that acknowledged transactions are lost with the home: a
  ///   client that does not find its last one goes on, and the comparison of the ledgers counts it
  public record Settings(
      List<String> jdbcUrls,
      String user,
      String password,
      int clients,
      Workload workload,
      long thinkMicros,
      int firstLedger,
      boolean mayLose) {}

  public Load(Settings settings) {
    for (int number = 0; number < settings.clients(); number++) {
      Ledger ledger = new Ledger(settings.firstLedger() + number);
      Stalls times = new Stalls();
      clients.add(new LedgerClient(ClientProfile.of(number), settings, ledger, tally, times));
      ledgers.add(ledger);
      stalls.add(times);
    }
  }

  public void start() {
    for (LedgerClient client : clients) {
      threads.add(Thread.ofPlatform().daemon().name("client").start(client));
    }
  }

  /// Every client ends after the transaction under way.
  ///
  /// @return false when one still waits for an answer at the bound; its transaction stays in doubt
  public boolean stop(Duration bound) throws InterruptedException {
    clients.forEach(LedgerClient::stop);
    long deadline = System.nanoTime() + bound.toNanos();
    boolean all = true;
    for (Thread thread : threads) {
      long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
      all &= thread.join(Duration.ofMillis(left));
    }
    return all;
  }

  /// The front at `port` is killed.
  ///
  /// @return how many clients it has
  public int frontLost(int port) {
    return (int) clients.stream().filter(client -> client.frontLost(port)).count();
  }

  public int clients() {
    return clients.size();
  }

  public Tally tally() {
    return tally;
  }

  /// When all clients have ended.
  public Stream<Noted> notes() {
    return ledgers.stream().flatMap(Ledger::notes);
  }

  /// The longest time that any client's request was outstanding.
  public double longestStallMillis() {
    long now = System.nanoTime();
    return stalls.stream().mapToDouble(each -> each.longestMillis(now)).max().orElse(0);
  }

  /// The time that 99 of 100 clients' longest stalls do not exceed.
  public double stallMillisP99() {
    Histogram longest = new Histogram(3);
    long now = System.nanoTime();
    stalls.forEach(each -> longest.recordValue((long) (each.longestMillis(now) * 1_000)));
    return longest.getValueAtPercentile(99) / 1_000.0;
  }

  /// Every answer's time, in microseconds, when all clients have ended.
  public Histogram answerMicros() {
    Histogram all = new Histogram(3);
    stalls.forEach(each -> all.add(each.micros()));
    return all;
  }
}
