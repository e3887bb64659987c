package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answer to a segment that was answered before, of which the client gets nothing: it is
/// compared with what the client was given.
final class ReplayedAnswer implements Answer {
  /// How much of the answer is compared.
  enum Extent {
    WHOLE,
    /// Its segment committed by itself and is replayed within a block: the ReadyForQuery differs.
    WITHIN_BLOCK,
    /// The client was given the beginning only.
    BEGINNING
  }

  private final Answer unasked;
  private final AnswerDigest given;
  private final Extent extent;
  private final AnswerDigest now = new AnswerDigest();
  private final List<List<BackendMessages.Column>> descriptions = new ArrayList<>(1);
  private Runnable whenComplete = () -> {};
  private int ownParses;
  private boolean failed;
  private boolean beginningDiffers;
  private boolean same;
  private @Nullable ErrorFields error;

  ReplayedAnswer(Answer unasked, AnswerDigest given, Extent extent) {
    this.unasked = unasked;
    this.given = given;
    this.extent = extent;
    if (!given.rows().isEmpty()) {
      now.keepRows();
    }
  }

  /// The segment is preceded by a Parse that the client has not sent with it.
  void expectOwnParse() {
    ownParses++;
  }

  /// Calls `next` when the answer is complete.
  void whenComplete(Runnable next) {
    whenComplete = next;
  }

  /// The row descriptions in it, in order.
  List<List<BackendMessages.Column>> descriptions() {
    return descriptions;
  }

  /// False until the answer is complete.
  boolean same() {
    return same;
  }

  /// What it answered that the client was not given; without anything of the data.
  String difference() {
    ErrorFields told = error;
    if (told != null) {
      return "it answered with error " + told.code();
    }
    return now.messages() == given.messages()
        ? "it answered other values"
        : "it answered with " + now.messages() + " messages in place of " + given.messages();
  }

  AnswerDigest given() {
    return given;
  }

  AnswerDigest now() {
    return now;
  }

  @Override
  public void message(byte type, ByteBuf message) {
    if (type == BackendType.PARAMETER_STATUS || type == BackendType.NOTIFICATION_RESPONSE) {
      unasked.message(type, message);
      return;
    }
    if (type == BackendType.ERROR_RESPONSE) {
      error = ErrorFields.read(message);
    }
    failed |=
        type == BackendType.ERROR_RESPONSE
            || (type == BackendType.COMMAND_COMPLETE
                && BackendMessages.readCommandComplete(message).equals("ROLLBACK"));
    if (type == BackendType.ROW_DESCRIPTION) {
      descriptions.add(BackendMessages.readRowDescription(message));
    }
    if (type == BackendType.PARSE_COMPLETE && ownParses > 0) {
      ownParses--;
    } else if (AnswerDigest.counts(type)) {
      now.add(message);
      compareBeginning();
    }
    message.release();
  }

  private void compareBeginning() {
    if (now.messages() == given.messages()) {
      beginningDiffers = !now.sameAs(given);
    }
  }

  @Override
  public void piece(byte type, ByteBuf piece, boolean first, boolean last) {
    now.addPiece(piece, last);
    piece.release();
  }

  @Override
  public boolean ready(TransactionStatus status, ByteBuf ready) {
    if (extent == Extent.WITHIN_BLOCK) {
      ByteBuf told = Unpooled.buffer(6);
      BackendMessages.readyForQuery(told, TransactionStatus.IDLE);
      now.add(told);
      told.release();
    } else {
      now.add(ready);
    }
    ready.release();
    same =
        extent == Extent.BEGINNING
            ? !failed && !beginningDiffers && now.messages() >= given.messages()
            : now.sameAs(given);
    whenComplete.run();
    return true;
  }
}
