package dev.baton.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/// What a drill does to the home of a service.
public enum DrillKind {
  /// The service is moved as an operator would.
  SWITCHOVER,
  /// Its database's main process is killed.
  KILL_DATABASE,
  /// All processes of its database are stopped by a signal, as on a hung disk.
  FREEZE_DATABASE,
  /// Its database is stopped in order, past the agent.
  STOP_DATABASE;

  /// @throws IllegalArgumentException naming the kinds when the text is none of them
  @JsonCreator
  public static DrillKind parse(String text) {
    for (DrillKind kind : values()) {
      if (kind.toString().equals(text.toLowerCase(Locale.ROOT))) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "unknown drill '" + text + "': one of " + Arrays.toString(values()));
  }

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
