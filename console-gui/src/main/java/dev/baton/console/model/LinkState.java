package dev.baton.console.model;

import java.net.URI;

/// Whether a cluster can be seen now.
public sealed interface LinkState {
  URI address();

  record Connecting(URI address) implements LinkState {}

  record Live(URI address) implements LinkState {}

  /// @param reason in words
  /// @param sinceMillis when it broke, on the console's clock
  record Broken(URI address, String reason, long sinceMillis) implements LinkState {}

  /// What is shown was told in the past: scrubbed back to, or read from a recording.
  ///
  /// @param atMillis on the console's clock; for a recording, on the agents'
  record Past(URI address, long atMillis) implements LinkState {}

  default boolean live() {
    return this instanceof Live;
  }
}
