package dev.baton.engine.postgres.admin;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One result of a command, as text.
///
/// @param columns names; empty for a command without rows
/// @param tag of CommandComplete: `SELECT 1`
public record Rows(List<String> columns, List<List<@Nullable String>> rows, String tag) {
  /// The only value that was asked for; empty when it is NULL or there is no row.
  public Optional<String> value() {
    if (rows.isEmpty() || rows.getFirst().isEmpty()) {
      return Optional.empty();
    }
    return Optional.ofNullable(rows.getFirst().getFirst());
  }

  /// A value by its column's name.
  ///
  /// @throws IllegalArgumentException when there is no such column or row
  public @Nullable String value(int row, String column) {
    int index = columns.indexOf(column);
    if (index < 0 || row < 0 || row >= rows.size()) {
      throw new IllegalArgumentException(
          "no column '%s' in row %d of %s, %d rows".formatted(column, row, columns, rows.size()));
    }
    return rows.get(row).get(index);
  }
}
