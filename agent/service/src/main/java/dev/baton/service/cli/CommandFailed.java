package dev.baton.service.cli;

/// A command that ends with status 1 and this sentence on standard error.
public final class CommandFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param sentence what failed, where, and what to do, for the person at the terminal
  public CommandFailed(String sentence) {
    super(sentence);
  }

  public CommandFailed(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
