package dev.baton.service.peer;

import java.util.concurrent.CompletionStage;

/// Answers calls of other agents. Runs on an event loop and must not block.
@FunctionalInterface
public interface CallHandler {
  /// A stage that fails with a [PeerException] is told to the caller as such, any other failure as
  /// `CALL_FAILED` with its text.
  ///
  /// @param host that calls, proven to hold the cluster's secret
  /// @param epoch in which the caller believes the service to be; 0 when the call is about none
  /// @param body JSON
  /// @return JSON; dropped for one-way notices
  CompletionStage<String> call(String host, long epoch, String body);
}
