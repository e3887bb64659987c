package dev.baton.engine.postgres.session;

import dev.baton.core.route.RequestLog.Ending;
import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.FrontendType;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One segment on its way: sent to a backend, framed by what the session asks on its own account,
/// and answered.
///
/// With a standby there, a segment that would commit by itself is put into a block of its own:
/// `BEGIN`, the segment, the question for the transaction's id, and `COMMIT` only when the answer
/// is in. So what became of an interrupted commit can always be found out, and the client's own
/// messages stay what they were. In the client's own block the question follows what may have
/// written, until there is an id.
final class Flight implements Answer {
  /// A request is passed on when so much of it has come in, complete or not.
  private static final int PASS_ON_BYTES = 64 << 10;

  private enum Waiting {
    NOTHING,
    QUESTION,
    GATE,
    /// For nothing any more: what still comes goes nowhere.
    ABANDONED
  }

  private final FlightOwner owner;
  private final Dialogue dialogue;
  private final Segment segment;
  private final OpenTransaction transaction;
  private final TransactionStatus before;
  private final Delivery delivery;
  private final Statements statements;
  private final Unsent unsent = new Unsent();
  private Waiting waiting = Waiting.NOTHING;
  private boolean planned;
  private @Nullable OwnBlock block;
  private boolean questionOwed;
  private boolean questionValue;
  private boolean cleared;
  private boolean commitSent;
  private boolean endSent;
  private boolean inPieces;

  /// Messages that had come in when the id was asked for before the commit.
  private int answeredBeforeCommit;

  private boolean rolledBack;
  private @Nullable TransactionStatus after;

  Flight(
      FlightOwner owner,
      Dialogue dialogue,
      Segment segment,
      OpenTransaction transaction,
      TransactionStatus before) {
    this.owner = owner;
    this.dialogue = dialogue;
    this.segment = segment;
    this.transaction = transaction;
    this.before = before;
    this.delivery =
        new Delivery(
            owner.client(),
            segment.given(),
            segment.simple() && transaction.guarded() && before == TransactionStatus.IDLE,
            transaction.guarded());
    this.statements = new Statements(owner.state(), transaction, segment.simple());
  }

  Segment segment() {
    return segment;
  }

  Statements statements() {
    return statements;
  }

  /// It runs in a block of the session's own.
  boolean wrapped() {
    return block != null;
  }

  /// Digest of the answer, as far as the client has it; with a block of the session's own, of the
  /// whole.
  AnswerDigest expected() {
    AnswerDigest expected = delivery.expected();
    if (wrapped()) {
      ByteBuf ready = Unpooled.buffer(6);
      BackendMessages.readyForQuery(ready, TransactionStatus.IDLE);
      expected.add(ready);
      ready.release();
    }
    return expected;
  }

  /// True when a commit was passed on whose success is not known yet.
  boolean commitSent() {
    return commitSent;
  }

  /// True when the end of a transaction was sent with it: its locks may be gone.
  boolean endSent() {
    return endSent;
  }

  /// True when nobody can find out what became of it.
  boolean unknowable() {
    return statements.opaque() || transaction.unasked();
  }

  /// True while it waits for something before it may be continued.
  boolean paused() {
    return waiting != Waiting.NOTHING;
  }

  /// What became of the transaction that ended with this segment.
  Ending ending() {
    if (transaction.id() == 0 && !transaction.unasked()) {
      return Ending.READ_ONLY;
    }
    return rolledBack || statements.rolledBack() ? Ending.ROLLED_BACK : Ending.COMMITTED;
  }

  boolean torn() {
    return delivery.torn();
  }

  /// True when the client's next message of this type belongs to it.
  boolean accepts(byte type) {
    return !segment.closed()
        || (statements.copyIn()
            && (type == FrontendType.COPY_DATA
                || type == FrontendType.COPY_DONE
                || type == FrontendType.COPY_FAIL));
  }

  /// Takes over a message of the client.
  void offer(ByteBuf message) {
    byte type = message.getByte(message.readerIndex());
    boolean ends = closes(type);
    take(transaction.guarded() ? owner.keep(segment, message) : message);
    boolean complete =
        ends
            || type == FrontendType.FLUSH
            || type == FrontendType.COPY_DONE
            || type == FrontendType.COPY_FAIL;
    if (complete) {
      segment.countRequest();
    }
    if (!transaction.guarded()) {
      advance();
    } else if (complete || unsent.bytes() >= PASS_ON_BYTES) {
      unsent.stamp(owner, transaction, segment);
      advance();
    }
  }

  private boolean closes(byte type) {
    boolean ends =
        type == FrontendType.QUERY
            || type == FrontendType.FUNCTION_CALL
            || type == FrontendType.SYNC;
    if (ends && !(statements.copyIn() && segment.simple())) {
      segment.close();
    }
    return ends;
  }

  /// Takes over part of a message that is too large to be held whole: it cannot be replayed.
  void offerPiece(byte type, ByteBuf piece, boolean first, boolean last) {
    if (first) {
      segment.forget();
      advance();
      statements.unreadable(type, before == TransactionStatus.IDLE);
      commitSent |= statements.opaque();
    }
    if (last) {
      closes(type);
    }
    inPieces = !last;
    dialogue.write(piece);
  }

