package dev.baton.lab.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// A checker that finds nothing proves nothing: each kind of damage is planted in a history that is
/// possible, and must be found. Times are small numbers.
class CheckersTest {
  // --- set

  @Test
  void aSetThatHasWhatWasToldIsPossible() {
    assertThat(
            SetChecker.check(
                List.of(done(1, 0, 1), failed(2, 0, 2), unknown(3, 0, 9), unknown(4, 0, 9)),
                List.of(read(2, 3, 1), read(4, 5, 1, 3)),
                read(10, 11, 1, 3)))
        .isEmpty();
  }

  @Test
  void findsWhatASetHasLostDoubledOrMadeUp() {
    List<Write> adds = List.of(done(1, 0, 1), failed(2, 0, 2), unknown(3, 0, 9));
    assertThat(SetChecker.check(adds, List.of(), read(10, 11)))
        .containsExactly("set: 1 was acknowledged, and a later read lacks it");
    assertThat(SetChecker.check(adds, List.of(), read(10, 11, 1, 1)))
        .containsExactly("set: 1 is there twice");
    assertThat(SetChecker.check(adds, List.of(), read(10, 11, 1, 2)))
        .containsExactly("set: 2 was told to be rolled back, and is shown");
    assertThat(SetChecker.check(adds, List.of(), read(10, 11, 1, 7)))
        .containsExactly("set: 7 is shown before anybody added it");
  }

  @Test
  void findsAReadOfASetThatIsTooOldOrOfWhatVanished() {
    List<Write> adds = List.of(done(1, 0, 1), unknown(3, 0, 9));
    assertThat(SetChecker.check(adds, List.of(read(5, 6)), read(10, 11, 1)))
        .containsExactly("set: 1 was acknowledged, and a later read lacks it");
    assertThat(SetChecker.check(adds, List.of(read(5, 6, 1, 3)), read(10, 11, 1)))
        .containsExactly("set: 3 was shown, and is not there in the end");
  }

  // --- counter

  @Test
  void aCounterBetweenWhatWasDoneAndWhatWasBegunIsPossible() {
    List<Write> increments = List.of(done(1, 0, 2), unknown(1, 0, 9), failed(1, 0, 2));
    assertThat(CounterChecker.check(increments, List.of(read(1, 3, 0)), read(10, 11, 1))).isEmpty();
    assertThat(CounterChecker.check(increments, List.of(read(1, 3, 1)), read(10, 11, 2))).isEmpty();
  }

  @Test
  void findsIncrementsLostAndDoubled() {
    List<Write> increments = List.of(done(1, 0, 2), done(1, 3, 4), failed(1, 5, 6));
    assertThat(CounterChecker.check(increments, List.of(), read(10, 11, 1)))
        .containsExactly("counter: 1 is shown after 2 were acknowledged");
    assertThat(CounterChecker.check(increments, List.of(), read(10, 11, 3)))
        .containsExactly("counter: 3 is shown when 2 were begun");
  }

  @Test
  void findsACounterThatFallsThoughNobodyWasToldOfTheIncrement() {
    List<Write> increments = List.of(unknown(1, 0, 9));
    assertThat(
            CounterChecker.check(
                increments, List.of(read(1, 2, 1), read(3, 4, 0)), read(10, 11, 1)))
        .containsExactly("counter: 0 is shown after 1 was");
  }

  // --- register

  @Test
  void aRegisterWhoseReadsHaveAnOrderIsPossible() {
    assertThat(
            RegisterChecker.check(
                0,
                List.of(done(1, 0, 10), done(2, 5, 15), unknown(3, 12, 90), failed(4, 0, 1)),
                List.of(read(1, 2, 0), read(6, 7, 1), read(8, 20, 2), read(30, 31, 3))))
        .isEmpty();
  }

  @Test
  void findsAReadThatIsTooOld() {
    assertThat(
            RegisterChecker.check(
                0, List.of(done(1, 0, 1), done(2, 2, 3)), List.of(read(4, 5, 2), read(6, 7, 1))))
        .isNotEmpty();
    assertThat(RegisterChecker.check(0, List.of(done(1, 0, 1)), List.of(read(4, 5, 0))))
        .isNotEmpty();
  }

