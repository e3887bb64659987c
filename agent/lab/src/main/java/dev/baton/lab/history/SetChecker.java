package dev.baton.lab.history;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Values that are added once each, and never taken out: what was told to be added is in every read
/// that began later, once; what was told to be rolled back is in none. What one read has shown, a
/// read that began after its end shows too.
public final class SetChecker {
  private SetChecker() {}

  /// @param end read after the last client has ended
  public static List<String> check(List<Write> adds, List<Read> reads, Read end) {
    Anomalies found = new Anomalies();
    Map<Long, Write> known = new HashMap<>();
    adds.forEach(add -> known.put(add.value(), add));
    reads.forEach(read -> check(found, known, read));
    check(found, known, end);
    vanished(found, reads, end);
    return found.all();
  }

  private static void check(Anomalies found, Map<Long, Write> known, Read read) {
    Set<Long> seen = new HashSet<>();
    for (long value : read.values()) {
      Write add = known.get(value);
      if (!seen.add(value)) {
        found.add("set: %d is there twice".formatted(value));
      } else if (add == null || add.beganNanos() > read.endedNanos()) {
        found.add("set: %d is shown before anybody added it".formatted(value));
      } else if (add.told() == Told.FAILED) {
        found.add("set: %d was told to be rolled back, and is shown".formatted(value));
      }
    }
    for (Write add : known.values()) {
      if (add.done() && add.endedNanos() < read.beganNanos() && !seen.contains(add.value())) {
        found.add("set: %d was acknowledged, and a later read lacks it".formatted(add.value()));
      }
    }
  }

  /// Also of what nobody was told of: once shown, it is there.
  private static void vanished(Anomalies found, List<Read> reads, Read end) {
    Set<Long> last = new HashSet<>(end.values());
    for (Read read : reads) {
      for (long value : read.values()) {
        if (!last.contains(value)) {
          found.add("set: %d was shown, and is not there in the end".formatted(value));
        }
      }
    }
  }
}
