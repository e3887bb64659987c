package dev.baton.service.views;

import dev.baton.model.LogPosition;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Tells how many milliseconds a position is behind: when the home's log first went past it, as far
/// as was seen. Samples of the last minutes are kept, at most `MAX_SAMPLES`. Not for several
/// threads.
final class PositionAges {
  static final int MAX_SAMPLES = 4096;

  private record Sample(long millis, LogPosition position) {}

  private final ArrayDeque<Sample> samples = new ArrayDeque<>();

  /// The home's log stood at `position` at `millis`. Repetitions are not kept, so that an idle log
  /// does not age.
  void sample(long millis, LogPosition position) {
    Sample last = samples.peekLast();
    if (last != null && position.isBefore(last.position())) {
      samples.clear(); // another home, whose log may stand earlier
    }
    if (last == null || !last.position().equals(position)) {
      samples.addLast(new Sample(millis, position));
      if (samples.size() > MAX_SAMPLES) {
        samples.removeFirst();
      }
    }
  }

  /// Age of the first byte after `position`; 0 when there is none; null when it is older than what
  /// was seen.
  @Nullable Double behindMillis(long nowMillis, LogPosition position) {
    Sample oldest = samples.peekFirst();
    if (oldest == null) {
      return null;
    }
    for (Sample sample : samples) {
      if (position.isBefore(sample.position())) {
        return sample.equals(oldest) ? null : (double) Math.max(0, nowMillis - sample.millis());
      }
    }
    return 0.0;
  }
}
