package dev.baton.console.link;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// The addresses at which a cluster's agents may be reached: those given, then those learnt from
/// the agents themselves. Tried in turn, beginning with the one that worked last. At most [#MAX],
/// so that no agent can make it grow without end.
final class Addresses {
  static final int MAX = 32;

  private final List<URI> known = new ArrayList<>();
  private int at;

  Addresses(URI first) {
    known.add(first);
  }

  synchronized URI current() {
    return known.get(at);
  }

  synchronized void next() {
    at = (at + 1) % known.size();
  }

  synchronized void learn(URI address) {
    if (known.size() < MAX && !known.contains(address)) {
      known.add(address);
    }
  }

  synchronized boolean contains(URI address) {
    return known.contains(address);
  }

  synchronized int size() {
    return known.size();
  }
}
