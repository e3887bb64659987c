package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;

/// The block of our own in which a segment runs that would commit by itself: its beginning, and its
/// end once it is known whether and under which id it may be committed.
final class OwnBlock {
  private final FlightOwner owner;
  private final Dialogue dialogue;
  private final boolean simple;
  private final Delivery delivery;
  private final End end;
  private boolean refused;

  /// Told when the block has ended.
  @FunctionalInterface
  interface End {
    /// @param failed when it was rolled back, or its commit failed
    void ended(TransactionStatus status, boolean failed);
  }

  /// @param simple when the segment is a Query, so that the client's unnamed statement is not in
  ///   danger
  OwnBlock(FlightOwner owner, Dialogue dialogue, boolean simple, Delivery delivery, End end) {
    this.owner = owner;
    this.dialogue = dialogue;
    this.simple = simple;
    this.delivery = delivery;
    this.end = end;
  }

  /// @param refused called when there is no block, whatever the reason
  void begin(Runnable refused) {
    dialogue.write(OwnMessages.begin(simple));
    dialogue.owe(
        new Swallowed(
            owner.unasked(),
            (status, error, value) -> {
              if (error != null) {
                refused.run();
              }
            }));
  }

  void rollBack() {
    dialogue.write(OwnMessages.rollback(simple));
    dialogue.owe(new Swallowed(owner.unasked(), (status, _, _) -> end.ended(status, true)));
  }

  void commit() {
    dialogue.write(OwnMessages.commit(simple));
    dialogue.owe(new EndOfBlock());
  }

  /// The server refused the commit, and the client has been told why: nothing of the block is
  /// committed, whatever the server can still say.
  boolean refused() {
    return refused;
  }

  private final class EndOfBlock implements Answer {
    @Override
    public void message(byte type, ByteBuf message) {
      switch (type) {
        case BackendType.ERROR_RESPONSE -> {
          refused = true;
          delivery.giveError(message);
        }
        case BackendType.NOTICE_RESPONSE -> delivery.giveNow(message);
        case BackendType.PARAMETER_STATUS -> {
          Reported.take(owner.state(), message);
          delivery.give(type, message);
        }
        case BackendType.NOTIFICATION_RESPONSE -> delivery.give(type, message);
        default -> message.release();
      }
    }

    @Override
    public boolean ready(TransactionStatus status, ByteBuf ready) {
      ready.release();
      end.ended(status, refused);
      return true;
    }
  }
}
