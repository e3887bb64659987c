package dev.baton.core.move;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/// What a plan was made on. It is run only when all of it still holds.
///
/// @param recordVersion version of the service's record
/// @param inSync members in sync, by name
public record PlanBinding(long epoch, int recordVersion, SortedSet<String> inSync) {

  /// What differs now, a sentence each; empty when the plan may run.
  public List<String> changes(PlanBinding now) {
    List<String> changes = new ArrayList<>();
    if (epoch != now.epoch) {
      changes.add("the epoch was " + epoch + " and is " + now.epoch);
    }
    if (!inSync.equals(now.inSync)) {
      changes.add("in sync were " + inSync + " and are " + now.inSync);
    }
    if (changes.isEmpty() && recordVersion != now.recordVersion) {
      changes.add("the record was version " + recordVersion + " and is " + now.recordVersion);
    }
    return changes;
  }
}