  @Test
  void findsTwoValuesThatStandAtOnceAsWithTwoWriters() {
    assertThat(
            RegisterChecker.check(
                0,
                List.of(done(1, 0, 1), done(2, 2, 3)),
                List.of(read(4, 5, 2), read(6, 7, 1), read(8, 9, 2))))
        .contains("register: 1 and 2 stand at the same time");
  }

  @Test
  void findsAWriteThatIsLost() {
    assertThat(
            RegisterChecker.check(
                0, List.of(done(1, 0, 1), done(2, 4, 5)), List.of(read(2, 3, 1), read(6, 7, 1))))
        .containsExactly("register: 2 stands while 1 does: a read is too old or a write is lost");
  }

  @Test
  void findsAValueThatWasRolledBackOrThatNobodyWrote() {
    assertThat(RegisterChecker.check(0, List.of(failed(1, 0, 1)), List.of(read(2, 3, 1))))
        .containsExactly("register: 1 was told to be rolled back, and is shown");
    assertThat(RegisterChecker.check(0, List.of(), List.of(read(2, 3, 7))))
        .containsExactly("register: 7 is shown before anybody wrote it");
  }

  /// Histories made by a register are possible; with one answer in each moved to the value before,
  /// most are not.
  @Test
  void tellsARegistersHistoriesFromOthers() {
    int found = 0;
    for (long seed = 1; seed <= 200; seed++) {
      List<Write> writes = new ArrayList<>();
      List<Read> reads = new ArrayList<>();
      runRegister(seed, writes, reads);
      assertThat(RegisterChecker.check(0, writes, reads)).as("seed %d", seed).isEmpty();
      Read late = reads.getLast();
      reads.set(
          reads.size() - 1,
          new Read(List.of(reads.getFirst().value()), late.beganNanos(), late.endedNanos()));
      found += RegisterChecker.check(0, writes, reads).isEmpty() ? 0 : 1;
    }
    assertThat(found).isGreaterThan(150);
  }

  /// Operations overlap; each takes effect at one moment between its beginning and its end.
  private static void runRegister(long seed, List<Write> writes, List<Read> reads) {
    SplittableRandom random = new SplittableRandom(seed);
    long value = 0;
    for (long moment = 100; moment < 4_000; moment += 20) {
      long began = moment - random.nextInt(60);
      long ended = moment + 1 + random.nextInt(60);
      if (random.nextInt(3) == 0) {
        value = moment;
        boolean told = random.nextInt(10) > 0;
        writes.add(new Write(value, began, ended, told ? Told.DONE : Told.NOTHING));
      } else {
        reads.add(read(began, ended, value));
      }
    }
  }

  // --- bank

  @Test
  void aBankInWhichAllMoneyIsThereIsPossible() {
    assertThat(BankChecker.check(2, 20, List.of(read(0, 1, 10, 10)), read(2, 3, 0, 20))).isEmpty();
  }

  @Test
  void findsMoneyLostMadeOrOverdrawn() {
    assertThat(BankChecker.check(2, 20, List.of(read(0, 1, 10, 5)), read(2, 3, 0, 20)))
        .containsExactly("bank: 2 accounts with 15 are shown, not 2 with 20");
    assertThat(BankChecker.check(2, 20, List.of(), read(2, 3, 20)))
        .containsExactly("bank: 1 accounts with 20 are shown, not 2 with 20");
    assertThat(BankChecker.check(2, 20, List.of(), read(2, 3, 25, -5)))
        .containsExactly("bank: an account is overdrawn: [25, -5]");
  }

  private static Write done(long value, long began, long ended) {
    return new Write(value, began, ended, Told.DONE);
  }

  private static Write failed(long value, long began, long ended) {
    return new Write(value, began, ended, Told.FAILED);
  }

  private static Write unknown(long value, long began, long ended) {
    return new Write(value, began, ended, Told.NOTHING);
  }

  private static Read read(long began, long ended, long... values) {
    return new Read(LongStream.of(values).boxed().toList(), began, ended);
  }
}
