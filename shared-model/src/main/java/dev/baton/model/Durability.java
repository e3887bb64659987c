package dev.baton.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// When a commit may be acknowledged to a client.
public enum Durability {
  /// The standby's memory has the commit's log.
  REPLICATION,
  /// The standby's memory has the transaction's requests.
  REQUEST,
  /// At once; a failure may lose the last commits.
  ASYNC;

  /// @throws IllegalArgumentException naming the three modes when the text is none of them
  @JsonCreator
  public static Durability parse(String text) {
    for (Durability mode : values()) {
      if (mode.toString().equals(text.toLowerCase(Locale.ROOT))) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        "unknown durability '" + text + "': replication, request or async");
  }

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
