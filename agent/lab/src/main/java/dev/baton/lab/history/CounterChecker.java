package dev.baton.lab.history;

import java.util.Arrays;
import java.util.List;

/// A number that is raised by one, by a statement that does it again when it is repeated: at any
/// time it is at least what was told to be done before, at most what was begun, and it never falls.
public final class CounterChecker {
  private CounterChecker() {}

  /// @param end read after the last client has ended
  public static List<String> check(List<Write> increments, List<Read> reads, Read end) {
    Anomalies found = new Anomalies();
    long[] done =
        increments.stream().filter(Write::done).mapToLong(Write::endedNanos).sorted().toArray();
    long[] begun =
        increments.stream()
            .filter(write -> write.told() != Told.FAILED)
            .mapToLong(Write::beganNanos)
            .sorted()
            .toArray();
    reads.forEach(read -> check(found, done, begun, read));
    check(found, done, begun, end);
    falls(found, reads);
    return found.all();
  }

  private static void check(Anomalies found, long[] done, long[] begun, Read read) {
    long least = before(done, read.beganNanos());
    long most = before(begun, read.endedNanos());
    if (read.value() < least) {
      found.add("counter: %d is shown after %d were acknowledged".formatted(read.value(), least));
    } else if (read.value() > most) {
      found.add("counter: %d is shown when %d were begun".formatted(read.value(), most));
    }
  }

  /// How many of the sorted times are before `nanos`.
  private static long before(long[] times, long nanos) {
    int at = Arrays.binarySearch(times, nanos);
    return at < 0 ? -at - 1 : at;
  }

  private static void falls(Anomalies found, List<Read> reads) {
    List<Read> byEnd =
        reads.stream().sorted((a, b) -> Long.compare(a.endedNanos(), b.endedNanos())).toList();
    List<Read> byBegin =
        reads.stream().sorted((a, b) -> Long.compare(a.beganNanos(), b.beganNanos())).toList();
    long highest = 0;
    int ended = 0;
    for (Read read : byBegin) {
      while (ended < byEnd.size() && byEnd.get(ended).endedNanos() < read.beganNanos()) {
        highest = Math.max(highest, byEnd.get(ended++).value());
      }
      if (read.value() < highest) {
        found.add("counter: %d is shown after %d was".formatted(read.value(), highest));
      }
    }
  }
}
