package dev.baton.engine.postgres.scram;

/// The other side's message is no SCRAM, or asks for what is not offered, or proves nothing.
public final class ScramFailure extends Exception {
  private static final long serialVersionUID = 1L;

  static final String PROTOCOL_VIOLATION = "08P01";
  static final String FEATURE_NOT_SUPPORTED = "0A000";
  static final String INVALID_AUTHORIZATION = "28000";

  private final String sqlState;
  private final String message;

  ScramFailure(String sqlState, String message) {
    super(message);
    this.sqlState = sqlState;
    this.message = message;
  }

  static ScramFailure malformed(String what) {
    return new ScramFailure(PROTOCOL_VIOLATION, "malformed SCRAM message: " + what);
  }

  @Override
  public String getMessage() {
    return message;
  }

  /// What a server says in this case.
  public String sqlState() {
    return sqlState;
  }
}
