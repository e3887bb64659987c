package dev.baton.lab.history;

/// One write of one value.
///
/// @param beganNanos before it was sent, by `System.nanoTime()`
/// @param endedNanos after the answer
public record Write(long value, long beganNanos, long endedNanos, Told told) {
  boolean done() {
    return told == Told.DONE;
  }
}
