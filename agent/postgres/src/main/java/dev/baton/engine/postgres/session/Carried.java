package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.SessionInventory.Cursor;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a session takes along in a planned move from the backend that it leaves: contents of
/// temporary tables, places of temporary sequences, rows of cursors WITH HOLD.
///
/// @param tables in the order of their creation
/// @param obstacle why it is not complete; null when it is
record Carried(
    List<Rows> tables, List<Place> sequences, List<HeldCursor> cursors, @Nullable String obstacle) {
  /// @param copy CopyData messages in binary format, an unpooled copy that nobody has to release
  record Rows(String table, ByteBuf copy) {}

  record Place(String sequence, String lastValue, String called) {}

  /// @param types of its columns, as SQL
  /// @param place row on which it stands, from 1; 0 before the first. Of a cursor that cannot go
  ///   back only the rows to come are there, and it is 0
  record HeldCursor(
      Cursor cursor,
      List<String> names,
      List<String> types,
      List<List<@Nullable String>> rows,
      int place) {
    /// Commands that make it again.
    List<String> commands() {
      String name = SqlText.identifier(cursor.name());
      List<String> commands = new ArrayList<>();
      commands.add(
          "DECLARE %s %s CURSOR WITH HOLD FOR %s"
              .formatted(name, cursor.scrollable() ? "SCROLL" : "NO SCROLL", query()));
      if (place > rows.size()) {
        commands.add("MOVE FORWARD ALL IN " + name);
      } else if (place > 0) {
        commands.add("MOVE ABSOLUTE " + place + " IN " + name);
      }
      return commands;
    }

    private String query() {
      if (rows.isEmpty()) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
          columns.add(value(null, i) + " AS " + SqlText.identifier(names.get(i)));
        }
        return "SELECT " + String.join(", ", columns) + " WHERE false";
      }
      List<String> values = new ArrayList<>();
      for (List<@Nullable String> row : rows) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
          columns.add(value(row.get(i), i));
        }
        values.add("(" + String.join(", ", columns) + ")");
      }
      return "SELECT * FROM (VALUES %s) AS baton (%s)"
          .formatted(
              String.join(", ", values),
              String.join(", ", names.stream().map(SqlText::identifier).toList()));
    }

    private String value(@Nullable String value, int column) {
      return "CAST(%s AS %s)"
          .formatted(value == null ? "NULL" : SqlText.literal(value), types.get(column));
    }
  }

  static Carried not(String obstacle) {
    return new Carried(List.of(), List.of(), List.of(), obstacle);
  }
}
