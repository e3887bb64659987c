package dev.baton.engine.postgres.wal;

import dev.baton.model.LogPosition;
import java.io.IOException;

/// Bytes that are no log of PostgreSQL 14 to 18, or were damaged on the way. Nothing at or after
/// `position` may be believed.
public final class WalFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient LogPosition position;

  WalFormatException(long position, String problem) {
    this(LogPosition.of(position), problem);
  }

  private WalFormatException(LogPosition position, String problem) {
    super("log at " + position + ": " + problem);
    this.position = position;
  }

  /// Where the page or record begins that is wrong.
  public LogPosition position() {
    return position;
  }
}
