package dev.baton.core.route;

import dev.baton.model.LogPosition;
import dev.baton.model.Stamp;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/// Where a front sends its stamped requests: the memory of each standby, in this process or
/// another. A transaction is named by the number of its first request in its session. Every method
/// may be called from any thread and returns at once; order is kept for each session.
public interface RequestLog {
  /// A lower bound of the present end of the home's log, for the next stamp. Never falls within an
  /// epoch.
  LogPosition position();

  /// A request was read and is passed on to the home.
  ///
  /// @param firstRequest number of the first request of its transaction
  /// @param request the client's bytes; read before this returns, not kept
  void stamped(Stamp stamp, long firstRequest, ByteBuffer request);

  /// The transaction writes, and this is the database's id of it.
  void identified(long session, long firstRequest, long transaction);

  /// The transaction's end was answered to the client, or the session ended.
  void ended(long session, long firstRequest, Ending ending);

  /// The transaction's requests were sent to the next home, since no log covered them.
  void forwarded(long session, long firstRequest, int requests);

  /// Completes when each in-sync memory has all requests of the session up to `request`: the gate
  /// of durability `request`.
  ///
  /// @param answersDigest digest of the answers given so far in the transaction
  CompletionStage<Void> acknowledged(long session, long request, long answersDigest);

  enum Ending {
    /// It has an id and its commit was answered: redundant as soon as the log covers it.
    COMMITTED,
    /// Rolled back: redundant at once.
    ROLLED_BACK,
    /// It wrote nothing: redundant at once.
    READ_ONLY
  }
}
