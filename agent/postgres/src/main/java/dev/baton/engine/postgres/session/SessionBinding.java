package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.Script.Feature;
import dev.baton.engine.postgres.session.Script.Statement;
import dev.baton.engine.postgres.session.SessionInventory.LockKey;
import dev.baton.model.Movability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What binds a session to its own backend: advisory locks, temporary objects, cursors WITH HOLD,
/// parameters that no text shows. Texts tell when something may have changed; what there is then is
/// asked of the backend at the end of the transaction.
final class SessionBinding {
  /// What a transaction may take back.
  record Texts(TemporaryObjects temporary, boolean unknownConfig) {}

  private final AdvisoryLocks locks = new AdvisoryLocks();
  private TemporaryObjects temporary = new TemporaryObjects();
  private boolean unknownConfig;
  private SessionInventory present = SessionInventory.NOTHING;

  /// Something may have changed, in the open transaction; before it.
  private boolean changing;

  private boolean changed;
  private int asked;

  /// What has changed is asked for, and no answer has come.
  private boolean unanswered;

  Texts texts() {
    return new Texts(temporary.copy(), unknownConfig);
  }

  void takeBack(Texts before) {
    temporary = before.temporary().copy();
    unknownConfig = before.unknownConfig();
  }

  /// True when the statement may change what binds the session.
  boolean concerns(Statement statement) {
    for (Feature feature : statement.features()) {
      if (feature.bindsSession()) {
        return true;
      }
    }
    return hasAnything() && (temporary.concerns(statement) || statement.startsWith("CLOSE"));
  }

  private boolean hasAnything() {
    return changed || changing || asked > 0 || !present.isEmpty() || !temporary.isEmpty();
  }

  /// A statement succeeded that concerns it.
  ///
  /// @param shown first value of its last row; null when not known
  void ran(String text, Statement statement, @Nullable String shown) {
    if (statement.features().contains(Feature.ADVISORY_LOCK)) {
      locks.called(text, shown);
    }
    if (statement.features().contains(Feature.SET_CONFIG) && !ConfigCall.allLocal(text)) {
      unknownConfig = true;
    }
    if (statement.features().contains(Feature.TEMPORARY) || temporary.concerns(statement)) {
      temporary.ran(text, statement);
    }
    changing |= !statement.features().equals(Set.of(Feature.SET_CONFIG));
  }

  /// A statement succeeded that may have changed anything, since it called a function that does.
  void mayHaveChanged(boolean unknownParameter) {
    changing = true;
    unknownConfig |= unknownParameter;
  }

  /// `set_config` with a name and a value that are known is no tie.
  void configKnown() {
    unknownConfig = false;
  }

  boolean hasUnknownConfig() {
    return unknownConfig;
  }

  /// No transaction is open any more.
  void transactionEnded() {
    changed |= changing;
    changing = false;
  }

  // The list.

  /// True when the backend has to be asked before the next transaction begins.
  boolean isDue() {
    return changed;
  }

  void asking() {
    unanswered |= changed;
    changed = false;
    asked++;
  }

  /// Nobody will answer any more what the old backend was asked.
  void newBackend() {
    asked = 0;
  }

  /// @param list null when the question failed
  void answered(@Nullable SessionInventory list) {
    asked--;
    if (list == null) {
      changed = true;
      return;
    }
    unanswered &= asked > 0;
    present = list;
    locks.listed(list.locks());
    temporary.keepOnly(list.relations());
  }

  SessionInventory present() {
    return present;
  }

  // What makes it again.

  boolean holdsLocks() {
    return !locks.isEmpty();
  }

  /// Expressions that take the locks, each as often as it is held.
  List<String> takingLocks() {
    List<String> expressions = new ArrayList<>();
    for (Map.Entry<LockKey, Integer> lock : locks.held().entrySet()) {
      for (int i = 0; i < lock.getValue(); i++) {
        expressions.add(lock.getKey().taking());
      }
    }
    return expressions;
  }

  /// @param texts as of before the transaction that is open; null when none is
  TemporaryObjects temporary(@Nullable Texts texts) {
    return texts == null ? temporary : texts.temporary();
  }

  /// @param before what stood before the transaction that is open, which is made by its replay;
  ///   null when none has changed it
  Movability movability(@Nullable Texts before) {
    if (locks.isTouched() && (changing || unanswered)) {
      return Movability.not(
          "its open transaction takes or releases session-level advisory locks",
          "use pg_advisory_xact_lock, or take them outside transactions");
    }
    if (changed || unanswered) {
      return Movability.not(
          "what lies on its own backend has just changed, and is being asked for", "wait");
    }
    if (!locks.isCounted()) {
      return Movability.not(
          "it holds session-level advisory locks, and its statements do not show how often each",
          "call each function of them in a SELECT of its own without FROM, or release them all");
    }
    TemporaryObjects known = before == null ? temporary : before.temporary();
    Movability objects = objects(known);
    if (!objects.movable()) {
      return objects;
    }
    if (before == null ? unknownConfig : before.unknownConfig()) {
      return Movability.not(
          "it called set_config() in a way that does not show which parameter got which value",
          "use SET, SELECT set_config('name', value, false) alone, or set_config(…, true) within"
              + " transactions");
    }
    return contents(known);
  }

  /// What cannot come along in any move.
  private Movability objects(TemporaryObjects known) {
    var unknown = known.unknown(present.relations());
    var special = present.relations().stream().filter(SessionInventory.Relation::special).findAny();
    if (unknown.isPresent()) {
      return Movability.not(
          "its statements do not show how it made one of its temporary tables or views",
          "make it by CREATE TEMP in a request's own text, or drop it when it is needed no more");
    }
    if (special.isPresent()) {
      return Movability.not(
          "a temporary table of it has triggers, rules, policies, parents or partitions",
          "drop it, or DISCARD TEMP, when it is needed no more");
    }
    if (present.others()) {
      return Movability.not(
          "it has temporary functions or types", "DISCARD TEMP when they are needed no more");
    }
    if (present.cursors().stream().anyMatch(SessionInventory.Cursor::binary)) {
      return Movability.not(
          "it has a BINARY cursor WITH HOLD", "CLOSE it after use, or read within a transaction");
    }
    return Movability.MOVABLE;
  }

  /// What comes along in a planned move alone, since its contents are on its own backend.
  private Movability contents(TemporaryObjects known) {
    var table = known.withContents(present.relations());
    if (table.isPresent()) {
      return Movability.onlyPlanned(
          "it has temporary tables or sequences, whose contents are on its own backend only",
          "drop it or DISCARD TEMP when it is needed no more, create it ON COMMIT DROP in a"
              + " transaction or ON COMMIT DELETE ROWS, or use an unlogged table");
    }
    if (!present.cursors().isEmpty()) {
      return Movability.onlyPlanned(
          "it has a cursor WITH HOLD, whose rows lie on its own backend",
          "CLOSE it after use, or read within a transaction");
    }
    return Movability.MOVABLE;
  }
}
