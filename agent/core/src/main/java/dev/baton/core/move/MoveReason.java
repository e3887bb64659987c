package dev.baton.core.move;

import dev.baton.core.engine.Instance.Going;

/// Why a service is to move: what was found out, as data, so that history and metrics can tell the
/// reasons apart.
///
/// @param explanation one sentence with figures
/// @param actor who decided: `agent <host>`, or the operator's name
public record MoveReason(Kind kind, String explanation, String actor) {

  /// What a need to move can be, and the claims that name it.
  public enum Kind {
    /// The database's main process ended without an order.
    DATABASE_DIED(true, "7, 9, 10, 17, 19, 20"),
    /// The database lives but has answered nothing within its bound.
    DATABASE_FROZEN(true, "7, 9, 10, 17, 19, 20"),
    /// Somebody stops the database in order.
    DATABASE_STOPPING(true, "7, 9, 11, 17, 19, 21"),
    /// Nothing was heard from the host until its lease had run out.
    HOST_SILENT(true, "7, 9, 10, 17, 19, 20"),
    /// An operator takes the host or its database out of use.
    MAINTENANCE(false, "7, 9, 11, 17, 19, 21"),
    /// An operator asked for it.
    OPERATOR(false, "7, 17"),
    /// Load or configuration, measured; decided by a policy.
    POLICY(false, "7, 12, 13, 14, 15, 16, 22, 23, 24, 25, 26");

    private final boolean unavailable;
    private final String claims;

    Kind(boolean unavailable, String claims) {
      this.unavailable = unavailable;
      this.claims = claims;
    }

    /// True when the first database can no longer be used.
    public boolean unavailable() {
      return unavailable;
    }

    /// Numbers, separated by commas.
    public String claims() {
      return claims;
    }
  }

  /// What the source's own agent attests about its database.
  public static MoveReason attested(String source, Going.Cause cause, String explanation) {
    Kind kind =
        switch (cause) {
          case DIED -> Kind.DATABASE_DIED;
          case FROZEN -> Kind.DATABASE_FROZEN;
          case STOPPING -> Kind.DATABASE_STOPPING;
        };
    return new MoveReason(kind, explanation, "agent " + source);
  }

  public static MoveReason silent(String source, String witness) {
    return new MoveReason(
        Kind.HOST_SILENT, source + " was silent until its lease ended", "agent " + witness);
  }
}
