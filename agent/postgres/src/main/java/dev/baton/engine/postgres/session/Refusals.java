package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.ErrorFields;

/// What a client is told when its session cannot go on as if nothing had happened.
final class Refusals {
  private Refusals() {}

  /// The transaction is rolled back, and may be run again.
  static ErrorFields serializationFailure() {
    return ErrorFields.error(
            "40001", "could not continue the transaction after its database moved to another host")
        .withDetail(
            "It was rolled back: replayed there, it gave other answers than before, or its requests"
                + " were no longer held.")
        .withHint("The transaction might succeed if retried.");
  }

  /// Nobody can find out whether it is committed.
  static ErrorFields unknownOutcome() {
    return ErrorFields.error(
            "08007", "the database was lost while it may have been committing this request")
        .withDetail(
            "Whether the request took effect cannot be found out: it ended a transaction whose id"
                + " could not be known before.")
        .withHint("Look whether its effect is there before you repeat it.");
  }

  /// Its commit was never sent.
  static ErrorFields notInMemory() {
    return ErrorFields.error(
            "53000", "the transaction's requests could not be secured on the standby's host")
        .withDetail("It was rolled back: nothing of it is committed.")
        .withHint("It can be repeated; the server's administrator finds the reason in the log.");
  }

  static ErrorFields missedNotifications() {
    return ErrorFields.of(
            "WARNING", "01000", "notifications may have been missed while the database moved")
        .withHint("Look at what they would have told of.");
  }

  static ErrorFields heldTooLong(long millis) {
    return ErrorFields.fatal(
        "08006", "no database took over within " + millis + " ms; the connection is closed");
  }

  static ErrorFields notMovable(String reason) {
    return ErrorFields.fatal(
            "57P01", "terminating connection because its database moved to another host")
        .withDetail("The session could not be moved: " + reason + ".");
  }

  static ErrorFields byAdministrator() {
    return ErrorFields.fatal("57P01", "terminating connection due to administrator command");
  }

  static ErrorFields cancelled() {
    return ErrorFields.error("57014", "canceling statement due to user request");
  }

  static ErrorFields connectionLost() {
    return ErrorFields.fatal("08006", "the server closed the connection unexpectedly");
  }
}
