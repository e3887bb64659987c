package dev.baton.core.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.baton.core.engine.Instance.Going;
import dev.baton.model.LogPosition;
import org.jspecify.annotations.Nullable;

/// What the role machines of one service say to each other. May be lost, late, repeated or out of
/// order: each names the epoch, and where it matters the generation, of what it is about, and the
/// receiver refuses what is stale. A request is repeated until it is answered or its bound has
/// passed, and answering twice does no harm.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface PeerMessage {
  long epoch();

  /// Home to all: the instance goes, the door is closed; hold the clients. `Fenced` follows. With a
  /// cause it attests that no client is told anything of this generation any more: an in-sync
  /// standby may take over, while the home ends what is left of its processes.
  ///
  /// @param cause null when a move asked for it, or the lease has ended
  /// @param silentMillis since the last sign of life
  record HomeGoing(
      long epoch,
      long homeGeneration,
      Going.@Nullable Cause cause,
      String explanation,
      long silentMillis)
      implements PeerMessage {}

  /// Home to all: of this generation nothing can write any more. An in-sync standby may take over
  /// from exactly this generation.
  ///
  /// @param moveId of the move that asked for it; 0 when the instance went by itself
  /// @param last end of the source's log; null when it cannot be known
  /// @param cause why it went by itself; null when a move asked for it, or the lease has ended
  record Fenced(
      long epoch,
      long homeGeneration,
      long moveId,
      @Nullable LogPosition last,
      Going.@Nullable Cause cause,
      String explanation,
      long silentMillis)
      implements PeerMessage {}

  /// Target to all: let no new transaction begin; answer when the open ones have ended.
  record Drain(long epoch, long moveId, String target, long graceMillis) implements PeerMessage {}

  /// No client of the sender's fronts is in a transaction any more.
  record Drained(long epoch, long moveId) implements PeerMessage {}

  /// Target to source: close the door, stop the instance at once, answer `Fenced`.
  record Fence(long epoch, long homeGeneration, long moveId) implements PeerMessage {}

  /// Target to all: the move is undone, what was held back goes on at the source.
  record Undone(long epoch, long moveId) implements PeerMessage {}

  /// The sender does not do what was asked.
  record Refused(long epoch, long moveId, String why) implements PeerMessage {}

  /// Home to a joining member: every commit from here on waits for you.
  record JoinAt(long epoch, long homeGeneration, long memberGeneration, LogPosition position)
      implements PeerMessage {}

  /// Home to an in-sync member: answer when your memory has `position`.
  record AskInMemory(long epoch, long homeGeneration, long memberGeneration, LogPosition position)
      implements PeerMessage {}

  record HasInMemory(long epoch, long memberGeneration, LogPosition position)
      implements PeerMessage {}

  /// Home to a member: let me serve for the length of a lease from `sentNanos` on.
  ///
  /// @param sentNanos the home's own clock; comes back unchanged
  record AskLease(long epoch, long homeGeneration, long memberGeneration, long sentNanos)
      implements PeerMessage {}

  /// Member to home: I do not take over by myself before that lease has run out, counted from when
  /// I was asked.
  record GrantLease(long epoch, long homeGeneration, long memberGeneration, long sentNanos)
      implements PeerMessage {}

  /// The record has changed, or what you said is stale: read it now. Saves the time of the watch.
  record RecordChanged(long epoch) implements PeerMessage {}
}
