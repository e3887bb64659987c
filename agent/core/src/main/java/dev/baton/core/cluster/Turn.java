package dev.baton.core.cluster;

import dev.baton.core.cluster.RoleState.Hint;
import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.cluster.RoleState.Writing;
import dev.baton.core.move.Alarm;
import dev.baton.core.route.RouteState;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One step of a role machine in the making. Lives within one call of `RoleMachine.step` and is
/// seen by nobody else.
final class Turn {
  private final RoleState before;
  private final long now;
  private final boolean tick;
  private final List<RoleCommand> commands = new ArrayList<>();
  private final List<String> reasons = new ArrayList<>();

  private @Nullable ServiceRecord record;
  private Coordination.Connection connection;
  private Set<String> peers;
  private long lastTicket;
  private @Nullable Writing write;
  private Hint hint;
  private @Nullable RouteState route;
  private final Map<Alarm, String> alarms;
  private long recordSeenNanos;
  private long grantedNanos;
  private Role role;

  Turn(RoleState before, boolean tick, long nowNanos) {
    this.before = before;
    this.now = nowNanos;
    this.tick = tick;
    this.record = before.record();
    this.connection = before.connection();
    this.peers = before.peers();
    this.lastTicket = before.lastTicket();
    this.write = before.write();
    this.hint = before.hint();
    this.route = before.route();
    this.alarms = new EnumMap<>(Alarm.class);
    this.alarms.putAll(before.alarms());
    this.recordSeenNanos = before.recordSeenNanos();
    this.grantedNanos = before.grantedNanos();
    this.role = before.role();
  }

  RoleStep end() {
    RoleState next =
        new RoleState(
            before.settings(),
            record,
            connection,
            peers,
            lastTicket,
            write,
            hint,
            route,
            Map.copyOf(alarms),
            recordSeenNanos,
            grantedNanos,
            role);
    return new RoleStep(next, commands, String.join("; ", reasons));
  }

  long now() {
    return now;
  }

  boolean tick() {
    return tick;
  }

  RoleSettings settings() {
    return before.settings();
  }

  String host() {
    return before.settings().host();
  }

  Role role() {
    return role;
  }

  Hint hint() {
    return hint;
  }

  Set<String> peers() {
    return peers;
  }

  @Nullable RouteState route() {
    return route;
  }

  boolean hasRecord() {
    return record != null;
  }

  /// Only where a record was seen: every role but `Starting` has.
  ServiceRecord record() {
    if (record == null) {
      throw new IllegalStateException("no record seen in role " + role);
    }
    return record;
  }

  boolean isConnected() {
    return connection == Coordination.Connection.CONNECTED;
  }

  boolean isWriting() {
    return write != null;
  }

  /// Whether `boundMillis` have passed since `sinceNanos`.
  boolean over(long sinceNanos, long boundMillis) {
    return now - sinceNanos >= boundMillis * 1_000_000;
  }

  long ticket() {
    return ++lastTicket;
  }

  void emit(RoleCommand command) {
    commands.add(command);
  }

  void send(String to, PeerMessage message) {
    emit(new RoleCommand.Send(to, message));
  }

  void say(String reason) {
    if (!reason.isEmpty()) {
      reasons.add(reason);
    }
  }

  void become(Role next, String reason) {
    reasons.add("%s -> %s: %s".formatted(RoleMachine.name(role), RoleMachine.name(next), reason));
    role = next;
  }

  /// The same role, a stage further.
  void keep(Role next) {
    role = next;
  }

  void hint(Hint next) {
    hint = next;
  }

  void publish(RouteState next) {
    route = next;
    emit(new RoleCommand.Publish(next));
  }

  void see(ServiceRecord seen) {
    record = seen;
    recordSeenNanos = now;
  }

  long recordSeenNanos() {
    return recordSeenNanos;
  }

  long grantedNanos() {
    return grantedNanos;
  }

  /// This host lets the home serve on.
  void granted() {
    grantedNanos = now;
  }

  void raise(Alarm alarm, String explanation) {
    if (!explanation.equals(alarms.put(alarm, explanation))) {
      emit(new RoleCommand.RaiseAlarm(alarm, explanation));
    }
  }

  /// This host serves, or is in sync: whatever it was, it is over.
  void clearAll() {
    for (Alarm alarm : Alarm.values()) {
      clear(alarm);
    }
  }

  void clear(Alarm alarm) {
    if (alarms.remove(alarm) != null) {
      emit(new RoleCommand.ClearAlarm(alarm));
    }
  }

  void connection(Coordination.Connection changed) {
    connection = changed;
  }

  void peers(Set<String> connected) {
    peers = new TreeSet<>(connected);
  }

  /// Asks for a write unless one runs or coordination does not answer; what is still wanted then is
  /// asked for again after a later event.
  ///
  /// @return whether it was asked for
  boolean write(ServiceRecord wanted, String reason) {
    if (write != null || connection != Coordination.Connection.CONNECTED) {
      return false;
    }
    long ticket = ticket();
    write = new Writing(ticket, wanted, now);
    emit(new RoleCommand.Write(ticket, wanted.version(), wanted));
    say(reason);
    return true;
  }

  void writeEnded(long ticket) {
    if (write != null && write.ticket() == ticket) {
      write = null;
    }
  }
}
