package dev.baton.console.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Finds by a few letters what can be done or gone to. Pure.
public final class QuickAccess {
  /// More than a person reads; there may be 10,000 sessions.
  public static final int MAX_FOUND = 40;

  private QuickAccess() {}

  /// What an item is; in this order when it fits equally well.
  public enum Kind {
    COMMAND,
    SERVICE,
    HOST,
    SESSION
  }

  /// @param detail shown beside the text, and found as well: keys, a state
  /// @param act what choosing it does
  public record Item(Kind kind, String text, String detail, Runnable act) {}

  /// Those in which every word of the query occurs, best first; all when there is none.
  public static List<Item> find(List<Item> items, String query) {
    String[] words = query.toLowerCase(Locale.ROOT).strip().split("\\s+");
    List<Ranked> found = new ArrayList<>();
    for (Item item : items) {
      int rank = rank(item, words);
      if (rank >= 0) {
        found.add(new Ranked(item, rank));
      }
    }
    return found.stream()
        .sorted(
            Comparator.comparingInt(Ranked::rank)
                .thenComparing(ranked -> ranked.item().kind())
                .thenComparing(ranked -> ranked.item().text()))
        .limit(MAX_FOUND)
        .map(Ranked::item)
        .toList();
  }

  private record Ranked(Item item, int rank) {}

  /// 0: the text begins with it; 1: one of its words does; 2: it occurs; -1: it does not.
  private static int rank(Item item, String[] words) {
    String text = item.text().toLowerCase(Locale.ROOT);
    String all = text + " " + item.detail().toLowerCase(Locale.ROOT);
    int worst = 0;
    for (String word : words) {
      if (!all.contains(word)) {
        return -1;
      }
      int rank = text.startsWith(word) ? 0 : text.contains(" " + word) ? 1 : 2;
      worst = Math.max(worst, rank);
    }
    return worst;
  }
}
