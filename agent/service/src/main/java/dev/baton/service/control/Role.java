package dev.baton.service.control;

import java.util.Locale;
import java.util.Optional;

/// What somebody may do: each may do what those before it may.
public enum Role {
  /// Look.
  VIEWER,
  /// Run the cluster: plan and order moves, announce maintenance, end sessions.
  OPERATOR,
  /// Change how it behaves by itself, and break it on purpose.
  ADMIN;

  boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }

  static Optional<Role> named(String name) {
    for (Role role : values()) {
      if (role.toString().equals(name)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
