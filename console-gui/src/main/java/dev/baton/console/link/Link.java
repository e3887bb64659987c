package dev.baton.console.link;

import java.net.URI;

/// A cluster kept in view: its events go to the listener that it was opened with.
public interface Link extends Operations, AutoCloseable {
  /// Begins to connect. Called once.
  void start();

  /// Whether this link would try that address: a second link to the same cluster is not needed.
  boolean knows(URI address);

  /// Ends it; no event follows but those that were on their way.
  @Override
  void close();

  /// Makes links; a test makes fakes.
  @FunctionalInterface
  interface Factory {
    /// @param address base of a control interface, `http://127.0.0.1:6434`
    Link open(URI address, LinkListener listener);
  }
}
