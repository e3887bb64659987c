package dev.baton.core.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.route.RequestLog.Ending;
import dev.baton.model.LogPosition;
import dev.baton.model.Stamp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random histories of sessions and log against a model that keeps everything and compares from
/// scratch after every step. Ids come again, as they do after a take-over, so that only the
/// position tells whose commit it is: an off-by-one in `Coverage.covers` fails here within a few
/// seeds.
class DeduplicationModelTest {
  private static final int SEEDS = 300;

  static List<Integer> seeds() {
    return java.util.stream.IntStream.range(0, SEEDS).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void purgesExactlyWhatIsCovered(int seed) {
    new History(seed).run(400);
  }

  private static final class Transaction {
    final long first;
    final List<Long> stamps = new ArrayList<>();
    long id;
    boolean gone;
    long coveredAt;

    Transaction(long first) {
      this.first = first;
    }

    long lastStamp() {
      return stamps.getLast();
    }
  }

  private static final class History {
    private final int seed;
    private final Random random;
    private final Deduplication memory = new Deduplication(1 << 20, new CommitIndex(1 << 10));
    private final Map<Long, Long> commitEnds = new HashMap<>();
    private final List<Transaction> all = new ArrayList<>();
    private final Map<Long, Transaction> open = new HashMap<>();
    private final Map<Long, Long> lastRequest = new HashMap<>();
    private long logEnd = 10;
    private long stamped;
    private long purged;
    private long forwarded;

    History(int seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    void run(int steps) {
      for (int step = 0; step < steps; step++) {
        switch (random.nextInt(6)) {
          case 0, 1 -> request(random.nextInt(4));
          case 2 -> identify(random.nextInt(4));
          case 3, 4 -> commitRecord();
          default -> end(random.nextInt(4));
        }
        check(step);
      }
    }

    private void request(long session) {
      long number = lastRequest.merge(session, 1L, Long::sum);
      Transaction transaction =
          open.computeIfAbsent(
              session,
              s -> {
                Transaction begun = new Transaction(number);
                all.add(begun);
                return begun;
              });
      // The stamp is a lower bound of the log's end, and never falls.
      long least = transaction.stamps.isEmpty() ? logEnd - 2 : transaction.lastStamp();
      long stamp = Math.max(least, logEnd - random.nextInt(3));
      transaction.stamps.add(stamp);
      stamped++;
      if (transaction.coveredAt > stamp) {
        purged++;
        transaction.stamps.removeLast();
        transaction.stamps.add(transaction.coveredAt - 1);
      } else if (transaction.coveredAt != 0) {
        transaction.stamps.clear();
        transaction.stamps.add(stamp);
        transaction.coveredAt = 0;
      }
      memory.stamped(
          "w",
          new Stamp(1, session, number, LogPosition.of(stamp)),
          transaction.first,
          ByteBuffer.wrap(new byte[random.nextInt(20)]),
          0);
    }

    private void identify(long session) {
      Transaction transaction = open.get(session);
      if (transaction != null && transaction.id == 0) {
        transaction.id = 1L + random.nextInt(8);
        memory.identified("w", session, transaction.first, transaction.id);
      }
    }

    private void commitRecord() {
      long id = 1L + random.nextInt(8);
      logEnd += random.nextInt(2);
      commitEnds.put(id, logEnd);
      memory.committed(new long[] {id}, LogPosition.of(logEnd));
    }

    private void end(long session) {
      Transaction transaction = open.remove(session);
      if (transaction == null) {
        return;
      }
      if (transaction.id != 0 && random.nextInt(3) > 0) {
        memory.ended("w", session, transaction.first, Ending.COMMITTED);
        return;
      }
      int held = transaction.coveredAt == 0 ? transaction.stamps.size() : 0;
      transaction.gone = true;
      if (random.nextBoolean()) {
        forwarded += held;
        memory.forwarded("w", session, transaction.first);
      } else {
        purged += held;
        memory.ended("w", session, transaction.first, Ending.ROLLED_BACK);
      }
    }

    private void check(int step) {
      long held = 0;
      for (Transaction transaction : all) {
        Long end = transaction.id == 0 ? null : commitEnds.get(transaction.id);
        if (transaction.gone || transaction.coveredAt != 0) {
          continue;
        }
        if (end != null && end > transaction.lastStamp()) {
          transaction.coveredAt = end;
          purged += transaction.stamps.size();
        } else {
          held += transaction.stamps.size();
        }
      }
      Deduplication.Counts counts = memory.counts();
      assertThat(List.of(counts.stamped(), counts.purged(), counts.forwarded(), counts.held()))
          .as("seed %d, step %d: stamped, purged, forwarded, held", seed, step)
          .containsExactly(stamped, purged, forwarded, held);
      assertThat(memory.uncovered().stream().mapToLong(t -> t.requests).sum()).isEqualTo(held);
      assertThat(memory.uncovered().stream().mapToLong(t -> t.bytes).sum())
          .isEqualTo(counts.heldBytes());
    }
  }
}
