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
///
/// A small answer is held until it is complete, as a server holds it until its send buffer of 8 kB
/// is full: a client that has been given nothing yet may be given another answer by another home.
final class Delivery {
  /// As much of an answer is held as a server would send at once.
  private static final int HELD_BYTES = 8 << 10;

  private final ClientPort client;
  private final AnswerDigest given;

  /// What the present run has answered so far, while it is still within what was given before.
  private final AnswerDigest repeated = new AnswerDigest();

  private final int before;
  private final boolean keepsBack;

  /// The beginning of an answer that is not complete.
  private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(4);

  private int heldBytes;
  private boolean holds;

  /// CommandComplete of the last statement so far, and what came after it. Later than what is held.
  private final ArrayDeque<ByteBuf> keptBack = new ArrayDeque<>(2);

  private boolean torn;
  private boolean differs;

  /// @param given digest of what the client has been given of this answer; continued here
  /// @param keepsBack whether a CommandComplete is kept back until something follows it
  /// @param holds whether a small answer is given only when it is complete
  Delivery(ClientPort client, AnswerDigest given, boolean keepsBack, boolean holds) {
    this.client = client;
    this.given = given;
    this.before = given.messages();
    this.keepsBack = keepsBack;
    this.holds = holds;
  }

  /// The client waits for what there is of the answer, complete or not.
  void holdNoMore() {
    holds = false;
    letGoHeld();
  }

  /// Takes over `message`.
  void give(byte type, ByteBuf message) {
    if (keepsBack && type == BackendType.COMMAND_COMPLETE) {
      passOnKeptBack();
      keptBack.add(message);
      return;
    }
    if (!keptBack.isEmpty() && !AnswerDigest.counts(type)) {
      keptBack.add(message);
      return;
    }
    passOnKeptBack();
    pass(type, message);
  }

  /// An error that ends the answer takes the place of the success that was kept back. It is no
  /// repetition of anything: it reaches the client also when a repeated answer differs, else the
  /// client would take the ReadyForQuery that follows for success.
  void giveError(ByteBuf error) {
    letGoHeld();
    release(keptBack);
    given.add(error);
    client.write(error);
  }

  /// Goes out before what is kept back, as a notice of the commit itself does.
  void giveNow(ByteBuf message) {
    letGoHeld();
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

  private boolean repeating() {
    return repeated.messages() < before;
  }

  private void pass(byte type, ByteBuf message) {
    if (!holds || repeating() || !AnswerDigest.counts(type)) {
      letGoHeld();
      out(type, message);
      return;
    }
    held.add(message);
    heldBytes += message.readableBytes();
    if (heldBytes > HELD_BYTES || isCopy(type)) {
      holdNoMore();
    }
  }

  /// The client has to say something next.
  private static boolean isCopy(byte type) {
    return type == BackendType.COPY_IN_RESPONSE
        || type == BackendType.COPY_OUT_RESPONSE
        || type == BackendType.COPY_BOTH_RESPONSE;
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
    letGoHeld();
    ByteBuf message;
    while ((message = keptBack.poll()) != null) {
      out(typeOf(message), message);
    }
  }

  private void letGoHeld() {
    heldBytes = 0;
    ByteBuf message;
    while ((message = held.poll()) != null) {
      out(typeOf(message), message);
    }
  }

  private void passOnKeptBack() {
    ByteBuf message;
    while ((message = keptBack.poll()) != null) {
      pass(typeOf(message), message);
    }
  }

  private static byte typeOf(ByteBuf message) {
    return message.getByte(message.readerIndex());
  }

  /// Messages of the answer that this run has brought so far, given or not; what a server may say
  /// at any time not counted.
  int messages() {
    int waiting = 0;
    for (ByteBuf message : keptBack) {
      waiting += AnswerDigest.counts(typeOf(message)) ? 1 : 0;
    }
    return (repeating() ? repeated.messages() : given.messages()) + held.size() + waiting;
  }

  /// Digest of what the client will have been given if the commit succeeds that is under way.
  AnswerDigest expected() {
    AnswerDigest expected = given.copy();
    held.forEach(expected::add);
    keptBack.stream()
        .filter(message -> AnswerDigest.counts(typeOf(message)))
        .forEach(expected::add);
    return expected;
  }

  /// The backend is lost: what was held or kept back was never given.
  void drop() {
    release(held);
    heldBytes = 0;
    release(keptBack);
  }

  private static void release(ArrayDeque<ByteBuf> messages) {
    ByteBuf message;
    while ((message = messages.poll()) != null) {
      message.release();
    }
  }
}
