package dev.baton.core.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.baton.model.Durability;
import dev.baton.model.LogPosition;
import dev.baton.model.MoveKind;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The one record of a service. Only changed by compare-and-set on `version`, only by the methods
/// here, and always before the change is acted on. Each method gives the record to be written; its
/// version is that of the record it came from until coordination has written it.
///
/// A **lineage** is a stretch of log with one home's history, named by the epoch whose take-over
/// began it. What a host has on disk may follow the home if it is of the home's lineage, or of the
/// one before and ends at or before the fork.
///
/// @param version counts writes; 0 for a record that was never written
/// @param home host whose instance takes, or is about to take, client work
/// @param epoch rises with every take-over and every restart of the home; never falls
/// @param homeGeneration names the life of the home's agent (and instance) that may open the door
/// @param members every other host that carries the service's data
/// @param lastGeneration highest generation given to anyone
/// @param lineage epoch of the last take-over by another host that came to be open
/// @param previousLineage lineage before that
/// @param fork end of the log on which the present lineage began
/// @param move the move that runs; null when none does
/// @param lastMoveId highest number given to a move
/// @param lease when the home last asked for its right to serve in a write of its own
public record ServiceRecord(
    int version,
    String cluster,
    String service,
    String home,
    long epoch,
    Phase phase,
    long homeGeneration,
    SortedMap<String, Member> members,
    long lastGeneration,
    long lineage,
    long previousLineage,
    LogPosition fork,
    @Nullable RunningMove move,
    long lastMoveId,
    Durability durability,
    long policyVersion,
    LeaseStamp lease) {

  public ServiceRecord {
    members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    if (members.containsKey(home)) {
      throw new IllegalArgumentException("home " + home + " is also listed as a member");
    }
  }

  public enum Phase {
    /// Clients are served, or will be as soon as the home's door is open.
    OPEN,
    /// The home has not opened yet in this epoch; nobody serves.
    TAKING
  }

  public enum MemberState {
    /// The home holds commits for it, but it may lack earlier log.
    JOINING,
    /// Its memory has every commit that was acknowledged: it may take over.
    IN_SYNC,
    /// The home does not wait for it.
    OUT
  }

  /// @param generation of its memory; 0 when it has none that counts
  /// @param lineage of what it has on disk; 0 when that must be copied anew
  public record Member(MemberState state, long generation, long lineage) {
    Member out() {
      return new Member(MemberState.OUT, 0, lineage);
    }

    Member outWithoutData() {
      return new Member(MemberState.OUT, 0, 0);
    }
  }

  /// @param sourceGeneration the home's generation when it began
  /// @param end of the log that the target took over with; null until it is known
  public record RunningMove(
      long id,
      MoveKind kind,
      String source,
      long sourceGeneration,
      String target,
      String reason,
      String actor,
      @Nullable LogPosition end) {
    RunningMove endingAt(LogPosition known) {
      return new RunningMove(id, kind, source, sourceGeneration, target, reason, actor, known);
    }
  }

  /// The first record of a service: `home` is to come up in epoch 1.
  public static ServiceRecord first(
      String cluster, String service, String home, Durability durability) {
    return new ServiceRecord(
        0,
        cluster,
        service,
        home,
        0,
        Phase.TAKING,
        0,
        new TreeMap<>(),
        0,
        1,
        0,
        LogPosition.ZERO,
        null,
        0,
        durability,
        0,
        LeaseStamp.NONE);
  }

  /// The home, or the source that takes back, comes up in a new epoch with a new generation. What
  /// the taker of an unfinished take-over has on disk may have been promoted: it is copied anew.
  public ServiceRecord resumedBy(String host) {
    if (!mayResume(host)) {
      throw new IllegalStateException(host + " may not come up as home: " + this);
    }
    SortedMap<String, Member> next = new TreeMap<>(members);
    if (!host.equals(home)) {
      next.remove(host);
      next.put(home, new Member(MemberState.OUT, 0, 0));
    }
    return with(host, epoch + 1, Phase.TAKING, lastGeneration + 1, next, lastGeneration + 1, null)
        .stamped(LeaseStamp.NEVER);
  }

  /// `target` takes over; every other host is out until it joins again.
  public ServiceRecord takenBy(RunningMove running) {
    SortedMap<String, Member> next = new TreeMap<>();
    members.forEach((host, member) -> next.put(host, member.out()));
    next.remove(running.target());
    next.put(
        home,
        phase == Phase.OPEN || lineageOfHomeIsSound()
            ? new Member(MemberState.OUT, 0, lineage)
            : new Member(MemberState.OUT, 0, 0));
    return with(
            running.target(),
            epoch + 1,
            Phase.TAKING,
            lastGeneration + 1,
            next,
            lastGeneration + 1,
            running)
        .stamped(LeaseStamp.NEVER);
  }

  /// The taker has stopped receiving at `end`: whoever has the log up to there has all.
  ServiceRecord takenUpTo(LogPosition end) {
    if (move == null) {
      throw new IllegalStateException("nobody takes over: " + this);
    }
    return with(home, epoch, phase, homeGeneration, members, lastGeneration, move.endingAt(end));
  }

  /// Whether the taker, whose memory was lost with its generation, may go on: what is on its disk
  /// ends at `onDisk`, and nothing was served since.
  public boolean mayTakeAgain(String host, LogPosition onDisk) {
    return phase == Phase.TAKING
        && home.equals(host)
        && move != null
        && move.target().equals(host)
        && move.end() != null
        && onDisk.isAtLeast(move.end());
  }

  /// The taker goes on in a further epoch, with what is on its disk.
  ServiceRecord takenAgain() {
    return with(
            home, epoch + 1, Phase.TAKING, lastGeneration + 1, members, lastGeneration + 1, move)
        .stamped(LeaseStamp.NEVER);
  }

  /// The taker's instance takes writes on the log up to `end`: clients may be served.
  ///
  /// @param end of the log that was promoted; for a home that only came up again it is not used
  public ServiceRecord opened(LogPosition end) {
    boolean newLineage = move != null && move.target().equals(home);
    return new ServiceRecord(
        version,
        cluster,
        service,
        home,
        epoch,
        Phase.OPEN,
        homeGeneration,
        members,
        lastGeneration,
        newLineage ? epoch : lineage,
        newLineage ? lineage : previousLineage,
        newLineage ? end : fork,
        null,
        lastMoveId,
        durability,
        policyVersion,
        lease);
  }

  /// A switchover is about to begin; the source serves on.
  public ServiceRecord withMove(RunningMove running) {
    return with(home, epoch, phase, homeGeneration, members, lastGeneration, running);
  }

  /// The move is undone; whoever is home stays home.
  public ServiceRecord withoutMove() {
    return with(home, epoch, phase, homeGeneration, members, lastGeneration, null);
  }

  /// The taker's own agent says that the generation that was taking is dead.
  public ServiceRecord takerGone() {
    return with(home, epoch, phase, 0, members, lastGeneration, move);
  }

  /// A new memory at `host` begins to count: the home will hold commits for it.
  public ServiceRecord joining(String host) {
    long generation = lastGeneration + 1;
    return withMember(host, new Member(MemberState.JOINING, generation, lineage), generation);
  }

  public ServiceRecord inSync(String host) {
    Member member = members.get(host);
    if (member == null || member.state() != MemberState.JOINING) {
      throw new IllegalStateException(host + " is not joining: " + member);
    }
    return withMember(
        host,
        new Member(MemberState.IN_SYNC, member.generation(), member.lineage()),
        lastGeneration);
  }

  /// The home will not wait for `host`. Its data stays of its lineage.
  public ServiceRecord out(String host) {
    Member member = members.get(host);
    return withMember(
        host, member == null ? new Member(MemberState.OUT, 0, 0) : member.out(), lastGeneration);
  }

  /// What `host` has on disk does not follow the home: it is copied anew.
  public ServiceRecord outWithoutData(String host) {
    return withMember(host, new Member(MemberState.OUT, 0, 0), lastGeneration);
  }

  /// The home was alive at `nowNanos` by its own clock.
  public ServiceRecord stamped(long nowNanos) {
    return with(version, durability, policyVersion, lease.at(nowNanos));
  }

  /// Says nothing but that.
  public ServiceRecord renewed(long nowNanos) {
    return with(version, durability, policyVersion, lease.renewed(nowNanos));
  }

  /// Rises with each write that changed more than the lease: what plans are bound to.
  public int contentVersion() {
    return (int) (version - lease.renewals());
  }

  public ServiceRecord withVersion(int written) {
    return with(written, durability, policyVersion, lease);
  }

  public ServiceRecord withDurability(Durability changed) {
    return with(version, changed, policyVersion + 1, lease);
  }

  private ServiceRecord with(
      int newVersion, Durability newDurability, long newPolicyVersion, LeaseStamp newLease) {
    return new ServiceRecord(
        newVersion,
        cluster,
        service,
        home,
        epoch,
        phase,
        homeGeneration,
        members,
        lastGeneration,
        lineage,
        previousLineage,
        fork,
        move,
        lastMoveId,
        newDurability,
        newPolicyVersion,
        newLease);
  }

  /// Members in the state `state`, by name.
  public SortedSet<String> membersIn(MemberState state) {
    SortedSet<String> hosts = new TreeSet<>();
    members.forEach(
        (host, member) -> {
          if (member.state() == state) {
            hosts.add(host);
          }
        });
    return hosts;
  }

  /// Members for which the home holds a commit: in sync or joining.
  @JsonIgnore
  public SortedSet<String> awaited() {
    SortedSet<String> hosts = membersIn(MemberState.IN_SYNC);
    hosts.addAll(membersIn(MemberState.JOINING));
    return hosts;
  }

  public boolean isInSync(String host, long generation) {
    Member member = members.get(host);
    return member != null
        && member.state() == MemberState.IN_SYNC
        && member.generation() == generation;
  }

  /// Whether `host` may come up as home: it is home and all of its epoch's log is its own, or it
  /// takes back. The taker of an unfinished take-over may not: its memory was lost with its
  /// generation, so its disk may lack acknowledged commits.
  public boolean mayResume(String host) {
    return host.equals(home) ? phase == Phase.OPEN || lineageOfHomeIsSound() : mayTakeBack(host);
  }

  /// True while a take-over from `host` is unfinished: nothing was served since, so `host` has
  /// every acknowledged commit.
  public boolean mayTakeBack(String host) {
    return phase == Phase.TAKING
        && move != null
        && move.source().equals(host)
        && !home.equals(host)
        && members.containsKey(host);
  }

  /// Whether what `host` has on disk, ending at `end`, is a prefix of the home's log.
  public boolean mayFollow(String host, LogPosition end) {
    Member member = members.get(host);
    if (member == null || member.lineage() == 0) {
      return false;
    }
    return member.lineage() == lineage
        || (member.lineage() == previousLineage && !fork.isBefore(end));
  }

  private boolean lineageOfHomeIsSound() {
    return move == null || !move.target().equals(home);
  }

  private ServiceRecord withMember(String host, Member member, long generation) {
    SortedMap<String, Member> next = new TreeMap<>(members);
    next.put(host, member);
    return with(home, epoch, phase, homeGeneration, next, generation, move);
  }

  private ServiceRecord with(
      String newHome,
      long newEpoch,
      Phase newPhase,
      long newHomeGeneration,
      Map<String, Member> newMembers,
      long newLastGeneration,
      @Nullable RunningMove newMove) {
    return new ServiceRecord(
        version,
        cluster,
        service,
        newHome,
        newEpoch,
        newPhase,
        newHomeGeneration,
        new TreeMap<>(newMembers),
        newLastGeneration,
        lineage,
        previousLineage,
        fork,
        newMove,
        newMove == null ? lastMoveId : Math.max(lastMoveId, newMove.id()),
        durability,
        policyVersion,
        lease);
  }
}
