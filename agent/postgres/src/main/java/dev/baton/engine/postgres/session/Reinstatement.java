package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.SessionInventory.Cursor;
import dev.baton.engine.postgres.session.SessionInventory.Relation;
import io.netty.buffer.Unpooled;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes on a new backend what lay on the old one alone: advisory locks, temporary objects, cursors
/// WITH HOLD. Whether it is the same is asked of the new backend, and compared.
final class Reinstatement {
  private static final byte[] COPY_DONE = {'c', 0, 0, 0, 4};

  private final SessionBinding binding;
  private final TemporaryObjects temporary;
  private final @Nullable Carried carried;
  private final Dialogue dialogue;
  private final Answer unasked;
  private @Nullable String obstacle;

  /// @param temporary as far as no replay makes it
  /// @param carried null when the old backend was lost
  Reinstatement(
      SessionBinding binding,
      TemporaryObjects temporary,
      @Nullable Carried carried,
      Dialogue dialogue,
      Answer unasked) {
    this.binding = binding;
    this.temporary = temporary;
    this.carried = carried;
    this.dialogue = dialogue;
    this.unasked = unasked;
  }

  /// True when there is anything to make.
  boolean isNeeded() {
    return !binding.present().isEmpty();
  }

  /// Before anything else, since others wait for them.
  void takeLocks() {
    List<String> taking = binding.takingLocks();
    if (taking.isEmpty()) {
      return;
    }
    ask(
        "SELECT " + String.join(", ", taking),
        answer -> {
          boolean all =
              answer.rows().stream().allMatch(row -> Collections.frequency(row, "t") == row.size());
          if (answer.failed() || !all) {
            fail("another session holds an advisory lock of it at the new home");
          }
        });
  }

  /// @param done told why it could not be made; null when it is there
  void makeObjects(Consumer<@Nullable String> done) {
    temporary.commands().forEach(this::run);
    Carried along = carried;
    if (along != null) {
      for (Carried.Rows rows : along.tables()) {
        run(
            "COPY pg_temp.%s FROM STDIN (FORMAT binary)"
                .formatted(SqlText.identifier(rows.table())));
        dialogue.write(rows.copy().retainedDuplicate());
        dialogue.write(Unpooled.wrappedBuffer(COPY_DONE));
      }
      for (Carried.Place place : along.sequences()) {
        run(
            "SELECT pg_catalog.setval(%s::pg_catalog.regclass, %s, %s)"
                .formatted(
                    SqlText.literal("pg_temp." + SqlText.identifier(place.sequence())),
                    place.lastValue(),
                    place.called().equals("t")));
      }
      along.cursors().forEach(cursor -> cursor.commands().forEach(this::run));
    }
    ask(
        SessionInventory.question(Set.of()),
        answer -> {
          if (obstacle == null && !isSame(SessionInventory.of(answer.rows()))) {
            fail("what it had on its own backend came out otherwise at the new home");
          }
          done.accept(obstacle);
        });
    dialogue.flush();
  }

  private boolean isSame(SessionInventory now) {
    SessionInventory before = binding.present();
    return now.locks().equals(before.locks())
        && set(now.relations()).equals(set(before.relations()))
        && names(now).equals(names(before))
        && now.others() == before.others();
  }

  private static Set<Relation> set(List<Relation> relations) {
    return new HashSet<>(relations);
  }

  private static List<String> names(SessionInventory inventory) {
    return inventory.cursors().stream().map(Cursor::name).toList();
  }

  private void run(String command) {
    ask(
        command,
        answer -> {
          if (answer.failed()) {
            fail("what it had on its own backend could not be made again: " + answer.failure());
          }
        });
  }

  private void ask(String sql, Consumer<AskedResult> answered) {
    dialogue.write(OwnMessages.simple(sql));
    dialogue.owe(new AskedResult(unasked, answered));
  }

  private void fail(String why) {
    if (obstacle == null) {
      obstacle = why;
    }
  }
}
