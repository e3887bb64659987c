package dev.baton.engine.postgres.session;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes a transaction whose client has been told generated keys get the same keys when it is
/// replayed. A promoted standby's sequences stand up to 32 values ahead, and transactions did not
/// take their keys in the order in which they committed.
///
/// A replay that answers other numbers is rolled back. A sequence that stands at the number that
/// the replay got is taken for the one that the number came from; it is restarted, within the
/// transaction of the next trial, at the number that the client was told. `ALTER SEQUENCE …
/// RESTART` is undone by a rollback and keeps every other session from taking values until the
/// transaction ends, and before that the sequence is set to the further of both places. A wrong
/// guess does no harm: the answers are compared again.
final class GeneratedKeys {
  private static final int MAX_PAIRS = 100;

  private final List<Pair> pairs = new ArrayList<>();
  private final Map<String, Restart> restarts = new LinkedHashMap<>();

  /// A number in the place of another one.
  private record Pair(long given, long now) {}

  private record Restart(long increment, long start) {}

  /// Forgets what earlier trials answered, not the sequences that were found.
  void newTrial() {
    pairs.clear();
  }

  /// Takes note of the numbers in which two answers differ.
  void compare(AnswerDigest given, AnswerDigest now) {
    List<AnsweredRow> before = given.rows();
    List<AnsweredRow> after = now.rows();
    for (int row = 0; row < Math.min(before.size(), after.size()); row++) {
      compare(before.get(row).columns(), after.get(row).columns());
    }
  }

  private void compare(List<byte @Nullable []> given, List<byte @Nullable []> now) {
    for (int column = 0; column < Math.min(given.size(), now.size()); column++) {
      Long before = number(given.get(column));
      Long after = number(now.get(column));
      if (before != null && after != null && !before.equals(after) && pairs.size() < MAX_PAIRS) {
        pairs.add(new Pair(before, after));
      }
    }
  }

  /// A number as text, or in binary when it cannot be text.
  private static @Nullable Long number(byte @Nullable [] value) {
    if (value == null || value.length == 0 || value.length > 18) {
      return null;
    }
    long number = 0;
    boolean digits = true;
    for (byte b : value) {
      digits &= b >= '0' && b <= '9';
      number = number * 10 + (b - '0');
    }
    if (digits) {
      return number;
    }
    return switch (value.length) {
      case Short.BYTES -> (long) ByteBuffer.wrap(value).getShort();
      case Integer.BYTES -> (long) ByteBuffer.wrap(value).getInt();
      case Long.BYTES -> ByteBuffer.wrap(value).getLong();
      default -> null;
    };
  }

  /// Asks for the sequences that stand at one of the numbers: name, increment, number. Null when no
  /// number differs.
  @Nullable String question() {
    if (pairs.isEmpty()) {
      return null;
    }
    StringBuilder sql =
        new StringBuilder(
            "SELECT pg_catalog.format('%I.%I', schemaname, sequencename), increment_by, last_value"
                + " FROM pg_catalog.pg_sequences WHERE last_value IN (");
    for (int i = 0; i < pairs.size(); i++) {
      sql.append(i == 0 ? "" : ", ").append(pairs.get(i).now());
    }
    return sql.append(')').toString();
  }

  /// Takes a row of the answer.
  ///
  /// @return false when it leads to nothing new
  boolean found(String sequence, long increment, long last) {
    long expected = last;
    long matched = last;
    Long start = null;
    for (Pair pair : pairs.reversed()) {
      if (pair.now() == expected || pair.now() == matched) {
        start = pair.given();
        matched = pair.now();
        expected = matched - increment;
      }
    }
    return start != null && restarts.putIfAbsent(sequence, new Restart(increment, start)) == null;
  }

  boolean isEmpty() {
    return restarts.isEmpty();
  }

  /// Commands for the beginning of the transaction. The first one changes nothing, but locks the
  /// sequence before its place is read.
  List<String> before() {
    List<String> commands = new ArrayList<>();
    int number = 0;
    for (Map.Entry<String, Restart> entry : restarts.entrySet()) {
      String name = entry.getKey();
      Restart restart = entry.getValue();
      commands.add("ALTER SEQUENCE " + name + " INCREMENT BY " + restart.increment());
      commands.add(
          "SELECT pg_catalog.set_config('baton.sequence_%d', last_value::text, true) FROM %s"
              .formatted(number++, name));
      commands.add("ALTER SEQUENCE " + name + " RESTART WITH " + restart.start());
    }
    return commands;
  }

  /// Commands before the commit.
  List<String> after() {
    List<String> commands = new ArrayList<>();
    int number = 0;
    for (Map.Entry<String, Restart> entry : restarts.entrySet()) {
      String name = entry.getKey();
      commands.add(
          "SELECT pg_catalog.setval('%s', %s(last_value, pg_catalog.current_setting('baton.sequence_%d')::bigint)) FROM %s"
              .formatted(
                  name.replace("'", "''"),
                  entry.getValue().increment() > 0 ? "greatest" : "least",
                  number++,
                  name));
    }
    return commands;
  }
}
