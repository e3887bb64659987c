package dev.baton.lab.load;

/// What a transaction writes.
public enum Kind {
  /// Money from one account to another: four statements and a generated key in an explicit
  /// transaction; one row in `transfer`, two in `entry`.
  TRANSFER,
  /// One autocommitted statement; one row in `receipt`.
  RECEIPT
}
