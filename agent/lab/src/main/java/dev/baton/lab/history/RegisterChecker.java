package dev.baton.lab.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A register into which each value is written once: is there an order of all that was done, true
/// to the times, in which each read shows the last write before it? With values written once that
/// is decided by the time in which each value must have stood (Gibbons and Korach, Testing Shared
/// Memories, 1997): from the first end to the last beginning of what is about the value, if that is
/// a time (it stood for all of it), else the other way round (it stood at some moment of it). Two
/// values cannot have stood for all of two times that overlap, nor one at a moment within
/// another's.
public final class RegisterChecker {
  private RegisterChecker() {}

  /// @param must whether it stood from `from` to `to`, else at some moment between them
  private record Zone(long value, long from, long to, boolean must) {}

  /// @param initial value that stands before the first write
  public static List<String> check(long initial, List<Write> writes, List<Read> reads) {
    Anomalies found = new Anomalies();
    Map<Long, Write> known = new HashMap<>();
    known.put(initial, new Write(initial, Long.MIN_VALUE, Long.MIN_VALUE, Told.DONE));
    writes.forEach(write -> known.put(write.value(), write));
    Map<Long, List<Read>> shown = new HashMap<>();
    for (Read read : reads) {
      Write write = known.get(read.value());
      if (write == null || write.beganNanos() > read.endedNanos()) {
        found.add("register: %d is shown before anybody wrote it".formatted(read.value()));
      } else if (write.told() == Told.FAILED) {
        found.add("register: %d was told to be rolled back, and is shown".formatted(read.value()));
      } else {
        shown.computeIfAbsent(read.value(), value -> new ArrayList<>()).add(read);
      }
    }
    List<Zone> zones = new ArrayList<>();
    for (Write write : known.values()) {
      List<Read> of = shown.getOrDefault(write.value(), List.of());
      if (write.done() || !of.isEmpty()) {
        zones.add(zone(write, of));
      }
    }
    compare(found, zones);
    return found.all();
  }

  private static Zone zone(Write write, List<Read> reads) {
    long firstEnd = write.done() ? write.endedNanos() : Long.MAX_VALUE;
    long lastBegin = write.beganNanos();
    for (Read read : reads) {
      firstEnd = Math.min(firstEnd, read.endedNanos());
      lastBegin = Math.max(lastBegin, read.beganNanos());
    }
    return firstEnd < lastBegin
        ? new Zone(write.value(), firstEnd, lastBegin, true)
        : new Zone(write.value(), lastBegin, firstEnd, false);
  }

  private static void compare(Anomalies found, List<Zone> zones) {
    List<Zone> must =
        zones.stream().filter(Zone::must).sorted(Comparator.comparingLong(Zone::from)).toList();
    for (int i = 1; i < must.size(); i++) {
      Zone before = must.get(i - 1);
      Zone zone = must.get(i);
      if (zone.from() < before.to()) {
        found.add(
            "register: %d and %d stand at the same time".formatted(before.value(), zone.value()));
      }
    }
    TreeMap<Long, Zone> byFrom = new TreeMap<>();
    must.forEach(zone -> byFrom.put(zone.from(), zone));
    for (Zone zone : zones) {
      Map.Entry<Long, Zone> other = zone.must() ? null : byFrom.lowerEntry(zone.from());
      if (other != null && zone.to() < other.getValue().to()) {
        found.add(
            "register: %d stands while %d does: a read is too old or a write is lost"
                .formatted(zone.value(), other.getValue().value()));
      }
    }
  }
}
