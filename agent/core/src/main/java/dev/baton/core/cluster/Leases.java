package dev.baton.core.cluster;

import dev.baton.core.cluster.RoleState.Grant;
import dev.baton.core.cluster.RoleState.HomeLease;
import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.cluster.ServiceRecord.Member;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.move.Alarm;
import java.util.Map;
import java.util.TreeMap;

/// The home's right to serve, at the home and at the members that could take over.
///
/// A member that was asked does not take over by itself before a lease and a margin have passed
/// since it was asked, nor since it first saw the present version of the record; and it takes over
/// by a compare-and-set on that version. So the home may serve for the length of a lease after it
/// *sent* the last question that all members said yes to, or asked for its last own write that
/// stands in the record. As long as every member answers, coordination is not needed; as long as
/// coordination answers, no member is.
///
/// Which members there are is known well enough: who is in sync has been told by the home from
/// where on commits wait for it, and the home tells only members that have said yes once.
final class Leases {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /// A home for whom nobody can stand in keeps its right; the end is far, so that a short freeze
  /// costs nobody a connection.
  private static final long ALONE_MILLIS = 86_400_000;

  private Leases() {}

  /// The right of a home whose own write at `stampNanos` has made it so.
  static HomeLease begun(long stampNanos) {
    return new HomeLease(Map.of(), 0, stampNanos, 0);
  }

  // --- the home

  static void granted(Turn turn, Role.Serving role, String from, PeerMessage.GrantLease grant) {
    Member member = turn.record().members().get(from);
    if (grant.homeGeneration() != role.generation()
        || member == null
        || member.generation() != grant.memberGeneration()) {
      return;
    }
    Map<String, Grant> grants = new TreeMap<>(role.lease().grants());
    grants.merge(
        from,
        new Grant(grant.memberGeneration(), grant.sentNanos()),
        (old, now) ->
            old.memberGeneration() == now.memberGeneration() && old.sentNanos() > now.sentNanos()
                ? old
                : now);
    turn.keep(
        role.leased(
            new HomeLease(
                grants,
                role.lease().askedNanos(),
                role.lease().heldNanos(),
                role.lease().untilNanos())));
  }

  /// Asks again when it is time, by the record too when a member does not answer, and tells the
  /// door how long it may pass clients' work.
  static Role.Serving renew(Turn turn, Role.Serving role) {
    RoleSettings settings = turn.settings();
    HomeLease lease = role.lease();
    boolean due = lease.askedNanos() == 0 || turn.over(lease.askedNanos(), settings.renewMillis());
    if (due) {
      ask(turn, role.generation());
    }
    boolean alone = turn.record().awaited().isEmpty();
    long held = alone ? (due ? turn.now() : lease.heldNanos()) : held(turn, lease);
    long lengthMillis = alone ? ALONE_MILLIS : settings.leaseMillis();
    long until = held + lengthMillis * NANOS_PER_MILLI;
    if (until != lease.untilNanos()) {
      turn.emit(new RoleCommand.HoldLease(role.epoch(), until));
    }
    long asked = due ? turn.now() : lease.askedNanos();
    return role.leased(new HomeLease(lease.grants(), asked, held, until));
  }

  private static long held(Turn turn, HomeLease lease) {
    long lateMillis = turn.settings().leaseMillis() / 4;
    long byMembers = byMembers(turn, lease);
    long byRecord = turn.record().lease().stampNanos();
    if (turn.over(byMembers, lateMillis) && turn.over(byRecord, lateMillis)) {
      turn.write(turn.record().renewed(turn.now()), "");
    }
    return Math.max(lease.heldNanos(), Math.max(byMembers, byRecord));
  }

  static boolean isLost(Turn turn, Role.Serving role) {
    return turn.over(role.lease().heldNanos(), turn.settings().leaseMillis());
  }

  static String lost(Turn turn, Role.Serving role) {
    String text =
        "the lease has ended: neither all of %s nor coordination answered within %d ms"
            .formatted(turn.record().awaited(), turn.settings().leaseMillis());
    turn.raise(Alarm.LEASE_LOST, text);
    return text;
  }

  /// Whether the member has said yes in this generation; only then is it told to join.
  static boolean hasGranted(Role.Serving role, String host, long generation) {
    Grant grant = role.lease().grants().get(host);
    return grant != null && grant.memberGeneration() == generation;
  }

  /// @param generation of the home that asks
  static void ask(Turn turn, long generation) {
    ServiceRecord record = turn.record();
    record
        .members()
        .forEach(
            (host, member) -> {
              if (member.state() != MemberState.OUT) {
                turn.send(
                    host,
                    new PeerMessage.AskLease(
                        record.epoch(), generation, member.generation(), turn.now()));
              }
            });
  }

  /// When the question was sent that every member has said yes to. One that is joining and has
  /// never been told from where on commits wait cannot be in sync, wherever its record stands.
  private static long byMembers(Turn turn, HomeLease lease) {
    long since = turn.now();
    for (Map.Entry<String, Member> entry : turn.record().members().entrySet()) {
      Member member = entry.getValue();
      Grant grant = lease.grants().get(entry.getKey());
      boolean said = grant != null && grant.memberGeneration() == member.generation();
      if (said && grant != null && member.state() != MemberState.OUT) {
        since = Math.min(since, grant.sentNanos());
      } else if (member.state() == MemberState.IN_SYNC) {
        since = Math.min(since, Long.MIN_VALUE / 2);
      }
    }
    return since;
  }

  // --- members

  /// @param generation of this member's memory
  static void asked(Turn turn, String from, long generation, PeerMessage.AskLease ask) {
    ServiceRecord record = turn.record();
    if (from.equals(record.home())
        && ask.homeGeneration() == record.homeGeneration()
        && ask.memberGeneration() == generation) {
      turn.granted();
      turn.send(
          from,
          new PeerMessage.GrantLease(
              ask.epoch(), ask.homeGeneration(), generation, ask.sentNanos()));
    }
  }

  /// Whether the home's right to serve has run out by this host's count.
  static boolean isOver(Turn turn) {
    RoleSettings settings = turn.settings();
    return turn.over(lastSign(turn), settings.leaseMillis() + settings.leaseMarginMillis());
  }

  /// The last that this host knows to have kept the home's lease alive.
  static long lastSign(Turn turn) {
    return Math.max(turn.recordSeenNanos(), turn.grantedNanos());
  }
}
