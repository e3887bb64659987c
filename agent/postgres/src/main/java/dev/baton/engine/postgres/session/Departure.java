package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.SessionInventory.Cursor;
import dev.baton.engine.postgres.session.SessionInventory.Relation;
import dev.baton.engine.postgres.wire.BackendMessages.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Before a planned move, asks the backend that is going to be left for what lies on it alone. No
/// transaction is open, and none begins until the move is made or undone.
final class Departure {
  private final SessionState state;
  private final SessionBinding binding;
  private final Dialogue dialogue;
  private final Answer unasked;
  private final long maxBytes;
  private final Consumer<Carried> done;
  private final List<Carried.Rows> tables = new ArrayList<>();
  private final List<Carried.Place> sequences = new ArrayList<>();
  private final List<Carried.HeldCursor> cursors = new ArrayList<>();
  private long bytes;
  private @Nullable String obstacle;

  /// @param maxBytes of contents that are taken along
  Departure(
      SessionState state,
      Dialogue dialogue,
      Answer unasked,
      long maxBytes,
      Consumer<Carried> done) {
    this.state = state;
    this.binding = state.binding();
    this.dialogue = dialogue;
    this.unasked = unasked;
    this.maxBytes = maxBytes;
    this.done = done;
  }

  void begin() {
    binding.asking();
    ask(
        SessionInventory.question(state.functions().parameters()),
        list -> {
          state.listed(list);
          listed();
        });
    dialogue.flush();
  }

  private void listed() {
    if (!binding.movability(null).whenPlanned()) {
      done.accept(Carried.not("it cannot come along"));
      return;
    }
    TemporaryObjects known = binding.temporary(null);
    for (Relation relation : binding.present().relations()) {
      if (relation.isSequence()) {
        takePlace(relation.name());
      } else if (relation.isTable() && !known.staysEmpty(relation.name())) {
        takeRows(relation.name());
      }
    }
    List<Cursor> held = binding.present().cursors();
    if (!held.isEmpty()) {
      // numbers as they are, whatever the client wants to see of them
      own("BEGIN");
      own("SET LOCAL extra_float_digits = 3");
      held.forEach(this::takeCursor);
      own("COMMIT");
    }
    dialogue.write(OwnMessages.sync());
    dialogue.owe(new Swallowed(unasked, (_, _, _) -> typeCursors(0)));
    dialogue.flush();
  }

  private void ask(String sql, Consumer<AskedResult> answered) {
    dialogue.write(OwnMessages.unseen(sql));
    dialogue.owe(new AskedResult(unasked, Math.max(maxBytes, 1 << 20), answered));
  }

  private void own(String sql) {
    ask(sql, this::check);
  }

  private void check(AskedResult answer) {
    bytes += answer.bytes();
    if (answer.failed() && obstacle == null) {
      obstacle = answer.failure();
    } else if (bytes > maxBytes) {
      obstacle = "more than " + maxBytes + " bytes";
    }
  }

  private void takeRows(String table) {
    ask(
        "COPY pg_temp.%s TO STDOUT (FORMAT binary)".formatted(SqlText.identifier(table)),
        answer -> {
          check(answer);
          if (obstacle == null) {
            tables.add(new Carried.Rows(table, answer.copied()));
          } else {
            tables.clear();
          }
        });
  }

  private void takePlace(String sequence) {
    ask(
        "SELECT last_value, is_called FROM pg_temp." + SqlText.identifier(sequence),
        answer -> {
          check(answer);
          for (List<@Nullable String> row : answer.rows()) {
            sequences.add(
                new Carried.Place(
                    sequence, String.valueOf(row.getFirst()), String.valueOf(row.getLast())));
          }
        });
  }

  // Cursors. What was read of one is gone from it, so the backend gets it anew if the move is
  // undone.

  private void takeCursor(Cursor cursor) {
    String name = SqlText.identifier(cursor.name());
    int[] place = new int[2];
    if (cursor.scrollable()) {
      ask("FETCH RELATIVE 0 FROM " + name, on -> place[0] = on.rows().size());
      ask("MOVE FORWARD ALL IN " + name, rest -> place[1] = moved(rest.tag()));
      own("MOVE ABSOLUTE 0 IN " + name);
    }
    dialogue.write(OwnMessages.described("FETCH FORWARD ALL FROM " + name));
    dialogue.owe(
        new AskedResult(
            unasked,
            maxBytes,
            answer -> {
              check(answer);
              int count = answer.rows().size();
              boolean beyond = place[0] == 0 && place[1] == 0;
              int at = cursor.scrollable() ? count - place[1] + (beyond ? 1 : 0) : 0;
              cursors.add(
                  new Carried.HeldCursor(
                      cursor,
                      answer.columns().stream().map(Column::name).toList(),
                      answer.columns().stream().map(Departure::type).toList(),
                      answer.rows(),
                      at));
            }));
  }

  private static int moved(String tag) {
    return Integer.parseInt(tag.substring(tag.indexOf(' ') + 1));
  }

  private static String type(Column column) {
    return "pg_catalog.format_type(%d::pg_catalog.oid, %d)"
        .formatted(Integer.toUnsignedLong(column.typeOid()), column.typeModifier());
  }

  private void typeCursors(int index) {
    if (obstacle != null || index == cursors.size()) {
      done.accept(
          obstacle == null
              ? new Carried(tables, sequences, cursors, null)
              : new Carried(List.of(), List.of(), cursors, obstacle));
      return;
    }
    Carried.HeldCursor cursor = cursors.get(index);
    ask(
        "SELECT " + String.join(", ", cursor.types()),
        answer -> {
          check(answer);
          for (List<@Nullable String> row : answer.rows()) {
            cursors.set(
                index,
                new Carried.HeldCursor(
                    cursor.cursor(),
                    cursor.names(),
                    row.stream().map(String::valueOf).toList(),
                    cursor.rows(),
                    cursor.place()));
          }
          typeCursors(index + 1);
        });
    dialogue.flush();
  }
}
