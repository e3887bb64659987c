package dev.baton.core.policy;

/// What can make a move worth while although nothing is broken.
public enum Need {
  /// Maintenance of the home's host was announced and is near, or has begun.
  MAINTENANCE("11, 21"),
  /// The home's host is loaded.
  SOURCE_LOAD("12, 22"),
  /// The busier of both hosts would be less busy.
  BALANCE("13, 14, 23, 24"),
  /// The home's host has become worse than a standby's: processor cores, memory, database version.
  CONFIGURATION("15, 16, 25, 26"),
  /// The policy prefers another host, which is fit.
  PREFERENCE("7, 17");

  private final String claims;

  Need(String claims) {
    this.claims = claims;
  }

  /// Numbers, separated by commas.
  public String claims() {
    return claims;
  }

  /// Announced maintenance waits for nobody; everything else is measured for a while first.
  boolean isSustained() {
    return this != MAINTENANCE;
  }

  /// Whether the target must become less busy than the source is.
  boolean isForLoad() {
    return this == SOURCE_LOAD || this == BALANCE;
  }
}
