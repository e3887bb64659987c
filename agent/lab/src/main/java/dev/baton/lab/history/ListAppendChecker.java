package dev.baton.lab.history;

import dev.baton.lab.history.ListTransaction.Append;
import dev.baton.lab.history.ListTransaction.Show;
import dev.baton.lab.history.ListTransaction.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Serializable transactions that append values to lists and read them. A list shows the order in
/// which its values came, so that every read tells which transactions went before it and which came
/// after; among all of these relations there must be no cycle (Kingsbury and Alvaro, Elle, 2020).
/// Also found: values lost, doubled, of rolled-back transactions, of nobody, out of order, and
/// those of a transaction that was only half done.
public final class ListAppendChecker {
  private final Anomalies found = new Anomalies();
  private final List<ListTransaction> transactions;
  private final Map<Long, Integer> writer = new HashMap<>();
  private final Map<Integer, List<Long>> order = new HashMap<>();
  private final Map<Integer, Set<Integer>> after = new HashMap<>();

  private ListAppendChecker(List<ListTransaction> transactions) {
    this.transactions = transactions;
  }

  /// @param end every list, as read after the last client has ended
  public static List<String> check(
      List<ListTransaction> transactions, Map<Integer, List<Long>> end) {
    ListAppendChecker checker = new ListAppendChecker(transactions);
    checker.order.putAll(end);
    checker.writers();
    checker.stored();
    checker.shown();
    checker.inOrder();
    checker.cycle();
    return checker.found.all();
  }

  private void writers() {
    for (int i = 0; i < transactions.size(); i++) {
      for (Step step : transactions.get(i).steps()) {
        if (step instanceof Append append) {
          writer.put(append.value(), i);
        }
      }
    }
  }

  private void stored() {
    Set<Long> there = new HashSet<>();
    order.forEach(
        (list, values) -> {
          for (long value : values) {
            Integer by = writer.get(value);
            if (!there.add(value)) {
              found.add("list %d: %d is there twice".formatted(list, value));
            } else if (by == null) {
              found.add("list %d: nobody appended %d".formatted(list, value));
            } else if (transactions.get(by).told() == Told.FAILED) {
              found.add("list %d: %d was rolled back, and is there".formatted(list, value));
            }
          }
        });
    for (ListTransaction transaction : transactions) {
      List<Append> appends = appends(transaction);
      long present = appends.stream().filter(each -> there.contains(each.value())).count();
      if (transaction.told() == Told.DONE && present < appends.size()) {
        found.add("lists: %s was acknowledged, and is not there".formatted(appends));
      } else if (present > 0 && present < appends.size()) {
        found.add("lists: %s is there in part".formatted(appends));
      }
    }
  }

  private static List<Append> appends(ListTransaction transaction) {
    return transaction.steps().stream()
        .filter(Append.class::isInstance)
        .map(Append.class::cast)
        .toList();
  }

  private void shown() {
    for (int i = 0; i < transactions.size(); i++) {
      if (transactions.get(i).told() != Told.FAILED) {
        Map<Integer, List<Long>> own = new HashMap<>();
        for (Step step : transactions.get(i).steps()) {
          switch (step) {
            case Append append ->
                own.computeIfAbsent(append.list(), list -> new ArrayList<>()).add(append.value());
            case Show show -> shown(i, show, own.getOrDefault(show.list(), List.of()));
          }
        }
      }
    }
  }

  /// A transaction is shown its own appends behind what it found.
  private void shown(int reader, Show show, List<Long> own) {
    List<Long> values = show.values();
    int before = values.size() - own.size();
    if (before < 0 || !values.subList(before, values.size()).equals(own)) {
      found.add(
          "list %d: %s does not end in the reader's own %s".formatted(show.list(), values, own));
      return;
    }
    List<Long> others = values.subList(0, before);
    List<Long> all = order.getOrDefault(show.list(), List.of());
    boolean committed = transactions.get(reader).told() == Told.DONE;
    if (before > all.size() || !all.subList(0, before).equals(others)) {
      if (committed) {
        found.add(
            "list %d: %s was shown, and in the end it is %s".formatted(show.list(), others, all));
      }
      return;
    }
    Integer last = before == 0 ? null : writer.get(others.getLast());
    Integer next = next(all, before, reader);
    if (last != null) {
      goesBefore(last, reader);
      if (last.equals(next) && last != reader) {
        found.add("list %d: %s shows a half of a transaction".formatted(show.list(), others));
      }
    }
    if (next != null && committed) {
      goesBefore(reader, next);
    }
  }

  /// Who appended what comes next, the reader itself apart.
  private @Nullable Integer next(List<Long> all, int from, int reader) {
    for (long value : all.subList(from, all.size())) {
      Integer by = writer.get(value);
      if (by != null && by != reader) {
        return by;
      }
    }
    return null;
  }

  private void inOrder() {
    for (List<Long> values : order.values()) {
      for (int i = 1; i < values.size(); i++) {
        Integer before = writer.get(values.get(i - 1));
        Integer by = writer.get(values.get(i));
        if (before != null && by != null) {
          goesBefore(before, by);
        }
      }
    }
  }

  private void goesBefore(int first, int second) {
    if (first != second) {
      after.computeIfAbsent(first, each -> new TreeSet<>()).add(second);
    }
  }

  /// Takes away whoever nobody goes before, until nobody is left, or a cycle.
  private void cycle() {
    Map<Integer, Integer> before = new HashMap<>();
    after.forEach((first, all) -> all.forEach(second -> before.merge(second, 1, Integer::sum)));
    Deque<Integer> free = new ArrayDeque<>();
    after.keySet().stream().filter(each -> !before.containsKey(each)).forEach(free::add);
    while (!free.isEmpty()) {
      for (int next : after.getOrDefault(free.remove(), Set.of())) {
        if (before.merge(next, -1, Integer::sum) == 0) {
          before.remove(next);
          free.add(next);
        }
      }
    }
    if (!before.isEmpty()) {
      found.add(
          "lists: no order explains these transactions: %s"
              .formatted(before.keySet().stream().limit(6).map(transactions::get).toList()));
    }
  }
}
