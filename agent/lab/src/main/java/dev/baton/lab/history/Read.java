package dev.baton.lab.history;

import java.util.List;

/// What one client was shown by one statement.
///
/// @param values of a register or a counter one, of a set all, of a bank each account's
/// @param beganNanos before it was sent, by `System.nanoTime()`
/// @param endedNanos after the answer
public record Read(List<Long> values, long beganNanos, long endedNanos) {
  public Read {
    values = List.copyOf(values);
  }

  long value() {
    return values.getFirst();
  }
}
