package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.scram.ScramVerifier;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Where the verifiers of roles come from.
@FunctionalInterface
interface Verifiers {
  /// Completes on any thread: empty when the role does not exist, has no SCRAM verifier, or its
  /// password has expired. Fails when the database cannot be asked within the hold's bound.
  ///
  /// @param user byte string of the start-up packet
  CompletableFuture<Optional<ScramVerifier>> of(String user);
}
