package dev.baton.engine.postgres.session;

import dev.baton.core.route.RequestLog.Ending;
import dev.baton.engine.postgres.session.Intake.Item;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.FrontendType;
import dev.baton.engine.postgres.wire.TransactionStatus;
import org.jspecify.annotations.Nullable;

/// Takes up what the client has sent, one segment at a time, as far as it may go on; and answers
/// what cannot be passed on with an error.
final class Uptake {
  private final SessionCore session;
  private final SessionWork work;
  private final ClientVoice voice;
  private final Intake intake;
  private @Nullable Refusing refusing;

  /// The rest of a segment that is answered with an error is dropped up to its end.
  ///
  /// @param error null when the client was told already
  private record Refusing(@Nullable ErrorFields error, TransactionStatus then) {}

  Uptake(SessionCore session, SessionWork work, ClientVoice voice, Intake intake) {
    this.session = session;
    this.work = work;
    this.voice = voice;
    this.intake = intake;
  }

  /// The client was told an error in the middle of a segment.
  void refuseRest(TransactionStatus then) {
    refusing = new Refusing(null, then);
  }

  void pump() {
    Item item;
    while (session.serves() && (item = intake.peek()) != null && take(item)) {
      // one message after the other, as far as they may go
    }
  }

  /// @return false when it must wait
  private boolean take(Item item) {
    Dialogue present = session.dialogue();
    if (present == null) {
      return false;
    }
    if (refusing != null) {
      refuse(intake.take());
      return true;
    }
    Flight under = work.flight();
    if (under == null) {
      return takeFirst(present, item);
    }
    if (under.paused() || (!under.inPieces() && !under.accepts(item.type()))) {
      return false;
    }
    offer(under, intake.take());
    return true;
  }

  private boolean takeFirst(Dialogue present, Item item) {
    return switch (item.type()) {
      case FrontendType.TERMINATE -> {
        present.write(intake.take().bytes());
        session.flush();
        session.clientGone();
        yield false;
      }
      case FrontendType.COPY_DATA, FrontendType.COPY_DONE, FrontendType.COPY_FAIL -> {
        // the rest of a copy that failed; a server drops it too
        intake.take().bytes().release();
        yield true;
      }
      default -> beginSegment(present, item);
    };
  }

  private boolean beginSegment(Dialogue present, Item item) {
    if (work.status() == TransactionStatus.IDLE && !session.relocation().mayBegin()) {
      return false;
    }
    OpenTransaction open = work.transaction();
    if (open != null && open.untold()) {
      return tell(open);
    }
    session.stocktaking().askIfDue();
    offer(work.launch(present, item.type()), intake.take());
    return true;
  }

  private void offer(Flight under, Item item) {
    if (item.endsSegment() || item.type() == FrontendType.FLUSH) {
      work.countRequest();
    }
    if (item.whole()) {
      under.offer(item.bytes());
    } else {
      under.offerPiece(item.type(), item.bytes(), item.first(), item.last());
    }
  }

  /// The client does not know yet that its transaction is rolled back: it is told at its next
  /// request, unless that is the ROLLBACK anyway.
  private boolean tell(OpenTransaction open) {
    if (!intake.holdsRequest()) {
      return false;
    }
    StatementKind leading = MessageReader.leading(intake.beginning(), session.state(), open);
    open.told();
    work.standsAs(TransactionStatus.FAILED);
    if (leading == StatementKind.ROLLBACK) {
      return true;
    }
    boolean ends = leading == StatementKind.COMMIT;
    refusing =
        new Refusing(
            Refusals.serializationFailure(),
            ends ? TransactionStatus.IDLE : TransactionStatus.FAILED);
    session.relocation().countSerializationFailure();
    return true;
  }

  private void refuse(Item item) {
    Refusing present = refusing;
    item.bytes().release();
    if (present == null || (!item.endsSegment() && item.type() != FrontendType.FLUSH)) {
      return;
    }
    ErrorFields error = present.error();
    if (error != null) {
      voice.error(error);
      refusing = new Refusing(null, present.then());
    }
    if (item.endsSegment()) {
      refusing = null;
      voice.ready(present.then());
      if (present.then() == TransactionStatus.IDLE && work.transaction() != null) {
        rollBackBackend();
      }
    }
  }

  private void rollBackBackend() {
    Dialogue present = session.dialogue();
    if (present != null) {
      present.write(OwnMessages.rollback(false));
      present.owe(new Swallowed(session.unasked(), (_, _, _) -> {}));
    }
    work.standsAs(TransactionStatus.IDLE);
    work.endTransaction(Ending.ROLLED_BACK);
  }
}
