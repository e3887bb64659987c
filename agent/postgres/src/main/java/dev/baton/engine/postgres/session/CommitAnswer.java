package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.FrontendType;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/// What a server answers to a segment that ends a block with COMMIT, written by us when the server
/// that committed can no longer say it.
final class CommitAnswer {
  private final Delivery delivery;
  private int had;

  /// @param had how many messages of this answer had come from the server before it was lost
  CommitAnswer(Delivery delivery, int had) {
    this.delivery = delivery;
    this.had = had;
  }

  /// @param priorAnswered when everything before the COMMIT itself was answered already, because
  ///   the id was asked for in between
  /// @param then how the client's transaction stands after it
  void give(Segment segment, boolean priorAnswered, TransactionStatus then) {
    if (segment.simple()) {
      write(BackendType.COMMAND_COMPLETE, CommitAnswer::commandComplete);
      delivery.ready(then);
      return;
    }
    boolean[] committed = {!priorAnswered};
    int[] executes = {0};
    segment.replay(
        message -> {
          executes[0] += message.getByte(message.readerIndex()) == FrontendType.EXECUTE ? 1 : 0;
          message.release();
        });
    int[] seen = {0};
    segment.replay(
        message -> {
          byte type = message.getByte(message.readerIndex());
          boolean statement =
              message.readableBytes() > 5 && message.getByte(message.readerIndex() + 5) == 'S';
          message.release();
          seen[0] += type == FrontendType.EXECUTE ? 1 : 0;
          committed[0] |= type == FrontendType.EXECUTE && seen[0] == executes[0];
          if (committed[0]) {
            answer(type, statement, then);
          }
        });
  }

  private void answer(byte type, boolean ofStatement, TransactionStatus then) {
    switch (type) {
      case FrontendType.PARSE -> write(BackendType.PARSE_COMPLETE, BackendMessages::parseComplete);
      case FrontendType.BIND -> write(BackendType.BIND_COMPLETE, BackendMessages::bindComplete);
      case FrontendType.CLOSE -> write(BackendType.CLOSE_COMPLETE, BackendMessages::closeComplete);
      case FrontendType.DESCRIBE -> {
        if (ofStatement) {
          write(
              BackendType.PARAMETER_DESCRIPTION,
              out -> BackendMessages.parameterDescription(out, java.util.List.of()));
        }
        write(BackendType.NO_DATA, BackendMessages::noData);
      }
      case FrontendType.EXECUTE ->
          write(BackendType.COMMAND_COMPLETE, CommitAnswer::commandComplete);
      case FrontendType.SYNC -> delivery.ready(then);
      default -> {
        // Flush is not answered
      }
    }
  }

  private static void commandComplete(ByteBuf out) {
    BackendMessages.commandComplete(out, "COMMIT");
  }

  private void write(byte type, Consumer<ByteBuf> writer) {
    if (had > 0) {
      had--;
      return;
    }
    ByteBuf out = Unpooled.buffer(32);
    writer.accept(out);
    delivery.give(type, out);
  }
}
