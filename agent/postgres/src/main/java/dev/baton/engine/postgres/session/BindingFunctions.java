package dev.baton.engine.postgres.session;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Functions that tie a session to its backend inside, where no request shows it: they take
/// advisory locks, make temporary tables or set parameters, or call a function that does. Known by
/// name, for each database, to all sessions of a front. Safe for any thread.
final class BindingFunctions {
  /// A function that was made elsewhere is known after this long.
  private static final long VALID_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final String PARAMETER = "[a-z_][a-z_0-9]*[.][a-z_0-9.]+";

  /// Answers rows of `function` and its name, `parameter` and its name, `computed` and the name of
  /// a function that sets a parameter whose name is no literal.
  static final String QUESTION =
      """
      /* baton: functions that tie a session to its backend */
      WITH RECURSIVE body AS MATERIALIZED (
       SELECT p.oid, p.proname::pg_catalog.text AS name, pg_catalog.lower(COALESCE(\
       NULLIF(p.prosrc, ''), pg_catalog.pg_get_functiondef(p.oid))) AS source\
       FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang\
       WHERE l.lanname NOT IN ('internal', 'c') AND p.prokind IN ('f', 'p')\
       AND p.pronamespace NOT IN (SELECT n.oid FROM pg_catalog.pg_namespace n\
       WHERE n.nspname IN ('pg_catalog', 'information_schema'))),
      own AS (
       SELECT oid, name, source FROM body\
       WHERE source ~ E'pg_(try_)?advisory_(un)?lock|set_config|\\\\mtemp(orary)?\\\\M|pg_temp'\
       OR source ~ E'\\\\mset\\\\s+(session\\\\s+)?%1$s'
       UNION
       SELECT body.oid, body.name, body.source FROM body, own\
       WHERE pg_catalog.strpos(body.source, pg_catalog.lower(own.name)) > 0)
      SELECT 'function', name FROM own
      UNION SELECT 'parameter', (pg_catalog.regexp_matches(source,\
       E'set_config\\\\s*\\\\(\\\\s*''([^'']+)''\\\\s*,', 'g'))[1] FROM own
      UNION SELECT 'parameter', (pg_catalog.regexp_matches(source,\
       E'\\\\mset\\\\s+(?:session\\\\s+)?(%1$s)\\\\s*(?:=|to)', 'g'))[1] FROM own
      UNION SELECT 'computed', name FROM own\
       WHERE source ~ E'set_config\\\\s*\\\\(\\\\s*[^''[:space:]]'\
      """
          .formatted(PARAMETER);

  private final Map<String, OfDatabase> databases = new ConcurrentHashMap<>();

  OfDatabase of(String database) {
    return databases.computeIfAbsent(database, _ -> new OfDatabase(true));
  }

  /// Those of one database.
  static final class OfDatabase {
    private static final Known NONE = new Known(_ -> false, _ -> false, Set.of());

    /// Of a database of which nothing is ever asked.
    static final OfDatabase UNKNOWN = new OfDatabase(false);

    private final boolean asks;
    private final AtomicLong validUntilNanos = new AtomicLong(Long.MIN_VALUE);
    private volatile Known known = NONE;

    private record Known(
        Predicate<String> called, Predicate<String> computed, Set<String> parameters) {}

    private OfDatabase(boolean asks) {
      this.asks = asks;
    }

    /// True for one caller, who then asks, when what is known may be out of date.
    boolean isDue(long nowNanos) {
      long valid = validUntilNanos.get();
      return asks
          && (valid == Long.MIN_VALUE || valid - nowNanos < 0)
          && validUntilNanos.compareAndSet(valid, nowNanos + VALID_NANOS);
    }

    /// A function was made or changed.
    void outdated() {
      validUntilNanos.set(Long.MIN_VALUE);
    }

    /// @param rows answer to the question, byte strings
    void told(List<List<@Nullable String>> rows) {
      Set<String> parameters = names(rows, "parameter");
      parameters.removeIf(name -> !name.matches(PARAMETER));
      known =
          new Known(
              mentions(names(rows, "function")), mentions(names(rows, "computed")), parameters);
    }

    private static Set<String> names(List<List<@Nullable String>> rows, String kind) {
      return rows.stream()
          .filter(row -> kind.equals(row.getFirst()))
          .map(row -> String.valueOf(row.getLast()))
          .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Predicate<String> mentions(Set<String> names) {
      if (names.isEmpty()) {
        return _ -> false;
      }
      String any = names.stream().map(Pattern::quote).collect(Collectors.joining("|"));
      return Pattern.compile("\\b(?:" + any + ")\\b", Pattern.CASE_INSENSITIVE).asPredicate();
    }

    /// @param sql of a statement
    boolean areCalled(String sql) {
      return known.called().test(sql);
    }

    /// True when one of them sets a parameter whose name nobody can tell.
    boolean setUnknown(String sql) {
      return known.computed().test(sql);
    }

    /// Names of the parameters that they set, in lower case.
    Set<String> parameters() {
      return known.parameters();
    }
  }
}
