package dev.baton.core.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A database: a log of commits on disk, and processes that may live, be frozen, or outlive their
/// parent. The data survives everything; what runs does not survive a kill.
final class ModelInstance {
  enum Processes {
    DOWN,
    UP,
    /// The main process is gone, backends live on for a while.
    ORPHANED
  }

  private record Waiting(long transaction, int position, int backends, Runnable answered) {}

  private final World world;
  private final List<Long> log = new ArrayList<>();
  private final Map<Long, Integer> counts = new HashMap<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final Map<String, Integer> flushedBy = new TreeMap<>();
  private final Map<Long, Integer> attempts = new HashMap<>();
  private final Map<Long, Integer> endedAttempts = new HashMap<>();
  private Set<String> required = new TreeSet<>();

  boolean exists;

  /// A copy that broke off.
  boolean half;

  boolean standby;
  boolean frozen;
  Processes process = Processes.DOWN;

  /// Rises when the processes are ended; whatever belongs to an earlier one is void.
  int life;

  int copies;

  private int backends;

  ModelInstance(World world) {
    this.world = world;
  }

  int end() {
    return log.size();
  }

  List<Long> slice(int from, int to) {
    return new ArrayList<>(log.subList(from, to));
  }

  int count(long transaction) {
    return counts.getOrDefault(transaction, 0);
  }

  boolean isPrefixOf(ModelInstance other) {
    return log.size() <= other.log.size() && log.equals(other.log.subList(0, log.size()));
  }

  boolean hasBeginning(List<Long> beginning) {
    return beginning.size() <= log.size() && log.subList(0, beginning.size()).equals(beginning);
  }

  List<Long> all() {
    return log;
  }

  boolean runs() {
    return process == Processes.UP && !frozen;
  }

  /// Everything up to here is visible and answered.
  int covered() {
    int covered = log.size();
    for (String member : required) {
      covered = Math.min(covered, flushedBy.getOrDefault(member, 0));
    }
    return covered;
  }

  /// A backend was given the transaction; it commits a while later, if it lives then.
  void submit(long transaction, Runnable answered) {
    int mine = backends;
    int attempt = attempts.merge(transaction, 1, Integer::sum);
    world.in(100, 3_000, () -> execute(transaction, attempt, mine, answered));
  }

  private void execute(long transaction, int attempt, int mine, Runnable answered) {
    boolean ended = attempt <= endedAttempts.getOrDefault(transaction, 0);
    if (mine != backends || process == Processes.DOWN || ended) {
      return;
    }
    if (frozen) {
      world.in(10_000, 20_000, () -> execute(transaction, attempt, mine, answered));
      return;
    }
    append(transaction);
    waiting.add(new Waiting(transaction, log.size(), mine, answered));
    release();
  }

  /// What the database writes for itself.
  void housekeeping() {
    if (runs() && !standby) {
      append(0);
    }
  }

  void append(long transaction) {
    log.add(transaction);
    if (transaction != 0) {
      counts.merge(transaction, 1, Integer::sum);
    }
  }

  /// Ends the backend of a transaction whose client's stream was lost, then tells whether it
  /// committed, once that is covered.
  void endAndAsk(long transaction, Runnable committed, Runnable not) {
    endedAttempts.put(transaction, attempts.getOrDefault(transaction, 0));
    if (count(transaction) == 0) {
      not.run();
    } else {
      waiting.add(new Waiting(transaction, log.lastIndexOf(transaction) + 1, backends, committed));
      release();
    }
  }

  void require(Set<String> members) {
    required = new TreeSet<>(members);
    release();
  }

  void flushed(String member, int position) {
    flushedBy.merge(member, position, Math::max);
    release();
  }

  void streamEnded(String member) {
    flushedBy.remove(member);
  }

  private void release() {
    int covered = covered();
    for (Waiting each : List.copyOf(waiting)) {
      if (each.position() <= covered) {
        waiting.remove(each);
        if (each.backends() == backends && !frozen) {
          each.answered().run();
        }
      }
    }
  }

  boolean awaitedHave(int position) {
    return required.stream().allMatch(m -> flushedBy.getOrDefault(m, 0) >= position);
  }

  void endBackends() {
    backends++;
    waiting.clear();
  }

  void kill() {
    life++;
    process = Processes.DOWN;
    frozen = false;
    flushedBy.clear();
    endBackends();
  }

  /// The main process dies; its backends finish what they have begun.
  void orphan() {
    if (process == Processes.UP) {
      process = Processes.ORPHANED;
      int now = life;
      world.in(
          30_000,
          130_000,
          () -> {
            if (life == now && process == Processes.ORPHANED) {
              kill();
            }
          });
    }
  }

  void start() {
    process = Processes.UP;
    if (!exists) {
      exists = true;
      standby = false;
    }
  }

  void replaceBy(List<Long> copy) {
    log.clear();
    counts.clear();
    copy.forEach(this::append);
    half = false;
    standby = true;
  }

  void beginCopy() {
    copies++;
    exists = true;
    half = true;
    log.clear();
    counts.clear();
  }
}
