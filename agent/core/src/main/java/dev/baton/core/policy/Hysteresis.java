package dev.baton.core.policy;

import org.jspecify.annotations.Nullable;

/// A condition that counts when it has held for a while, and no longer when its contrary has. What
/// is neither leaves everything as it is. Immutable.
///
/// @param active whether it counts
/// @param changingSinceMillis from when on the contrary of `active` has held without a break; null
///   when it does not hold now
/// @param activeSinceMillis from when on the condition has held; meaningless while inactive
record Hysteresis(boolean active, @Nullable Long changingSinceMillis, long activeSinceMillis) {
  static final Hysteresis START = new Hysteresis(false, null, 0);

  /// What was seen of the condition.
  enum Sight {
    HOLDS,
    BETWEEN,
    HOLDS_NOT
  }

  Hysteresis step(Sight sight, long nowMillis, long sustainMillis) {
    boolean changing = sight == (active ? Sight.HOLDS_NOT : Sight.HOLDS);
    if (!changing) {
      return new Hysteresis(active, null, activeSinceMillis);
    }
    long since = changingSinceMillis == null ? nowMillis : changingSinceMillis;
    if (nowMillis - since < sustainMillis) {
      return new Hysteresis(active, since, activeSinceMillis);
    }
    return new Hysteresis(!active, null, active ? activeSinceMillis : since);
  }
}
