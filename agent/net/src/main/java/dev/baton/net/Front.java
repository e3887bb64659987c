package dev.baton.net;

import dev.baton.model.view.SessionView;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/// A front that listens. Every method may be called from any thread.
public interface Front extends AutoCloseable {
  InetSocketAddress address();

  /// A view of each session, measured now.
  List<SessionView> sessions();

  Counters counters();

  /// How long this front's clients wait.
  ClientLatency latency();

  /// What this front did for the move that opened `epoch`; zeros when it has not seen it.
  MoveTally tally(long epoch);

  /// Puts another policy in force for clients that connect from now on. Files are read anew, so a
  /// renewed certificate counts, too.
  ///
  /// @throws IOException when it cannot be used, saying why; then the present one stays in force
  void reload(AccessPolicy access) throws IOException;

  /// Ends one session as an administrator's command would; false when there is none of that id.
  boolean disconnect(String sessionId);

  /// Ends every session and stops listening.
  @Override
  void close();

  /// Requests and transactions since the front opened, sessions now.
  ///
  /// @param active sessions that wait for an answer of their backend outside a transaction block
  /// @param held sessions without a backend, until a move is over
  /// @param inTransaction sessions that a planned move waits for: with an open transaction or, once
  ///   it has begun, with something that they are still taking along
  record Counters(
      int clients,
      int active,
      int held,
      int inTransaction,
      int notMovable,
      int twins,
      long requests,
      long transactions) {}

  /// @param pending sessions that are still held or being restored
  /// @param failed clients that got an error because of the move, other than 40001
  /// @param serializationFailures clients that get 40001 on their living connection
  record MoveTally(
      long epoch,
      int clientsHeld,
      int pending,
      int transactionsReplayed,
      int requestsReplayed,
      int keepAlivesSent,
      int serializationFailures,
      int failed) {}
}
