package dev.baton.model.view;

import dev.baton.model.LogPosition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `GET /v1/memory`: what the memory of one service at one standby has stamped, purged, forwarded
/// and holds.
///
/// @param generation as in the service's record; 0 while it counts as none
/// @param requestsStamped requests that came in with a stamp
/// @param requestsPurged dropped because the log covers them, or because they wrote nothing
/// @param requestsForwarded sent to the second database because the log did not cover them
/// @param replicationBytesPurged log that counted for nothing after a take-over
/// @param bytesHeld log and requests in RAM
/// @param bytesMax most that was ever held in RAM
/// @param bytesBound bound of `bytesHeld`
/// @param spilledBytes on disk, beyond `bytesHeld`
/// @param uncovered the oldest transactions that no log covers yet, up to 100
public record MemoryView(
    String service,
    String host,
    long generation,
    long requestsStamped,
    long requestsPurged,
    long requestsForwarded,
    long requestsHeld,
    long requestBytesHeld,
    long replicationBytesReceived,
    long replicationBytesForwarded,
    long replicationBytesPurged,
    long replicationBytesHeld,
    long commitsIndexed,
    long bytesHeld,
    long bytesMax,
    long bytesBound,
    long spilledBytes,
    LogPosition inMemory,
    List<UncoveredView> uncovered,
    Instant measuredAt) {

  /// The same, of the generation that the service's record names.
  public MemoryView ofGeneration(long recorded) {
    return new MemoryView(
        service,
        host,
        recorded,
        requestsStamped,
        requestsPurged,
        requestsForwarded,
        requestsHeld,
        requestBytesHeld,
        replicationBytesReceived,
        replicationBytesForwarded,
        replicationBytesPurged,
        replicationBytesHeld,
        commitsIndexed,
        bytesHeld,
        bytesMax,
        bytesBound,
        spilledBytes,
        inMemory,
        uncovered,
        measuredAt);
  }

  /// @param transaction the database's id of it; null while it has written nothing
  public record UncoveredView(
      long session,
      long firstRequest,
      int requests,
      long bytes,
      LogPosition stampedAt,
      @Nullable Long transaction,
      double ageMillis) {}
}
