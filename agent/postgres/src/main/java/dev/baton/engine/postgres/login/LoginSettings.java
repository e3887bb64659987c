package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.scram.ScramVerifier;
import dev.baton.engine.postgres.wire.SecretBytes;
import dev.baton.net.FrontSettings;
import org.jspecify.annotations.Nullable;

/// What all logins of one front share.
///
/// @param mockSecret from which the verifiers of unknown users are made
/// @param tls null: none is offered
record LoginSettings(
    FrontSettings front,
    SecretBytes mockSecret,
    @Nullable FrontTls tls,
    Verifiers verifiers,
    CancelGate cancels,
    Places places,
    SessionFactory sessions) {
  static LoginSettings of(
      FrontSettings front,
      @Nullable FrontTls tls,
      Verifiers verifiers,
      CancelRegistry cancels,
      SessionFactory sessions) {
    return new LoginSettings(
        front,
        ScramVerifier.mockSecret(front.adminPassword()),
        tls,
        verifiers,
        new CancelGate(cancels),
        new Places(front.maxClients()),
        sessions);
  }
}