  /// True while the server has a part of a message: nothing but the rest of it may follow.
  boolean inPieces() {
    return inPieces;
  }

  /// Sends a segment again that was sent to another backend before.
  void repeat() {
    segment.replay(this::take);
    advance();
  }

  private void take(ByteBuf message) {
    if (message.getByte(message.readerIndex()) == FrontendType.FLUSH) {
      delivery.holdNoMore();
    }
    unsent.add(message);
  }

  private void advance() {
    if (waiting != Waiting.NOTHING) {
      return;
    }
    if (!planned) {
      plan();
    }
    ByteBuf message;
    while ((message = unsent.peek()) != null) {
      Reading reading = statements.reader().read(message);
      if (reading.commits() && !mayCommit()) {
        return;
      }
      unsent.take();
      for (SessionState.Prepared missing : statements.missing(reading)) {
        dialogue.write(missing.message());
      }
      commitSent |= statements.sent(reading, before, wrapped());
      if (commitSent || statements.blockEnded()) {
        ends();
      }
      if (transaction.guarded() && reading.generates()) {
        segment.mayGenerate();
      }
      dialogue.write(message);
    }
    if (segment.closed() && after == null && !statements.copies()) {
      ask();
    }
  }

  private void ends() {
    if (!endSent && transaction.guarded()) {
      endSent = true;
      owner.ends(transaction);
    }
  }

  private void plan() {
    planned = true;
    if (transaction.guarded()
        && before == TransactionStatus.IDLE
        && statements.reader().commitsByItself(unsent.messages())) {
      OwnBlock own = new OwnBlock(owner, dialogue, segment.simple(), delivery, this::blockEnded);
      block = own;
      own.begin(statements::becomeOpaque);
    }
    dialogue.owe(this);
  }

  /// Before a commit is passed on within a pipeline, the id must be known, and under durability
  /// `request` the memory must have what led to it.
  private boolean mayCommit() {
    if (cleared || !transaction.guarded() || before == TransactionStatus.FAILED) {
      return true;
    }
    if (!segment.simple()
        && (before == TransactionStatus.IN_TRANSACTION || statements.blockOpened() || wrapped())
        && (transaction.unasked() || statements.executed())
        && !statements.asked()
        && !statements.failed()) {
      statements.asking();
      waiting = Waiting.QUESTION;
      dialogue.write(OwnMessages.question());
      dialogue.flush();
      return false;
    }
    if (owner.gated()) {
      gate(this::gateAnswered);
      return false;
    }
    return true;
  }

  private void gate(Consumer<Boolean> then) {
    waiting = Waiting.GATE;
    owner.passGate(
        transaction,
        segment.given().value(),
        () -> waiting == Waiting.GATE,
        passed -> {
          waiting = Waiting.NOTHING;
          then.accept(passed);
          dialogue.flush();
        });
  }

  private void gateAnswered(boolean passed) {
    if (passed) {
      cleared = true;
      advance();
      return;
    }
    abandon();
    // in the place of the client's COMMIT; its answer comes to this flight and goes nowhere
    dialogue.write(OwnMessages.rollback(segment.simple()));
    owner.gateRefused(this, Refusals.notInMemory());
  }

  private void ask() {
    boolean inBlock =
        wrapped() || before == TransactionStatus.IN_TRANSACTION || statements.blockOpened();
    if (!transaction.guarded()
        || questionOwed
        || !inBlock
        || !transaction.unasked()
        || statements.opaque()
        || statements.blockEnded()) {
      return;
    }
    questionOwed = true;
    dialogue.write(OwnMessages.question());
    dialogue.owe(new Swallowed(owner.unasked(), this::answered));
  }

  private void answered(TransactionStatus status, @Nullable ErrorFields error, long id) {
    TransactionStatus told = after == null ? status : after;
    questionOwed = false;
    learn(error, id);
    if (error != null && told == TransactionStatus.IN_TRANSACTION) {
      // a late cancel request hit the question, and the server rolled back what the client
      // believes to be open
      transaction.lose();
    }
    OwnBlock own = block;
    if (own != null && told != TransactionStatus.IDLE) {
      endBlock(own);
    } else {
      land(told);
    }
  }

  private void learn(@Nullable ErrorFields error, long id) {
    if (error == null) {
      transaction.asked();
    }
    if (id != 0) {
      owner.identified(transaction, id);
    }
  }

  // What the backend answers to the client's own messages.

  @Override
  public void message(byte type, ByteBuf message) {
    if (waiting == Waiting.ABANDONED) {
      message.release();
      return;
    }
    switch (type) {
      case BackendType.PARAMETER_STATUS -> {
        Reported.take(owner.state(), message);
        delivery.give(type, message);
      }
      case BackendType.FUNCTION_CALL_RESPONSE -> functionAnswered(type, message);
      case BackendType.ERROR_RESPONSE -> {
        boolean own = waiting == Waiting.QUESTION && statements.allExecuted();
        statements.error();
        if (waiting == Waiting.QUESTION && !own) {
          // the server skips the question with the rest up to Sync
          waiting = Waiting.NOTHING;
        }
        give(type, message);
        advance();
      }
      default -> {
        if (statements.answered(type, message)) {
          give(type, message);
        } else {
          message.release();
        }
        if (type == BackendType.COPY_IN_RESPONSE && !segment.simple()) {
          segment.reopen();
        }
      }
    }
  }

