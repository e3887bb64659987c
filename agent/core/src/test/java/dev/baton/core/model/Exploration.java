package dev.baton.core.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Goes through every state that can be reached, the nearest first, so that what is found wrong is
/// found by a shortest way.
final class Exploration {
  private final Protocol protocol;
  private final int bound;
  private long[] states = new long[1 << 16];
  private int[] cameFrom = new int[1 << 16];
  private int count;
  private int[] table = new int[1 << 18]; // index + 1 into states; 0: empty

  /// @param bound of states; reaching it is an error, since then not all was seen
  Exploration(Protocol protocol, int bound) {
    this.protocol = protocol;
    this.bound = bound;
  }

  int count() {
    return count;
  }

  /// @return the steps that lead to something that must never be; empty when there are none
  Optional<List<String>> counterexample() {
    add(Protocol.start(), -1);
    for (int at = 0; at < count; at++) {
      Optional<String> violation = Protocol.violation(states[at]);
      if (violation.isPresent()) {
        return Optional.of(way(at, violation.get()));
      }
      int from = at;
      protocol.steps(states[at], (name, next) -> add(next, from));
    }
    return Optional.empty();
  }

  private void add(long state, int from) {
    int slot = slot(state);
    if (table[slot] != 0) {
      return;
    }
    if (count == bound) {
      throw new IllegalStateException("more than " + bound + " states");
    }
    if (count == states.length) {
      states = Arrays.copyOf(states, 2 * count);
      cameFrom = Arrays.copyOf(cameFrom, 2 * count);
    }
    states[count] = state;
    cameFrom[count] = from;
    table[slot] = ++count;
    if (2 * count > table.length) {
      table = new int[2 * table.length];
      for (int i = 0; i < count; i++) {
        table[slot(states[i])] = i + 1;
      }
    }
  }

  /// Where the state is, or where it would be.
  private int slot(long state) {
    long hash = state * 0x9E3779B97F4A7C15L;
    int slot = ((int) (hash >>> 32)) & (table.length - 1);
    while (table[slot] != 0 && states[table[slot] - 1] != state) {
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  private List<String> way(int to, String violation) {
    List<String> way = new ArrayList<>();
    way.add(violation + ": " + Field.text(states[to]));
    for (int at = to; cameFrom[at] >= 0; at = cameFrom[at]) {
      way.add(step(states[cameFrom[at]], states[at]));
    }
    return way.reversed();
  }

  private String step(long before, long after) {
    List<String> names = new ArrayList<>();
    protocol.steps(
        before,
        (name, next) -> {
          if (next == after) {
            names.add(name);
          }
        });
    return names.getFirst();
  }
}
