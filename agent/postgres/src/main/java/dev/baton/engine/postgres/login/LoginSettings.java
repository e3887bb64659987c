package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.access.AccessRules;
import dev.baton.engine.postgres.access.RolePasswords;
import dev.baton.engine.postgres.scram.ScramVerifier;
import dev.baton.engine.postgres.wire.SecretBytes;
import dev.baton.net.AccessPolicy;
import dev.baton.net.FrontSettings;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What all logins of one front share. What follows from the access policy is replaced as a whole,
/// and each connection keeps what was in force when it came.
///
/// @param mockSecret from which the verifiers of unknown users are made
/// @param access in force
record LoginSettings(
    FrontSettings front,
    SecretBytes mockSecret,
    Access access,
    Verifiers verifiers,
    CancelGate cancels,
    Places places,
    SessionFactory sessions) {

  /// A policy with its files read.
  ///
  /// @param tls null: none is offered
  record Access(@Nullable FrontTls tls, AccessRules rules, RolePasswords passwords) {
    /// @throws IOException when it cannot be used; the text says why and what to do
    static Access read(AccessPolicy policy) throws IOException {
      try {
        AccessPolicy.Tls tls = policy.tls();
        return new Access(
            tls == null ? null : FrontTls.read(tls),
            AccessRules.read(policy),
            RolePasswords.read(policy.rolePasswords()));
      } catch (AccessRules.InvalidRules e) {
        throw new IOException("the access rules cannot be used: " + e.getMessage(), e);
      }
    }
  }

  static LoginSettings of(
      FrontSettings front, Verifiers verifiers, CancelRegistry cancels, SessionFactory sessions)
      throws IOException {
    return new LoginSettings(
        front,
        ScramVerifier.mockSecret(front.adminPassword()),
        Access.read(front.access()),
        verifiers,
        new CancelGate(cancels),
        new Places(front.maxClients()),
        sessions);
  }

  LoginSettings with(Access other) {
    return new LoginSettings(front, mockSecret, other, verifiers, cancels, places, sessions);
  }

  @Nullable FrontTls tls() {
    return access.tls();
  }
}
