package dev.baton.engine.postgres.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What of a session lies on its own backend alone, as that backend lists it when no transaction is
/// open.
///
/// @param relations temporary tables, views and sequences, in the order of their creation
/// @param cursors those WITH HOLD, by name
/// @param others there are temporary functions or types, too
/// @param parameters those that were asked for by name, and are set
record SessionInventory(
    Set<LockKey> locks,
    List<Relation> relations,
    List<Cursor> cursors,
    boolean others,
    Map<String, String> parameters) {
  static final SessionInventory NOTHING =
      new SessionInventory(Set.of(), List.of(), List.of(), false, Map.of());

  /// An advisory lock of the session, as `pg_locks` shows it.
  ///
  /// @param high `classid`: the first number of two, or the upper half of one of 64 bits
  /// @param low `objid`
  /// @param numbers 1 or 2
  record LockKey(boolean shared, int high, int low, int numbers) implements Comparable<LockKey> {
    /// An expression that takes it once more, and is true when that succeeds.
    String taking() {
      String function = "pg_catalog.pg_try_advisory_lock" + (shared ? "_shared" : "");
      return numbers == 2
          ? "%s(%d, %d)".formatted(function, high, low)
          : "%s((%d)::pg_catalog.int8)"
              .formatted(function, ((long) high << Integer.SIZE) | Integer.toUnsignedLong(low));
    }

    @Override
    public int compareTo(LockKey other) {
      return taking().compareTo(other.taking());
    }
  }

  /// A temporary relation.
  ///
  /// @param kind `r` table, `v` view, `S` sequence, or another letter of `pg_class.relkind`
  /// @param shape digest of its columns, defaults, constraints, indexes, owner and rights
  /// @param special it has triggers, rules, policies, parents or children
  record Relation(String name, char kind, String shape, boolean special) {
    boolean isTable() {
      return kind == 'r';
    }

    boolean isSequence() {
      return kind == 'S';
    }
  }

  record Cursor(String name, boolean scrollable, boolean binary) {}

  /// Everything is named in full, but for operators: whoever puts operators of his own before those
  /// of the server misleads himself alone.
  private static final String QUESTION =
      """
      /* baton: what lies on this backend alone */
      SELECT 'lock', 0::pg_catalog.int8, l.mode, l.classid::pg_catalog.text,\
       l.objid::pg_catalog.text, l.objsubid::pg_catalog.text\
       FROM pg_catalog.pg_locks l\
       WHERE l.locktype = 'advisory' AND l.granted AND l.pid = pg_catalog.pg_backend_pid()
      UNION ALL
      SELECT 'relation', c.oid::pg_catalog.int8, c.relname::pg_catalog.text,\
       c.relkind::pg_catalog.text,\
       pg_catalog.md5(pg_catalog.regexp_replace(pg_catalog.concat_ws('/', c.relowner, c.relacl,\
       c.reloptions,\
       (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.attnum, a.attname,\
       pg_catalog.format_type(a.atttypid, a.atttypmod), a.attcollation, a.attnotnull,\
       a.attidentity, a.attgenerated, a.attstorage, a.attacl,\
       pg_catalog.pg_get_expr(d.adbin, d.adrelid)), ',' ORDER BY a.attnum)\
       FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d\
       ON d.adrelid = a.attrelid AND d.adnum = a.attnum\
       WHERE a.attrelid = c.oid AND a.attnum > 0),\
       (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', k.conname,\
       pg_catalog.pg_get_constraintdef(k.oid)), ',' ORDER BY k.conname)\
       FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid),\
       (SELECT pg_catalog.string_agg(pg_catalog.pg_get_indexdef(i.indexrelid), ','\
       ORDER BY i.indexrelid) FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid),\
       (SELECT pg_catalog.concat_ws(' ', s.seqtypid, s.seqstart, s.seqincrement, s.seqmax,\
       s.seqmin, s.seqcache, s.seqcycle) FROM pg_catalog.pg_sequence s WHERE s.seqrelid = c.oid),\
       CASE WHEN c.relkind = 'v' THEN pg_catalog.pg_get_viewdef(c.oid) END),\
       'pg_temp_[0-9]+', 'pg_temp', 'g')),\
       (c.relrowsecurity OR c.relispartition OR (c.relkind <> 'v' AND c.relhasrules)\
       OR EXISTS (SELECT FROM pg_catalog.pg_trigger t\
       WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)\
       OR EXISTS (SELECT FROM pg_catalog.pg_inherits h\
       WHERE h.inhrelid = c.oid OR h.inhparent = c.oid))::pg_catalog.text\
       FROM pg_catalog.pg_class c\
       WHERE pg_catalog.pg_my_temp_schema() <> 0\
       AND c.relnamespace = pg_catalog.pg_my_temp_schema() AND c.relkind <> 'i'
      UNION ALL
      SELECT 'other', 0, p.proname::pg_catalog.text, NULL, NULL, NULL FROM pg_catalog.pg_proc p\
       WHERE pg_catalog.pg_my_temp_schema() <> 0\
       AND p.pronamespace = pg_catalog.pg_my_temp_schema()
      UNION ALL
      SELECT 'other', 0, t.typname::pg_catalog.text, NULL, NULL, NULL FROM pg_catalog.pg_type t\
       WHERE pg_catalog.pg_my_temp_schema() <> 0\
       AND t.typnamespace = pg_catalog.pg_my_temp_schema()\
       AND t.typtype IN ('d', 'e', 'r', 'b') AND t.typelem = 0
      UNION ALL
      SELECT 'cursor', 0, u.name, u.is_scrollable::pg_catalog.text,\
       u.is_binary::pg_catalog.text, NULL FROM pg_catalog.pg_cursors u WHERE u.is_holdable
      """;

  /// @param parameters names of parameters whose values are asked for
  static String question(Set<String> parameters) {
    StringBuilder question = new StringBuilder(QUESTION);
    for (String parameter : parameters) {
      String name = SqlText.literal(parameter);
      question
          .append("UNION ALL SELECT 'parameter', 0, ")
          .append(name)
          .append(", pg_catalog.current_setting(")
          .append(name)
          .append(", true), NULL, NULL ");
    }
    return question.append("ORDER BY 1, 2, 3").toString();
  }

  /// @param rows answer to the question, byte strings
  static SessionInventory of(List<List<@Nullable String>> rows) {
    Set<LockKey> locks = new TreeSet<>();
    List<Relation> relations = new ArrayList<>();
    List<Cursor> cursors = new ArrayList<>();
    Map<String, String> parameters = new TreeMap<>();
    boolean others = false;
    for (List<@Nullable String> row : rows) {
      String name = text(row, 2);
      switch (text(row, 0)) {
        case "lock" ->
            locks.add(
                new LockKey(
                    name.equals("ShareLock"),
                    Integer.parseUnsignedInt(text(row, 3)),
                    Integer.parseUnsignedInt(text(row, 4)),
                    Integer.parseInt(text(row, 5))));
        case "relation" ->
            relations.add(new Relation(name, text(row, 3).charAt(0), text(row, 4), isTrue(row, 5)));
        case "cursor" -> cursors.add(new Cursor(name, isTrue(row, 3), isTrue(row, 4)));
        case "parameter" -> {
          if (!text(row, 3).isEmpty() && row.get(3) != null) {
            parameters.put(name, text(row, 3));
          }
        }
        default -> others = true;
      }
    }
    return new SessionInventory(
        locks, List.copyOf(relations), List.copyOf(cursors), others, parameters);
  }

  private static String text(List<@Nullable String> row, int column) {
    return String.valueOf(row.get(column));
  }

  private static boolean isTrue(List<@Nullable String> row, int column) {
    return text(row, column).equals("true");
  }

  boolean isEmpty() {
    return locks.isEmpty() && relations.isEmpty() && cursors.isEmpty() && !others;
  }
}
