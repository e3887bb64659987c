package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.ByteStrings;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A column of a table that the database fills by itself, by something that no other session's work
/// depends on: the next value of a sequence, the time, a random value. A default that counts in a
/// table is none: others may have been given the same since.
///
/// @param attribute its number in the table
/// @param increment of the sequence; 0 when it has none
record GeneratedColumn(int attribute, InsertText.Column column, long increment) {
  /// A default that the server shows as one of these, with a cast or not.
  private static final Pattern OF_ITSELF =
      Pattern.compile(
          "\\(*(?:now\\(\\)|CURRENT_TIMESTAMP(?:\\(\\d\\))?|LOCALTIMESTAMP(?:\\(\\d\\))?"
              + "|clock_timestamp\\(\\)|statement_timestamp\\(\\)|transaction_timestamp\\(\\)"
              + "|timezone\\('utc'::text, now\\(\\)\\)|gen_random_uuid\\(\\)|random\\(\\)"
              + "|uuid_generate_v[14]\\(\\)|uuidv[47]\\(\\))\\)*(?:::[a-z ]+(?:\\(\\d+\\))?)?");

  /// Asks for the columns of a table: number, name, kind of identity, position among those not
  /// dropped, default, increment of the sequence.
  static String question(int table) {
    return """
    SELECT a.attnum, a.attname, a.attidentity,
      (SELECT pg_catalog.count(*) FROM pg_catalog.pg_attribute b
        WHERE b.attrelid = a.attrelid AND b.attnum > 0 AND NOT b.attisdropped
          AND b.attnum < a.attnum),
      pg_catalog.pg_get_expr(d.adbin, d.adrelid),
      (SELECT s.seqincrement FROM pg_catalog.pg_sequence s
        WHERE s.seqrelid = CASE WHEN a.attidentity <> ''
          THEN pg_catalog.pg_get_serial_sequence(
            a.attrelid::pg_catalog.regclass::text, a.attname)::pg_catalog.regclass
          ELSE pg_catalog.substring(pg_catalog.pg_get_expr(d.adbin, d.adrelid),
            '^nextval[(]''(.*)''::regclass[)]$')::pg_catalog.regclass END)
    FROM pg_catalog.pg_attribute a
      LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = %d AND a.attnum > 0 AND NOT a.attisdropped
      AND (d.adbin IS NOT NULL OR a.attidentity <> '')\
    """
        .formatted(Integer.toUnsignedLong(table));
  }

  /// Reads a row of the answer.
  ///
  /// @return empty when the column is not filled by something of that kind
  static Optional<GeneratedColumn> of(List<@Nullable String> row) {
    String identity = text(row, 2);
    String byDefault = text(row, 4);
    String increment = text(row, 5);
    boolean sequence = !increment.isEmpty();
    if (!sequence && !OF_ITSELF.matcher(byDefault).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new GeneratedColumn(
            Integer.parseInt(text(row, 0)),
            new InsertText.Column(
                ByteStrings.of(text(row, 1)), Integer.parseInt(text(row, 3)), identity.equals("a")),
            sequence ? Long.parseLong(increment) : 0));
  }

  private static String text(List<@Nullable String> row, int column) {
    String value = row.get(column);
    return value == null ? "" : value;
  }

  /// False when the sequence has yet to give this value, so that somebody else may be given it: the
  /// log of its last steps was lost with the old home.
  boolean isBehind(long given, long now) {
    return increment == 0 || (increment > 0 ? given < now : given > now);
  }
}
