package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;

/// Gives a client the answer to one segment, exactly once, however often the segment is run: what
/// it was given before is compared and left out. Keeps back what says that a commit succeeded until
/// it did.
final class Delivery {
  private final ClientPort client;
  private final AnswerDigest given;

  /// What the present run has answered so far, while it is still within what was given before.
  private final AnswerDigest repeated = new AnswerDigest();

  private final int before;
  private final boolean keepsBack;

  /// CommandComplete of the last statement so far, and what came after it.
  private final ArrayDeque<ByteBuf> keptBack = new ArrayDeque<>(2);

  private boolean torn;
  private boolean differs;

  /// @param given digest of what the client has been given of this answer; continued here
  /// @param keepsBack whether a CommandComplete is kept back until something follows it
  Delivery(ClientPort client, AnswerDigest given, boolean keepsBack) {
    this.client = client;
    this.given = given;
    this.before = given.messages();
    this.keepsBack = keepsBack;
  }

  /// Takes over `message`.
  void give(byte type, ByteBuf message) {
    if (keepsBack && type == BackendType.COMMAND_COMPLETE) {
      letGo();
      keptBack.add(message);
      return;
    }
    if (!keptBack.isEmpty() && !AnswerDigest.counts(type)) {
      keptBack.add(message);
      return;
    }
    letGo();
    out(type, message);
  }

  /// An error that ends the answer takes the place of the success that was kept back. It is no
  /// repetition of anything: it reaches the client also when a repeated answer differs, else the
  /// client would take the ReadyForQuery that follows for success.
  void giveError(ByteBuf error) {
    dropKeptBack();
    given.add(error);
    client.write(error);
  }

  /// Goes out before what is kept back, as a notice of the commit itself does.
  void giveNow(ByteBuf message) {
    client.write(message);
  }

  void ready(TransactionStatus status) {
    letGo();
    ByteBuf ready = Unpooled.buffer(6);
    BackendMessages.readyForQuery(ready, status);
    out(BackendType.READY_FOR_QUERY, ready);
  }

  void piece(byte type, ByteBuf piece, boolean first, boolean last) {
    letGo();
    if (repeating()) {
      repeated.addPiece(piece, last);
      piece.release();
      compare();
      return;
    }
    torn = !last;
    given.addPiece(piece, last);
    client.write(piece);
  }

  /// True while the client has a part of a message: nothing but the rest of it may follow.
  boolean torn() {
    return torn;
  }

  /// True when this run answered otherwise than the client was told before.
  boolean differs() {
    return differs;
  }

  /// True when nothing of the answer is with the client yet.
  boolean nothingGiven() {
    return given.messages() == 0 && !torn;
  }

  private boolean repeating() {
    return repeated.messages() < before;
  }

  private void out(byte type, ByteBuf message) {
    if (!AnswerDigest.counts(type)) {
      if (repeating() && type == BackendType.NOTICE_RESPONSE) {
        message.release();
      } else {
        client.write(message);
      }
      return;
    }
    if (repeating()) {
      repeated.add(message);
      message.release();
      compare();
      return;
    }
    if (differs) {
      message.release();
      return;
    }
    given.add(message);
    client.write(message);
  }

  private void compare() {
    if (repeated.messages() == before && !repeated.sameAs(given)) {
      differs = true;
    }
  }

  private void letGo() {
    ByteBuf message;
    while ((message = keptBack.poll()) != null) {
      out(message.getByte(message.readerIndex()), message);
    }
  }

  /// Digest of what the client will have been given if the commit succeeds that is under way.
  AnswerDigest expected() {
    AnswerDigest expected = given.copy();
    keptBack.stream()
        .filter(message -> AnswerDigest.counts(message.getByte(message.readerIndex())))
        .forEach(expected::add);
    return expected;
  }

  /// The backend is lost: what was kept back was never given.
  void dropKeptBack() {
    ByteBuf message;
    while ((message = keptBack.poll()) != null) {
      message.release();
    }
  }

  /// The transaction is known to be committed, and this is its answer.
  boolean hasKeptBack() {
    return !keptBack.isEmpty();
  }
}
