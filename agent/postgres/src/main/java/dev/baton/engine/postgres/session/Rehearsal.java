package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.SqlTokens.Kind;
import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.FrontendType;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What a spare backend is asked while its host is a standby: to plan, by EXPLAIN, the statements
/// that its session uses. A backend reads the catalogs when it first needs them, which takes
/// milliseconds of CPU; all sessions of a moved service would do so at once, and wait for it.
///
/// Nothing is executed, and what is set for the names to be found is rolled back. A kind of
/// statement is planned once in a spare's life; of a busy session, one transaction is looked at now
/// and then, so that the way of a request stays as short as it was.
final class Rehearsal {
  private static final long FIRST_MILLIS = 200;
  private static final long MAX_MILLIS = 20_000;

  private static final int MAX_AT_ONCE = 16;

  /// A session that uses more kinds of statements than this is rehearsed in part.
  private static final int MAX_KINDS = 64;

  private static final int MAX_TEXT_LENGTH = 8_192;

  private static final Set<String> EXPLAINED =
      Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES");

  /// Plans a text that has parameters.
  private static final int GENERIC_PLAN_SINCE = 16;

  /// A session's own isolation level may be one that a standby refuses.
  private static final String BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY";

  private static final String ROLLBACK = "ROLLBACK";

  private final SessionClock clock;
  private final BitSet known = new BitSet();
  private final ArrayDeque<String> waiting = new ArrayDeque<>();
  private long pauseMillis = FIRST_MILLIS;
  private long notBeforeNanos;
  private int owed;
  private boolean ends;

  Rehearsal(SessionClock clock) {
    this.clock = clock;
    this.notBeforeNanos = clock.nowNanos() + TimeUnit.MILLISECONDS.toNanos(pauseMillis);
  }

  /// Whether the next transaction that ends is worth a look.
  boolean isDue() {
    return owed == 0 && clock.nowNanos() - notBeforeNanos >= 0 && known.cardinality() < MAX_KINDS;
  }

  /// Shows the spare what it has not seen of the transaction that ends.
  void rehearse(BackendPort spare, SessionState state, OpenTransaction transaction, Segment last) {
    List<String> texts = new ArrayList<>();
    transaction.answered().forEach(segment -> collect(segment, state, transaction, texts));
    collect(last, state, transaction, texts);
    boolean generic = version(spare) >= GENERIC_PLAN_SINCE;
    List<String> unknown = unknown(texts, state, generic);
    pauseMillis = unknown.isEmpty() ? Math.min(MAX_MILLIS, pauseMillis * 2) : FIRST_MILLIS;
    notBeforeNanos = clock.nowNanos() + TimeUnit.MILLISECONDS.toNanos(pauseMillis);
    if (unknown.isEmpty()) {
      return;
    }
    ends = false;
    waiting.add(BEGIN);
    for (String setting : state.settings().commands()) {
      if (setting.regionMatches(true, 0, "SET", 0, 3)) {
        waiting.add(setting);
      }
    }
    String explain = generic ? "EXPLAIN (GENERIC_PLAN) " : "EXPLAIN ";
    unknown.forEach(text -> waiting.add(explain + text));
    // one after the other: what fails ends it all, and is told once in the server's log
    ask(spare, waiting.remove());
  }

  private void ask(BackendPort spare, String command) {
    owed++;
    spare.write(OwnMessages.simple(command));
    spare.flush();
  }

  private static void collect(
      Segment segment, SessionState state, OpenTransaction transaction, List<String> texts) {
    segment.replay(
        message -> {
          String text = text(message, state, transaction);
          message.release();
          if (text != null && text.length() <= MAX_TEXT_LENGTH && texts.size() < MAX_AT_ONCE) {
            texts.add(text);
          }
        });
  }

  private static @Nullable String text(
      ByteBuf message, SessionState state, OpenTransaction transaction) {
    return switch (message.getByte(message.readerIndex())) {
      case FrontendType.QUERY -> FrontendMessages.readQuery(message);
      case FrontendType.BIND -> {
        String name = FrontendMessages.readBind(message).statement();
        SessionState.Prepared used = transaction.used(name);
        SessionState.Prepared prepared = used == null ? state.statements().find(name) : used;
        yield prepared == null ? null : prepared.sql();
      }
      default -> null;
    };
  }

  private List<String> unknown(List<String> texts, SessionState state, boolean generic) {
    List<String> unknown = new ArrayList<>();
    boolean standard = state.standardConformingStrings();
    for (String text : texts) {
      Script script = StatementScanner.scan(text, standard);
      if (!state.unsafeEncoding() && isExplained(script)) {
        List<SqlTokens.Token> tokens = SqlTokens.of(text, !standard);
        boolean plannable =
            generic || tokens.stream().noneMatch(token -> token.kind() == Kind.PARAMETER);
        if (plannable && isNew(tokens)) {
          unknown.add(text);
        }
      }
    }
    return unknown;
  }

  private static boolean isExplained(Script script) {
    return script.statements().size() == 1
        && script.only() == StatementKind.WORK
        && !script.statements().getFirst().words().isEmpty()
        && EXPLAINED.contains(script.statements().getFirst().words().getFirst());
  }

  /// Texts that differ in their constants only are of one kind. Two kinds in a few thousand are
  /// taken for one, which costs no more than what there was to be saved.
  private boolean isNew(List<SqlTokens.Token> tokens) {
    int kind = 0;
    for (SqlTokens.Token token : tokens) {
      boolean constant = token.kind() == Kind.NUMBER || token.kind() == Kind.STRING;
      kind = 31 * kind + (constant ? 1 : token.text().hashCode());
    }
    int bit = (kind ^ kind >>> 16) & 0xfff;
    boolean seen = known.get(bit);
    known.set(bit);
    return !seen;
  }

  private static int version(BackendPort spare) {
    String told = spare.parameters().getOrDefault("server_version", "");
    int end = 0;
    while (end < told.length() && Character.isDigit(told.charAt(end))) {
      end++;
    }
    return end == 0 ? 0 : Integer.parseInt(told.substring(0, end));
  }

  /// Takes in what the spare answers, as long as that belongs to what it was asked here.
  ///
  /// @return false when it is for somebody else
  boolean takes(BackendPort spare, ByteBuf message) {
    if (owed == 0) {
      return false;
    }
    if (message.getByte(message.readerIndex()) == BackendType.READY_FOR_QUERY) {
      owed--;
      answered(spare, BackendMessages.readReadyForQuery(message));
    }
    return true;
  }

  private void answered(BackendPort spare, TransactionStatus status) {
    if (ends) {
      return;
    }
    if (status == TransactionStatus.IDLE) {
      waiting.clear(); // not even the block was to be had
      return;
    }
    String next = waiting.poll();
    if (next == null || status == TransactionStatus.FAILED) {
      end(spare);
    } else {
      ask(spare, next);
    }
  }

  /// The block is ended, behind what is under way: nothing more is planned.
  private void end(BackendPort spare) {
    waiting.clear();
    ends = true;
    ask(spare, ROLLBACK);
  }

  /// The session takes its spare: what it asks comes behind the end of the block.
  void handOver(BackendPort spare) {
    if (owed > 0 && !ends) {
      end(spare);
    }
  }

  /// Whether answers are still to come.
  boolean isUnderWay() {
    return owed > 0;
  }
}
