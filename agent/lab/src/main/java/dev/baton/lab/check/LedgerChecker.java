package dev.baton.lab.check;

import dev.baton.lab.load.Kind;
import dev.baton.lab.load.Noted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Compares clients' ledgers with what is stored. Pure.
public final class LedgerChecker {
  private static final int MAX_EXAMPLES = 20;
  private static final long ENTRIES_OF_A_TRANSFER = 2;

  private final List<String> examples = new ArrayList<>();
  private long lost;
  private long duplicated;

  private LedgerChecker() {}

  /// @param stored every id that is stored, once
  public static Damage check(Stream<Noted> notes, Stream<Stored> stored) {
    LedgerChecker checker = new LedgerChecker();
    Map<Long, Stored> left = new HashMap<>();
    stored.forEach(each -> left.put(each.id(), each));
    notes.forEach(note -> checker.compare(note, left.remove(note.id())));
    left.values()
        .forEach(each -> checker.tooOften(each.rows(), each.id() + " is stored, nobody wrote it"));
    return new Damage(checker.lost, checker.duplicated, List.copyOf(checker.examples));
  }

  private void compare(Noted note, @Nullable Stored found) {
    switch (note.outcome()) {
      case ACKNOWLEDGED -> acknowledged(note, found);
      case ROLLED_BACK -> {
        if (found != null) {
          tooOften(found.rows(), note.id() + " was told to be rolled back, and is stored");
        }
      }
      case IN_DOUBT -> {
        if (found != null) {
          whole(note, found);
        }
      }
    }
  }

  private void acknowledged(Noted note, @Nullable Stored found) {
    if (found == null) {
      missing(note.id() + " was acknowledged, and is not stored");
    } else if (found.rows() == 1 && found.key() != note.key()) {
      missing(
          note.id() + " was told to have key " + note.key() + ", and is stored as " + found.key());
    } else {
      whole(note, found);
    }
  }

  private void whole(Noted note, Stored found) {
    long expected = note.kind() == Kind.TRANSFER ? ENTRIES_OF_A_TRANSFER * found.rows() : 0;
    if (found.kind() != note.kind() || found.entries() != expected || found.sum() != 0) {
      missing(
          "%d is stored in part: %d entries that add up to %d"
              .formatted(note.id(), found.entries(), found.sum()));
    }
    if (found.rows() > 1) {
      tooOften(found.rows() - 1, note.id() + " is stored " + found.rows() + " times");
    }
  }

  private void missing(String example) {
    lost++;
    say(example);
  }

  private void tooOften(long times, String example) {
    duplicated += times;
    say(example);
  }

  private void say(String example) {
    if (examples.size() < MAX_EXAMPLES) {
      examples.add(example);
    }
  }
}
