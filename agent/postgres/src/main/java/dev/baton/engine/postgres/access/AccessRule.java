package dev.baton.engine.postgres.access;

import java.util.List;
import java.util.Set;

/// One line. All of its conditions must hold for a client.
///
/// @param origin where it stands, for messages
record AccessRule(
    String origin,
    Encryption encryption,
    Names databases,
    Names users,
    List<AddressRange> from,
    Method method,
    CertificateDemand demand) {
  AccessRule {
    from = List.copyOf(from);
  }

  /// `host`, `hostssl`, `hostnossl`.
  enum Encryption {
    EITHER,
    WITH_TLS,
    WITHOUT_TLS;

    boolean holds(boolean tls) {
      return switch (this) {
        case EITHER -> true;
        case WITH_TLS -> tls;
        case WITHOUT_TLS -> !tls;
      };
    }
  }

  enum Method {
    SCRAM,
    TRUST,
    CERTIFICATE,
    REJECT
  }

  /// What a client's certificate must be beside what the method asks for (`clientcert`).
  enum CertificateDemand {
    NONE,
    /// From one of the client CAs.
    TRUSTED,
    /// And with the user as its common name.
    OF_THE_USER
  }

  /// @param all whoever
  /// @param sameAsUser also the name that is equal to the user's (`sameuser`)
  record Names(boolean all, boolean sameAsUser, Set<String> names) {
    Names {
      names = Set.copyOf(names);
    }

    boolean holds(String name, String user) {
      return all || (sameAsUser && name.equals(user)) || names.contains(name);
    }
  }

  boolean holds(AccessRules.Arrival arrival) {
    return encryption.holds(arrival.tls())
        && databases.holds(arrival.database(), arrival.user())
        && users.holds(arrival.user(), arrival.user())
        && from.stream().anyMatch(range -> range.contains(arrival.address()));
  }
}
