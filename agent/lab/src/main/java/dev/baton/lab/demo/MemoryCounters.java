package dev.baton.lab.demo;

import dev.baton.model.view.MemoryView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/// What the agents' memories counted over a whole run. A memory begins anew with each generation,
/// so the last figures of each are kept and added up.
final class MemoryCounters {
  private final Map<Generation, MemoryView> last = new HashMap<>();

  private record Generation(String service, String host, long generation) {}

  synchronized void see(List<MemoryView> views) {
    for (MemoryView view : views) {
      last.merge(
          new Generation(view.service(), view.host(), view.generation()),
          view,
          (before, now) -> now.measuredAt().isBefore(before.measuredAt()) ? before : now);
    }
  }

  synchronized long sum(ToLongFunction<MemoryView> counter) {
    return last.values().stream().mapToLong(counter).sum();
  }

  synchronized long max(ToLongFunction<MemoryView> figure) {
    return last.values().stream().mapToLong(figure).max().orElse(0);
  }
}
