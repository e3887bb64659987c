package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.BackendMessages.Column;
import dev.baton.engine.postgres.wire.FrontendMessages;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs a segment once more whose replay showed other generated values than the client was given: a
/// promoted standby's sequences stand up to 32 values ahead, and times and random values never come
/// again. Where the text shows that a column is left to its default, or takes the next value of a
/// sequence, the given value is written there.
///
/// No sequence is touched. A value below the place of its sequence was given to this session alone
/// and will be given to no other; one that is still to come is left alone, since others may be
/// given it. A wrong guess does no harm: the answers are compared again.
final class Regeneration {
  private static final String DIFFERENT = "which no generated value explains";
  private static final String YET_TO_COME = "its sequence has not come to the value that was given";

  private final Dialogue dialogue;
  private final Answer unasked;
  private final SessionState state;
  private final Segment segment;
  private final ReplayedAnswer trial;
  private final List<@Nullable Execution> executions;
  private final List<Differing> differing = new ArrayList<>(1);
  private final Map<Integer, Map<Integer, GeneratedColumn>> tables = new HashMap<>();
  private final Map<Integer, String> texts = new HashMap<>();
  private Consumer<Boolean> done = _ -> {};
  private String obstacle = DIFFERENT;

  /// One result whose rows differ in these columns, and in nothing else.
  ///
  /// @param columns of the result, from 0
  private record Differing(
      int result,
      Execution execution,
      List<AnsweredRow> given,
      List<AnsweredRow> now,
      Set<Integer> columns) {}

  /// @param trial the answer that differs
  Regeneration(
      Dialogue dialogue,
      Answer unasked,
      SessionState state,
      Segment segment,
      ReplayedAnswer trial) {
    this.dialogue = dialogue;
    this.unasked = unasked;
    this.state = state;
    this.segment = segment;
    this.trial = trial;
    this.executions = Execution.of(segment, state);
  }

  /// Why it is not possible, for the log.
  String obstacle() {
    return obstacle;
  }

  /// True when the answers differ in values alone.
  boolean isPossible() {
    for (int result = 0; result < executions.size(); result++) {
      Execution execution = executions.get(result);
      List<AnsweredRow> given = rows(trial.given(), result);
      List<AnsweredRow> now = rows(trial.now(), result);
      Set<Integer> columns = given.size() == now.size() ? columns(given, now) : Set.of(-1);
      if (columns.contains(-1) || (execution == null && !columns.isEmpty())) {
        return false;
      }
      if (execution != null && !columns.isEmpty()) {
        differing.add(new Differing(result, execution, given, now, columns));
      }
    }
    return !differing.isEmpty();
  }

  private static List<AnsweredRow> rows(AnswerDigest answer, int result) {
    return answer.rows().stream().filter(row -> row.result() == result).toList();
  }

  /// The columns that differ in any row; -1 among them when the rows are not of one kind.
  private static Set<Integer> columns(List<AnsweredRow> given, List<AnsweredRow> now) {
    Set<Integer> columns = new HashSet<>();
    for (int row = 0; row < given.size(); row++) {
      List<byte @Nullable []> before = given.get(row).columns();
      List<byte @Nullable []> after = now.get(row).columns();
      if (before.size() != after.size()) {
        return Set.of(-1);
      }
      for (int column = 0; column < before.size(); column++) {
        if (!Arrays.equals(before.get(column), after.get(column))) {
          columns.add(column);
        }
      }
    }
    return columns;
  }

  // What the columns are.

  /// @param done told whether the segment can be run again with the values that were given; then
  ///   [#run] does
  void begin(Consumer<Boolean> done) {
    this.done = done;
    if (segment.simple()) {
      described(trial.descriptions());
      return;
    }
    Descriptions answer = new Descriptions(unasked, this::described);
    for (Differing one : differing) {
      ByteBuf describe = Unpooled.buffer(64);
      FrontendMessages.describe(
          describe, FrontendMessages.Target.STATEMENT, one.execution().statement());
      dialogue.write(describe);
    }
    dialogue.write(OwnMessages.sync());
    dialogue.owe(answer);
    dialogue.flush();
  }

  private void described(List<List<Column>> descriptions) {
    if (descriptions.size() != differing.size()) {
      done.accept(false);
      return;
    }
    Set<Integer> unknown = new LinkedHashSet<>();
    for (int i = 0; i < differing.size(); i++) {
      for (int column : differing.get(i).columns()) {
        unknown.add(descriptions.get(i).get(column).tableOid());
      }
    }
    unknown.remove(0);
    askNext(new ArrayDeque<>(unknown), descriptions);
  }

  private void askNext(ArrayDeque<Integer> unknown, List<List<Column>> descriptions) {
    Integer table = unknown.poll();
    if (table == null) {
      rewrite(0, descriptions);
      return;
    }
    ask(
        GeneratedColumn.question(table),
        rows -> {
          Map<Integer, GeneratedColumn> columns = new HashMap<>();
          for (List<@Nullable String> row : rows) {
            GeneratedColumn.of(row).ifPresent(column -> columns.put(column.attribute(), column));
          }
          tables.put(table, columns);
          askNext(unknown, descriptions);
        });
  }

