package dev.baton.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How a service moves: planned with its source alive, or because the source is presumed dead.
public enum MoveKind {
  SWITCHOVER,
  FAILOVER;

  @JsonCreator
  public static MoveKind parse(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
