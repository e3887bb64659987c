package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// The session, as its flights see it.
interface FlightOwner {
  SessionState state();

  ClientPort client();

  Answer unasked();

  /// Copies `message` into the segment as far as the transaction's bound permits.
  ByteBuf keep(Segment segment, ByteBuf message);

  /// The request is complete, and goes to the memory before it goes to the backend.
  void stamp(OpenTransaction transaction, ByteBuffer request);

  void identified(OpenTransaction transaction, long id);

  /// Whether a commit is passed on only when the memory has its requests.
  boolean gated();

  /// The end of the transaction is sent now.
  void ends(OpenTransaction transaction);

  /// Waits until the memory has the transaction's requests, and then gives it its place among those
  /// whose commits are passed on.
  ///
  /// @param wanted false when the commit will not be sent any more
  /// @param then told whether it may be sent
  void passGate(
      OpenTransaction transaction,
      long answersDigest,
      BooleanSupplier wanted,
      Consumer<Boolean> then);

  /// The memory does not have the requests of a block that the client commits: its commit was not
  /// sent, and will not be.
  void gateRefused(Flight flight, ErrorFields error);

  /// The answer is complete and the client has it.
  void landed(Flight flight, TransactionStatus status);

  /// A repeated answer differs from what the client was given.
  void diverged(Flight flight);
}
