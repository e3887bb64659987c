package dev.baton.engine.postgres.session;

import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.wire.TransactionStatus;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Asks the session's backend what lies on it alone: at the end of a transaction that may have
/// changed it, so that it is known when the home is lost; and, contents included, before a planned
/// move. Confined to the session's event loop.
final class Stocktaking {
  private final SessionCore session;
  private final SessionWork work;
  private final SessionClock clock;
  private final long maxBytes;
  private @Nullable Dialogue leaving;

  /// Something lies on the backend, and is not taken along yet. Read by any thread.
  private volatile boolean unpacked;

  /// Everything that can be is taken along. Read by any thread.
  private volatile boolean packed;

  /// @param maxBytes of contents that a session takes along in a planned move
  Stocktaking(SessionCore session, SessionWork work, SessionClock clock, long maxBytes) {
    this.session = session;
    this.work = work;
    this.clock = clock;
    this.maxBytes = maxBytes;
  }

  /// True while a planned move had better wait for this session. From any thread.
  boolean isUnpacked() {
    return unpacked;
  }

  /// True when it has been asked, in a planned move, for what nobody knew of, too. From any thread.
  boolean isPacked() {
    return packed;
  }

  private SessionBinding binding() {
    return session.state().binding();
  }

  /// Nothing of the client's is under way, and no transaction is open.
  private boolean atRest() {
    return session.serves() && work.flight() == null && work.status() == TransactionStatus.IDLE;
  }

  /// The question goes out before whatever the client asks next.
  void askIfDue() {
    Dialogue present = session.dialogue();
    if (present == null || !atRest() || !work.guarded()) {
      return;
    }
    BindingFunctions.OfDatabase functions = session.state().functions();
    if (functions.isDue(clock.nowNanos())) {
      ask(present, BindingFunctions.QUESTION, answer -> functions.told(answer.rows()));
    }
    if (binding().isDue()) {
      binding().asking();
      unpacked = true;
      ask(
          present,
          SessionInventory.question(functions.parameters()),
          list -> {
            session.state().listed(list);
            unpacked = !binding().present().isEmpty();
          });
    }
  }

  private void ask(Dialogue present, String question, Consumer<AskedResult> answered) {
    present.write(OwnMessages.unseen(question));
    present.owe(new AskedResult(session.unasked(), answered));
  }

  void routeChanged(RouteState route) {
    if (route instanceof RouteState.Open && session.serves()) {
      stay();
    }
    leaveIfDraining(route);
  }

  /// In a planned move, when the session's last transaction before it has ended.
  void leaveIfDraining(RouteState route) {
    Dialogue present = session.dialogue();
    if (!(route instanceof RouteState.Draining)
        || present == null
        || present.equals(leaving)
        || !atRest()) {
      return;
    }
    leaving = present;
    new Departure(
            session.state(),
            present,
            session.unasked(),
            maxBytes,
            carried -> {
              unpacked = false;
              packed = true;
              session.state().carried(carried);
              if (!present.equals(leaving)) {
                putBack(present);
              }
            })
        .begin();
  }

  /// The move is not made, or it is over.
  private void stay() {
    Dialogue left = leaving;
    leaving = null;
    packed = false;
    if (left != null && left.equals(session.dialogue())) {
      putBack(left);
    }
    unpacked = !binding().present().isEmpty();
  }

  /// Cursors that were read to be taken along are made again where they were.
  private void putBack(Dialogue present) {
    Carried carried = session.state().carried();
    session.state().carried(null);
    if (carried == null) {
      return;
    }
    for (Carried.HeldCursor cursor : carried.cursors()) {
      own(present, "CLOSE " + SqlText.identifier(cursor.cursor().name()));
      cursor.commands().forEach(command -> own(present, command));
    }
    present.flush();
  }

  private void own(Dialogue present, String command) {
    present.write(OwnMessages.unseen(command));
    present.owe(new Swallowed(session.unasked(), (_, _, _) -> {}));
  }
}
