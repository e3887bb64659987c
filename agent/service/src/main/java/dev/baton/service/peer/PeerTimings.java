package dev.baton.service.peer;

/// @param heartbeatMillis between two signs of life to another agent
/// @param silenceMillis without any sign of the other side, after which a connection counts as
///   broken
/// @param callMillis longest wait for the answer to a call
/// @param reconnectMillis between two attempts to connect
public record PeerTimings(
    long heartbeatMillis, long silenceMillis, long callMillis, long reconnectMillis) {
  public static final PeerTimings DEFAULT = new PeerTimings(100, 1000, 5000, 50);
}