  private void ask(String question, Consumer<List<List<@Nullable String>>> answered) {
    dialogue.write(OwnMessages.unseen(question));
    dialogue.owe(new AskedResult(unasked, result -> answered.accept(result.rows())));
    dialogue.flush();
  }

  // The texts that make the same values again.

  private void rewrite(int index, List<List<Column>> descriptions) {
    if (index == differing.size()) {
      done.accept(true);
      return;
    }
    Differing one = differing.get(index);
    List<Column> columns = descriptions.get(index);
    String sql = one.execution().sql();
    boolean escapes = !state.standardConformingStrings();
    Optional<String> text =
        InsertText.of(sql, escapes).flatMap(insert -> insertOf(insert, one, columns));
    if (text.isPresent()) {
      texts.put(one.result(), text.get());
      rewrite(index + 1, descriptions);
      return;
    }
    Optional<SequenceCall> call = SequenceCall.of(sql, escapes);
    OptionalLong given = only(one, columns, one.given());
    OptionalLong now = only(one, columns, one.now());
    if (call.isEmpty() || given.isEmpty() || now.isEmpty()) {
      if (obstacle.equals(DIFFERENT)) {
        obstacle = "its text does not show where the values come from";
      }
      done.accept(false);
      return;
    }
    ask(
        "SELECT seqincrement FROM pg_catalog.pg_sequence WHERE seqrelid = "
            + call.get().sequence()
            + "::pg_catalog.regclass",
        rows -> {
          if (rows.isEmpty()
              || !isBehind(rows.getFirst().getFirst(), given.getAsLong(), now.getAsLong())) {
            obstacle = YET_TO_COME;
            done.accept(false);
          } else {
            texts.put(one.result(), call.get().with(given.getAsLong()));
            rewrite(index + 1, descriptions);
          }
        });
  }

  private static boolean isBehind(@Nullable String increment, long given, long now) {
    return increment != null && (increment.startsWith("-") ? given > now : given < now);
  }

  /// The number that stands in every column that differs, when there is one row.
  private static OptionalLong only(
      Differing one, List<Column> description, List<AnsweredRow> rows) {
    OptionalLong only = OptionalLong.empty();
    for (int column : one.columns()) {
      byte[] value = rows.getFirst().columns().get(column);
      OptionalLong number =
          rows.size() != 1 || value == null
              ? OptionalLong.empty()
              : GivenValue.number(
                  value, description.get(column).typeOid(), one.execution().binary(column));
      if (number.isEmpty() || (only.isPresent() && only.getAsLong() != number.getAsLong())) {
        return OptionalLong.empty();
      }
      only = number;
    }
    return only;
  }

  private Optional<String> insertOf(InsertText insert, Differing one, List<Column> description) {
    if (insert.rows() != one.given().size()) {
      return Optional.empty();
    }
    List<InsertText.Column> columns = new ArrayList<>();
    List<List<String>> literals = new ArrayList<>();
    one.given().forEach(_ -> literals.add(new ArrayList<>()));
    for (int column : one.columns()) {
      Column described = description.get(column);
      if (described.tableOid() == 0) {
        // made of others; that they are the same again shows in the second run
        continue;
      }
      GeneratedColumn generated =
          tables.getOrDefault(described.tableOid(), Map.of()).get(described.attribute());
      if (generated == null) {
        obstacle = "a column differs that is not filled by a sequence, a clock or chance alone";
        return Optional.empty();
      }
      if (columns.contains(generated.column())) {
        continue;
      }
      columns.add(generated.column());
      boolean binary = one.execution().binary(column);
      for (int row = 0; row < literals.size(); row++) {
        Optional<String> literal =
            literal(
                generated,
                described.typeOid(),
                binary,
                one.given().get(row).columns().get(column),
                one.now().get(row).columns().get(column));
        if (literal.isEmpty()) {
          return Optional.empty();
        }
        literals.get(row).add(literal.get());
      }
    }
    return columns.isEmpty() ? Optional.empty() : insert.with(columns, literals);
  }

  private Optional<String> literal(
      GeneratedColumn generated,
      int type,
      boolean binary,
      byte @Nullable [] given,
      byte @Nullable [] now) {
    if (given == null || now == null) {
      return Optional.empty();
    }
    if (generated.increment() != 0) {
      OptionalLong before = GivenValue.number(given, type, binary);
      OptionalLong after = GivenValue.number(now, type, binary);
      if (before.isEmpty()
          || after.isEmpty()
          || !generated.isBehind(before.getAsLong(), after.getAsLong())) {
        obstacle = YET_TO_COME;
        return Optional.empty();
      }
    }
    return GivenValue.literal(given, type, binary);
  }

  /// Sends the segment again with the values that were given. What the trial did must be undone
  /// before.
  ///
  /// @param answer compares what comes
  void run(ReplayedAnswer answer) {
    new RewrittenSegment(segment, executions, texts).write(dialogue, unasked, answer);
  }
}
