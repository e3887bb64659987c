package dev.baton.console.link;

import java.util.Objects;

/// The stream of an agent cannot be opened or used.
final class StreamBroken extends Exception {
  private static final long serialVersionUID = 1L;

  StreamBroken(String reason) {
    super(reason, null, false, false);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNullElse(super.getMessage(), "broken");
  }
}
