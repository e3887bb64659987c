package dev.baton.core.cluster;

import dev.baton.core.cluster.RoleState.Join;
import dev.baton.core.cluster.RoleState.Required;
import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.cluster.RoleState.Waits;
import dev.baton.core.cluster.ServiceRecord.Member;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.cluster.ServiceRecord.Phase;
import dev.baton.core.cluster.ServiceRecord.RunningMove;
import dev.baton.core.move.MoveEvent;
import dev.baton.core.move.MoveState;
import dev.baton.model.MoveKind;
import java.util.Map;
import java.util.TreeMap;

/// The home with its door open. For whom commits wait follows the record, never the other way
/// round: out is recorded before the waiting is switched off, joining before it is switched on.
final class ServingRole {
  private ServingRole() {}

  static void on(Turn turn, Role.Serving role, RoleEvent event) {
    switch (event) {
      case RoleEvent.AcknowledgementRequired e when e.ticket() == role.waits().ticket() ->
          required(turn, role, e);
      case RoleEvent.StepFailed e when e.ticket() == role.waits().ticket() -> {
        turn.say("cannot change for whom commits wait: " + e.explanation());
        turn.keep(role.waiting(new Waits(null, 0, Required.NONE, Map.of())));
      }
      case RoleEvent.InstanceGoing e ->
          FencedRole.fence(
              turn, role.generation(), e.cause(), e.explanation(), e.lastSignOfLifeNanos());
      case RoleEvent.Received e when e.message() instanceof PeerMessage.GrantLease grant ->
          Leases.granted(turn, role, e.from(), grant);
      case RoleEvent.Received e when e.message() instanceof PeerMessage.Fence fence ->
          asked(turn, role, e.from(), fence);
      case RoleEvent.FrontsArrived e when e.ticket() == role.tailTicket() ->
          TailRole.step(turn, role, new MoveEvent.FrontsArrived(e.pending()));
      case RoleEvent.StepFailed e when e.ticket() == role.tailTicket() ->
          TailRole.step(turn, role, new MoveEvent.StepFailed(e.explanation()));
      case RoleEvent.LogAt e -> turn.keep(KeptLog.at(turn, role, e.position()));
      case RoleEvent.Tick e -> TailRole.step(turn, role, new MoveEvent.Tick());
      default -> {
        // no concern of a serving home: answers to commands of an earlier role, and messages to
        // members
      }
    }
  }

  private static void required(
      Turn turn, Role.Serving role, RoleEvent.AcknowledgementRequired event) {
    Required before = role.waits().required();
    Map<String, Join> joinAt = new TreeMap<>(role.waits().joinAt());
    role.waits()
        .asked()
        .generations()
        .forEach(
            (host, generation) -> {
              if (before == null || !generation.equals(before.generations().get(host))) {
                joinAt.put(host, new Join(generation, event.position()));
              }
            });
    turn.say("commits wait for " + role.waits().asked().held() + " from " + event.position());
    turn.keep(
        role.waiting(new Waits(role.waits().asked(), 0, role.waits().asked(), joinAt)).asked(0));
  }

  private static void asked(Turn turn, Role.Serving role, String from, PeerMessage.Fence fence) {
    ServiceRecord record = turn.record();
    RunningMove move = record.move();
    if (fence.homeGeneration() == role.generation()
        && move != null
        && move.id() == fence.moveId()
        && move.target().equals(from)) {
      FencedRole.fenceForMove(turn, role.generation(), move);
    } else if (fence.homeGeneration() == role.generation()
        && record.lastMoveId() < fence.moveId()) {
      turn.emit(new RoleCommand.ReadRecord());
    } else {
      String why = "move " + fence.moveId() + " is not the one recorded";
      turn.send(from, new PeerMessage.Refused(fence.epoch(), fence.moveId(), why));
      turn.say("not fencing for " + from + ": " + why);
    }
  }

