package dev.baton.lab.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.lab.history.ListTransaction.Append;
import dev.baton.lab.history.ListTransaction.Show;
import dev.baton.lab.history.ListTransaction.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Each anomaly is planted, and must be found; what a serializable database does is possible.
class ListAppendCheckerTest {
  @Test
  void transactionsOneAfterTheOtherArePossible() {
    assertThat(
            check(
                Map.of(1, List.of(10L, 11L, 12L)),
                done(append(1, 10)),
                done(show(1, 10), append(1, 11), show(1, 10, 11)),
                failed(append(1, 99), show(1, 10, 11, 99)),
                unknown(append(1, 12)),
                unknown(append(1, 13))))
        .isEmpty();
  }

  @Test
  void findsLostDoubledRolledBackAndInventedValues() {
    assertThat(check(Map.of(1, List.of()), done(append(1, 10))))
        .anyMatch(found -> found.contains("was acknowledged, and is not there"));
    assertThat(check(Map.of(1, List.of(10L, 10L)), done(append(1, 10))))
        .contains("list 1: 10 is there twice");
    assertThat(check(Map.of(1, List.of(10L)), failed(append(1, 10))))
        .contains("list 1: 10 was rolled back, and is there");
    assertThat(check(Map.of(1, List.of(10L)))).contains("list 1: nobody appended 10");
  }

  @Test
  void findsHalfATransaction() {
    assertThat(check(Map.of(1, List.of(10L), 2, List.of()), unknown(append(1, 10), append(2, 20))))
        .anyMatch(found -> found.contains("is there in part"));
    assertThat(
            check(
                Map.of(1, List.of(10L, 11L)),
                done(append(1, 10), append(1, 11)),
                done(show(1, 10))))
        .contains("list 1: [10] shows a half of a transaction");
  }

  @Test
  void findsWhatWasShownAndNeverCameToBe() {
    assertThat(check(Map.of(1, List.of(10L)), done(append(1, 10)), done(show(1, 12))))
        .contains("list 1: [12] was shown, and in the end it is [10]");
  }

  @Test
  void findsAReaderThatDoesNotSeeWhatItWrote() {
    assertThat(check(Map.of(1, List.of(10L)), done(append(1, 10), show(1))))
        .contains("list 1: [] does not end in the reader's own [10]");
  }

  /// Each read what the other was about to change: write skew.
  @Test
  void findsWriteSkew() {
    assertThat(
            check(
                Map.of(1, List.of(10L), 2, List.of(20L)),
                done(show(2), append(1, 10)),
                done(show(1), append(2, 20))))
        .anyMatch(found -> found.startsWith("lists: no order explains"));
  }

  @Test
  void findsALostUpdate() {
    assertThat(
            check(
                Map.of(1, List.of(10L, 11L)),
                done(show(1), append(1, 10)),
                done(show(1), append(1, 11))))
        .anyMatch(found -> found.startsWith("lists: no order explains"));
  }

  /// One reader sees the first write alone, the other the second alone.
  @Test
  void findsAFracturedOrder() {
    assertThat(
            check(
                Map.of(1, List.of(10L), 2, List.of(20L)),
                done(append(1, 10)),
                done(append(2, 20)),
                done(show(1, 10), show(2)),
                done(show(1), show(2, 20))))
        .anyMatch(found -> found.startsWith("lists: no order explains"));
  }

  /// Histories of a database that runs one transaction after the other are possible; the same with
  /// one acknowledged transaction taken out of it are not.
  @Test
  void tellsASerialDatabasesHistoriesFromOthers() {
    for (long seed = 1; seed <= 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Map<Integer, List<Long>> lists = new TreeMap<>();
      List<ListTransaction> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        all.add(transaction(random, lists, i));
      }
      assertThat(ListAppendChecker.check(all, lists)).as("seed %d", seed).isEmpty();
      lists.values().stream().filter(list -> list.size() > 2).forEach(list -> list.remove(1));
      assertThat(ListAppendChecker.check(all, lists)).as("seed %d", seed).isNotEmpty();
    }
  }

  private static ListTransaction transaction(
      SplittableRandom random, Map<Integer, List<Long>> lists, int number) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      int list = random.nextInt(3);
      List<Long> values = lists.computeIfAbsent(list, each -> new ArrayList<>());
      if (random.nextBoolean()) {
        values.add(number * 10L + i);
        steps.add(new Append(list, number * 10L + i));
      } else {
        steps.add(new Show(list, values));
      }
    }
    return new ListTransaction(steps, random.nextInt(10) > 0 ? Told.DONE : Told.NOTHING);
  }

  private static List<String> check(Map<Integer, List<Long>> end, ListTransaction... all) {
    return ListAppendChecker.check(List.of(all), end);
  }

  private static ListTransaction done(Step... steps) {
    return new ListTransaction(List.of(steps), Told.DONE);
  }

  private static ListTransaction failed(Step... steps) {
    return new ListTransaction(List.of(steps), Told.FAILED);
  }

  private static ListTransaction unknown(Step... steps) {
    return new ListTransaction(List.of(steps), Told.NOTHING);
  }

  private static Append append(int list, long value) {
    return new Append(list, value);
  }

  private static Show show(int list, long... values) {
    return new Show(list, LongStream.of(values).boxed().toList());
  }
}
