package dev.baton.lab.history;

import java.util.ArrayList;
import java.util.List;

/// What was found, in words; bounded, since one loss may show in every later read.
final class Anomalies {
  private static final int MAX = 50;

  private final List<String> found = new ArrayList<>();

  void add(String words) {
    if (found.size() < MAX) {
      found.add(words);
    }
  }

  List<String> all() {
    return List.copyOf(found);
  }
}