  static void settle(Turn turn, Role.Serving role) {
    ServiceRecord record = turn.record();
    if (!record.home().equals(turn.host())
        || record.homeGeneration() != role.generation()
        || record.phase() != Phase.OPEN) {
      FencedRole.await(turn, record.home() + " is home in epoch " + record.epoch());
      return;
    }
    Role.Serving leased = Leases.renew(turn, role);
    RunningMove move = record.move();
    if (Leases.isLost(turn, leased)) {
      FencedRole.fence(turn, role.generation(), null, Leases.lost(turn, leased), turn.now());
    } else if (move != null && move.kind() == MoveKind.FAILOVER) {
      // an operator wants this host left: known from the record even when the target is out of
      // reach
      FencedRole.fenceForMove(turn, role.generation(), move);
    } else {
      Role.Serving told = tellPeers(turn, watchSilence(turn, requireAsRecorded(turn, leased)));
      turn.keep(TailRole.watchRejoin(turn, told));
      endDeadMove(turn);
    }
  }

  private static Role.Serving requireAsRecorded(Turn turn, Role.Serving role) {
    Waits waits = role.waits();
    Required wanted = Required.by(turn.record());
    boolean unknown = waits.required() == null;
    if (waits.ticket() != 0
        || wanted.equals(waits.required())
        || (unknown && !turn.tick() && !isInTail(role))) {
      return role;
    }
    long ticket = turn.ticket();
    turn.emit(new RoleCommand.RequireAcknowledgement(ticket, wanted.held()));
    return role.waiting(new Waits(waits.required(), ticket, wanted, waits.joinAt()));
  }

  /// A home that has just opened asks at once; one whose request failed asks at the next tick.
  private static boolean isInTail(Role.Serving role) {
    MoveState tail = role.tail();
    return tail != null && !tail.ended();
  }

  /// A member that is away would hold up every commit: it is recorded out after a bound.
  private static Role.Serving watchSilence(Turn turn, Role.Serving role) {
    ServiceRecord record = turn.record();
    Map<String, Long> silentSince = new TreeMap<>();
    for (String host : record.awaited()) {
      if (!turn.peers().contains(host)) {
        Long known = role.silentSince().get(host);
        long since = known == null ? turn.now() : known;
        silentSince.put(host, since);
        if (turn.over(since, turn.settings().memberSilentMillis())) {
          turn.write(record.out(host).stamped(turn.now()), host + " is silent: recording it out");
        }
      }
    }
    return role.silent(silentSince);
  }

  /// Joining members are told from where commits wait for them, until the record shows them in
  /// sync.
  private static Role.Serving tellPeers(Turn turn, Role.Serving role) {
    ServiceRecord record = turn.record();
    Map<String, Join> joinAt = new TreeMap<>(role.waits().joinAt());
    joinAt
        .entrySet()
        .removeIf(entry -> !isJoining(record.members().get(entry.getKey()), entry.getValue()));
    boolean due =
        role.askedPeersNanos() == 0
            || turn.over(role.askedPeersNanos(), turn.settings().askAgainMillis());
    if (due) {
      joinAt.forEach((host, join) -> tellJoin(turn, role, host, join));
    }
    Waits waits = role.waits();
    boolean told = due && !joinAt.isEmpty();
    return role.waiting(new Waits(waits.required(), waits.ticket(), waits.asked(), joinAt))
        .asked(told ? turn.now() : role.askedPeersNanos());
  }

  /// A member that has not let this home serve yet must not come to be in sync: it would not be
  /// asked for the lease that its taking over depends on.
  private static void tellJoin(Turn turn, Role.Serving role, String host, Join join) {
    if (Leases.hasGranted(role, host, join.memberGeneration())) {
      turn.send(
          host,
          new PeerMessage.JoinAt(
              turn.record().epoch(), role.generation(), join.memberGeneration(), join.position()));
    }
  }

  private static boolean isJoining(@org.jspecify.annotations.Nullable Member member, Join join) {
    return member != null
        && member.state() == MemberState.JOINING
        && member.generation() == join.memberGeneration();
  }

  /// A move whose target has lost its memory cannot go on, and must not stand in the way of others.
  private static void endDeadMove(Turn turn) {
    ServiceRecord record = turn.record();
    RunningMove move = record.move();
    if (move != null && !record.membersIn(MemberState.IN_SYNC).contains(move.target())) {
      turn.write(
          record.withoutMove(),
          "move %d is undone: %s is no longer in sync".formatted(move.id(), move.target()));
    }
  }
}
