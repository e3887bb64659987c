package dev.baton.service.peer;

import java.util.concurrent.CompletionStage;

/// Where a front's messages to one memory go. Every method may be called from any thread and
/// returns at once; the order of each caller is kept.
interface Outbox {
  void offer(byte[] message);

  /// Asks a gate after all that was offered before.
  ///
  /// @return completes when the memory has the requests; fails when it will not
  CompletionStage<Void> gate(long session, long request, long answersDigest);

  /// Nothing more is sent.
  ///
  /// @param recordedOut the memory is not in sync any more, so nobody waits for it: its open gates
  ///   count as passed. Else they fail.
  void close(boolean recordedOut);
}
