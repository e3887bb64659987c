package dev.baton.core.cluster;

import dev.baton.core.engine.Instance.Going;
import dev.baton.core.move.Alarm;
import dev.baton.core.move.MoveState;
import dev.baton.core.route.RouteState;
import dev.baton.model.Durability;
import dev.baton.model.LogPosition;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// All that one agent knows about one service.
///
/// @param record newest seen; null until one was seen
/// @param peers that this agent has a living connection with
/// @param lastTicket highest given to a command
/// @param write that has not ended; null when none runs
/// @param hint what peers said about the present epoch that the record does not tell
/// @param route last published
/// @param alarms that stand, with what was said of each
/// @param recordSeenNanos when this version of the record was first seen
/// @param grantedNanos when this host last let the home serve on; 0: never
public record RoleState(
    RoleSettings settings,
    @Nullable ServiceRecord record,
    Coordination.Connection connection,
    Set<String> peers,
    long lastTicket,
    @Nullable Writing write,
    Hint hint,
    @Nullable RouteState route,
    Map<Alarm, String> alarms,
    long recordSeenNanos,
    long grantedNanos,
    Role role) {

  /// @param sinceNanos when it was asked for
  public record Writing(long ticket, ServiceRecord wanted, long sinceNanos) {}

  /// What peers said, true for one epoch only.
  public sealed interface Hint {
    record Nothing() implements Hint {}

    /// Let no new transaction begin; given up at `untilNanos` when nothing follows.
    record Draining(
        long epoch, long moveId, String target, long graceMillis, long ticket, long untilNanos)
        implements Hint {}

    /// The home of this epoch serves no more.
    ///
    /// @param moveId of the move that took it for gone; 0 when it said so itself
    record Gone(long epoch, long moveId, String reason) implements Hint {}
  }

  /// What this agent is for the service now.
  public sealed interface Role {
    /// Has seen no record yet.
    record Starting() implements Role {}

    /// Carries no instance.
    record FrontOnly() implements Role {}

    /// Home, not yet open: every backend is ended, a new epoch recorded, the instance started, and
    /// what it has recovered is awaited in the memories of the members in sync.
    ///
    /// @param onDisk end of the log with which a broken take-over is gone on with; null for a home
    ///   that comes up again
    record Resuming(ResumeStage stage, @Nullable LogPosition onDisk) implements Role {}

    /// Home, door open for `epoch`.
    ///
    /// @param silentSince members without a connection
    /// @param awayFrom where the log was when a host was first seen away that has data of its own
    /// @param lease the right to serve
    /// @param tail the move that made this host home, until its source is in sync again; null for
    ///   none
    record Serving(
        long epoch,
        long generation,
        Waits waits,
        Map<String, Long> silentSince,
        Map<String, LogPosition> awayFrom,
        long askedPeersNanos,
        HomeLease lease,
        long tailTicket,
        @Nullable MoveState tail)
        implements Role {
      static Serving open(
          long epoch, long generation, Waits waits, HomeLease lease, @Nullable MoveState tail) {
        return new Serving(epoch, generation, waits, Map.of(), Map.of(), 0, lease, 0, tail);
      }

      Serving waiting(Waits changed) {
        return new Serving(
            epoch,
            generation,
            changed,
            silentSince,
            awayFrom,
            askedPeersNanos,
            lease,
            tailTicket,
            tail);
      }

      Serving silent(Map<String, Long> since) {
        return new Serving(
            epoch, generation, waits, since, awayFrom, askedPeersNanos, lease, tailTicket, tail);
      }

      Serving asked(long nowNanos) {
        return new Serving(
            epoch, generation, waits, silentSince, awayFrom, nowNanos, lease, tailTicket, tail);
      }

      Serving leased(HomeLease changed) {
        return new Serving(
            epoch,
            generation,
            waits,
            silentSince,
            awayFrom,
            askedPeersNanos,
            changed,
            tailTicket,
            tail);
      }

      Serving tailed(long ticket, @Nullable MoveState changed) {
        return new Serving(
            epoch,
            generation,
            waits,
            silentSince,
            awayFrom,
            askedPeersNanos,
            lease,
            ticket,
            changed);
      }

      Serving away(Map<String, LogPosition> from) {
        return new Serving(
            epoch, generation, waits, silentSince, from, askedPeersNanos, lease, tailTicket, tail);
      }
    }

    /// Home, door closed, its instance is being stopped for good in this generation.
    record Fencing(long epoch, long generation, FenceCause cause, long ticket) implements Role {}

    /// Home, nothing of this generation can write. Waits for someone to take over.
    record Fenced(
        long epoch,
        long generation,
        FenceCause cause,
        @Nullable LogPosition last,
        long sinceNanos,
        long toldNanos)
        implements Role {}

    /// Neither home nor following one: another host takes, or is taken over. Its instance is
    /// stopped.
    ///
    /// @param killing ticket; 0 when no process lives, `AGAIN` when that failed
    /// @param examining ticket; 0 until a taker that has lost its memory was told to look, `AGAIN`
    ///   when that failed
    /// @param onDisk end of the log there; null while it is not known
    record Waiting(long killing, long sinceNanos, long examining, @Nullable LogPosition onDisk)
        implements Role {
      /// In place of a ticket: the step failed, and is ordered anew at the next tick.
      static final long AGAIN = -1;

      static Waiting since(long nowNanos, long killing) {
        return new Waiting(killing, nowNanos, 0, null);
      }
    }

    /// Becoming a standby of the home.
    ///
    /// @param seedNext what is on disk does not follow: copy it anew
    record Rebuilding(long homeEpoch, RebuildStage stage, boolean seedNext, long sinceNanos)
        implements Role {}

    /// The memory counts as `generation`, recorded as joining; commits come to wait for it.
    ///
    /// @param epoch whose log is being received
    /// @param awaiting ticket; 0 until the home has said from where
    /// @param complete true when the memory has that position
    record Joining(
        long epoch,
        long generation,
        @Nullable LogPosition position,
        long awaiting,
        boolean complete)
        implements Role {}

    /// May take over.
    ///
    /// @param epoch whose log is being received
    /// @param ask position that the home wants to be told about; null for none
    /// @param askTicket of it; 0 when the memory has it
    /// @param attested the home's end, as its own agent told it; null for none
    record InSync(
        long epoch,
        long generation,
        @Nullable LogPosition ask,
        long askTicket,
        @Nullable Attested attested)
        implements Role {
      static InSync of(long epoch, long generation) {
        return new InSync(epoch, generation, null, 0, null);
      }
    }

    /// Target of a move that runs.
    ///
    /// @param epoch whose log is being received
    /// @param generation of the memory
    /// @param forced whether a member that is only joining may take over
    /// @param takingGeneration that this host wants to be home with; 0 until it was asked for
    /// @param ticket of the step that runs
    record Moving(
        long epoch,
        long generation,
        boolean forced,
        long takingGeneration,
        long ticket,
        long toldNanos,
        MoveState move)
        implements Role {}
  }

  public sealed interface ResumeStage {
    record Killing(long ticket) implements ResumeStage {}

    /// @param wantedGeneration of the record that was last asked for; 0: of none
    record Recording(long wantedGeneration) implements ResumeStage {}

    record Starting(long generation, long ticket) implements ResumeStage {}

    /// @param end of the log before
    record Promoting(long generation, long ticket, LogPosition end) implements ResumeStage {}

    record Requiring(long generation, long ticket, LogPosition end, Required required)
        implements ResumeStage {}

    /// @param required for whom the instance holds commits
    /// @param has members in sync whose memory has `position`, with their generation
    record AwaitingMembers(
        long generation,
        LogPosition position,
        Required required,
        Map<String, Long> has,
        long sinceNanos,
        long askedNanos)
        implements ResumeStage {}

    /// A step failed; it is begun again at `atNanos`.
    record Pausing(long atNanos, String explanation) implements ResumeStage {}
  }

  public sealed interface RebuildStage {
    record Killing(long ticket) implements RebuildStage {}

    record Examining(long ticket) implements RebuildStage {}

    /// What is on disk is to be recorded as useless before it is touched: a copy that breaks off
    /// must not pass for a database.
    record Discarding() implements RebuildStage {}

    record Seeding(long ticket) implements RebuildStage {}

    record Following(long ticket, LogPosition from) implements RebuildStage {}

    record Receiving(long ticket) implements RebuildStage {}

    record Starting(long ticket) implements RebuildStage {}

    record CatchingUp(long ticket) implements RebuildStage {}

    /// Caught up; "joining" is to be recorded.
    ///
    /// @param wantedGeneration of the record that was last asked for; 0: of none
    record Recording(long wantedGeneration) implements RebuildStage {}

    record Pausing(long atNanos, String explanation) implements RebuildStage {}
  }

  /// For whom the home's instance holds commits.
  ///
  /// @param required as it is; null when it is not known
  /// @param ticket of a change that runs; 0 for none
  /// @param asked what that change is to bring
  /// @param joinAt from where commits wait for a joining member
  public record Waits(
      @Nullable Required required, long ticket, Required asked, Map<String, Join> joinAt) {}

  /// @param generations of the members that are in sync or joining
  /// @param held hosts for which a commit is held: those, where commits are to be in their memories
  ///   before they are acknowledged, else none
  public record Required(Map<String, Long> generations, SortedSet<String> held) {
    static final Required NONE = new Required(Map.of(), new TreeSet<>());

    static Required by(ServiceRecord record) {
      Map<String, Long> generations = new TreeMap<>();
      SortedSet<String> awaited = record.awaited();
      record
          .members()
          .forEach(
              (host, member) -> {
                if (awaited.contains(host)) {
                  generations.put(host, member.generation());
                }
              });
      boolean holds = record.durability() == Durability.REPLICATION;
      return new Required(generations, holds ? awaited : new TreeSet<>());
    }
  }

  /// The home's right to serve. It lasts as long as none who could take over would do so: each
  /// member that the home has begun to wait for, or else coordination, was asked not longer ago
  /// than a lease.
  ///
  /// @param grants the newest question that each member said yes to
  /// @param askedNanos when members were last asked
  /// @param heldNanos from when the present lease counts
  /// @param untilNanos what the door was last told
  public record HomeLease(
      Map<String, Grant> grants, long askedNanos, long heldNanos, long untilNanos) {}

  /// @param sentNanos when the home sent the question
  public record Grant(long memberGeneration, long sentNanos) {}

  public record Join(long memberGeneration, LogPosition position) {}

  /// @param moveId of the move that asked for it, 0 when it went by itself
  /// @param cause null when a move asked for it
  public record FenceCause(
      long moveId, Going.@Nullable Cause cause, String explanation, long lastSignOfLifeNanos) {}

  /// @param cause null: its lease ended
  /// @param silent nobody said so: its lease ended by this host's count
  public record Attested(
      long epoch,
      long homeGeneration,
      Going.@Nullable Cause cause,
      String explanation,
      long lastSignOfLifeNanos,
      long sinceNanos,
      boolean silent) {}
}
