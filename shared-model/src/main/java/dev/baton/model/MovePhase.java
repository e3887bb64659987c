package dev.baton.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// The phases of a move, in order. A failover skips what needs the source.
public enum MovePhase {
  PLAN,
  CATCH_UP,
  HOLD,
  SETTLE,
  FENCE_SOURCE,
  CONFIRM_LAST_POSITION,
  OPEN_TARGET,
  REPLAY_AND_REROUTE,
  RESUME,
  REJOIN;

  @JsonCreator
  public static MovePhase parse(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_').replace(' ', '_'));
  }

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
