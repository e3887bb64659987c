package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.scram.ScramVerifier;
import java.util.concurrent.CompletableFuture;

/// Where the verifiers of roles come from.
@FunctionalInterface
interface Verifiers {
  /// What the database knows of a role's password.
  sealed interface Answer {
    record Known(ScramVerifier verifier) implements Answer {}

    /// Nobody can log in as this role by SCRAM.
    ///
    /// @param reason for the log alone: a client that were told could find out which roles there
    ///   are
    record Unusable(String reason) implements Answer {}
  }

  /// Completes on any thread. Fails when the database cannot be asked within the hold's bound.
  ///
  /// @param user byte string of the start-up packet
  CompletableFuture<Answer> of(String user);
}
