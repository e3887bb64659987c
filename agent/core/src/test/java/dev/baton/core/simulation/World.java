package dev.baton.core.simulation;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Random;

/// The virtual clock, the one source of chance, and what is to happen when.
final class World {
  private static final int TRACE_LINES = 600;

  private final Random random;
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private final ArrayDeque<String> trace = new ArrayDeque<>();
  private long nowNanos = 1_000_000;
  private long order;

  World(long seed) {
    this.random = new Random(seed);
  }

  long now() {
    return nowNanos;
  }

  /// Runs `action` after a time between the two.
  void in(long fromMicros, long toMicros, Runnable action) {
    long micros = fromMicros + random.nextLong(toMicros - fromMicros + 1);
    tasks.add(new Task(nowNanos + micros * 1_000, order++, action));
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  void runFor(long millis) {
    long end = nowNanos + millis * 1_000_000;
    while (!tasks.isEmpty() && tasks.peek().atNanos() <= end) {
      Task task = tasks.remove();
      nowNanos = task.atNanos();
      task.action().run();
    }
    nowNanos = end;
  }

  void trace(String line) {
    if (trace.size() == TRACE_LINES) {
      trace.removeFirst();
    }
    trace.addLast("%9.3f %s".formatted(nowNanos / 1e6, line));
  }

  String traceText() {
    return String.join("\n", trace);
  }

  private record Task(long atNanos, long order, Runnable action) implements Comparable<Task> {
    @Override
    public int compareTo(Task other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }
}