  private void functionAnswered(byte type, ByteBuf message) {
    if (waiting != Waiting.QUESTION) {
      give(type, message);
      return;
    }
    questionValue = true;
    learn(null, Swallowed.functionResult(message));
    message.release();
  }

  private void give(byte type, ByteBuf message) {
    delivery.give(type, message);
    if (delivery.differs()) {
      owner.diverged(this);
    }
  }

  @Override
  public void piece(byte type, ByteBuf piece, boolean first, boolean last) {
    if (waiting == Waiting.ABANDONED) {
      piece.release();
      return;
    }
    delivery.piece(type, piece, first, last);
    if (delivery.differs()) {
      owner.diverged(this);
    }
  }

  @Override
  public boolean ready(TransactionStatus status, ByteBuf ready) {
    ready.release();
    if (waiting == Waiting.ABANDONED) {
      return true;
    }
    if (waiting == Waiting.QUESTION) {
      waiting = Waiting.NOTHING;
      answeredBeforeCommit = delivery.messages();
      if (questionValue || status == TransactionStatus.FAILED) {
        advance();
        return false;
      }
    }
    after = status;
    statements.ended(status);
    OwnBlock own = block;
    if (own != null && status != TransactionStatus.IDLE) {
      if (!questionOwed && status == TransactionStatus.IN_TRANSACTION) {
        ask();
      }
      if (!questionOwed) {
        endBlock(own);
      }
      return true;
    }
    delivery.ready(status);
    if (delivery.differs()) {
      owner.diverged(this);
      return true;
    }
    if (!questionOwed && status == TransactionStatus.IN_TRANSACTION) {
      ask();
    }
    if (!questionOwed) {
      land(status);
    }
    return true;
  }

  /// What this segment did is in a block of our own, and is committed or taken back now.
  private void endBlock(OwnBlock own) {
    if (transaction.lost()) {
      giveError(Refusals.serializationFailure());
      own.rollBack();
    } else if (after == TransactionStatus.FAILED) {
      own.rollBack();
    } else if (owner.gated() && transaction.id() != 0) {
      gate(passed -> gateAnswered(own, passed));
    } else {
      commit(own);
    }
  }

  private void gateAnswered(OwnBlock own, boolean passed) {
    if (passed) {
      commit(own);
    } else {
      giveError(Refusals.notInMemory());
      own.rollBack();
    }
  }

  private void commit(OwnBlock own) {
    commitSent = true;
    ends();
    own.commit();
  }

  private void blockEnded(TransactionStatus status, boolean failed) {
    rolledBack = failed;
    if (failed) {
      owner.state().rolledBack();
    } else {
      owner.state().committed();
    }
    delivery.ready(status);
    land(status);
  }

  /// @param told what the client was told last
  private void land(TransactionStatus told) {
    commitSent = false;
    owner.landed(this, told);
  }

  // When the backend is lost.

  /// Nothing more comes from the backend. What of the client's was not sent yet is in the segment.
  void abandon() {
    waiting = Waiting.ABANDONED;
    unsent.release();
  }

  /// Ends the answer when the client has been told that its commit failed, and only the server's
  /// ReadyForQuery is missing. Run again, it might succeed.
  ///
  /// @return false when it is not so
  boolean endRefused() {
    OwnBlock own = block;
    boolean refused = own != null && own.refused();
    if (refused) {
      blockEnded(TransactionStatus.IDLE, true);
    }
    return refused;
  }

  /// It is known that nothing of it was committed.
  void nothingCommitted() {
    commitSent = false;
  }

  /// The block would have ended with it.
  boolean wouldEnd() {
    return wrapped() || statements.blockEnded();
  }

  /// What the client was told at the end of its answer, when it has all of it and only the
  /// session's own question is open.
  @Nullable TransactionStatus told() {
    return wrapped() ? null : after;
  }

  /// Frees what was kept back of an answer that is void.
  void discard() {
    abandon();
    delivery.drop();
  }

  /// The transaction is committed, and the client is told so, once.
  void giveCommitted() {
    owner.state().committed();
    if (wrapped()) {
      delivery.ready(TransactionStatus.IDLE);
      return;
    }
    TransactionStatus then =
        statements.chains() ? TransactionStatus.IN_TRANSACTION : TransactionStatus.IDLE;
    statements.allSucceeded();
    int had = delivery.messages() - answeredBeforeCommit;
    new CommitAnswer(delivery, had).give(segment, statements.asked(), then);
  }

  /// Tells the client an error in place of the rest of the answer.
  void giveError(ErrorFields error) {
    ByteBuf out = Unpooled.buffer(128);
    error.writeError(out);
    delivery.giveError(out);
  }

  void giveReady(TransactionStatus status) {
    delivery.ready(status);
  }
}
