package dev.baton.service.peer;

import java.io.IOException;

/// Another agent refused, or did not keep to the protocol.
public final class PeerException extends IOException {
  private static final long serialVersionUID = 1L;

  private final PeerError error;
  private final long epoch;

  public PeerException(PeerError error, String message) {
    this(error, 0, message);
  }

  /// @param epoch the present epoch of the service in question, as far as the refusing side knows
  public PeerException(PeerError error, long epoch, String message) {
    super(error + ": " + message);
    this.error = error;
    this.epoch = epoch;
  }

  public PeerError error() {
    return error;
  }

  /// 0 when the refusal has nothing to do with an epoch.
  public long epoch() {
    return epoch;
  }
}
