package dev.baton.core.cluster;

import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.move.Alarm;
import dev.baton.model.LogPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The home keeps so much log for hosts that are away, and no more: its disk must not fill because
/// another host is down. Most of it gone is told; all of it gone, what such a host has on disk is
/// recorded as of no use, so that it is copied anew when it comes back instead of asking for log
/// that is not there.
final class KeptLog {
  /// Of what is kept, from where on it is told.
  private static final double MOST = 0.75;

  private KeptLog() {}

  /// What a home says ends with its serving.
  static void settle(Turn turn) {
    if (!(turn.role() instanceof Role.Serving)) {
      turn.clear(Alarm.KEPT_LOG_RUNS_OUT);
    }
  }

  /// @param end of the home's log now
  static Role.Serving at(Turn turn, Role.Serving role, LogPosition end) {
    if (end.equals(LogPosition.ZERO)) {
      return role; // not known yet
    }
    ServiceRecord record = turn.record();
    long kept = turn.settings().logKeepBytes();
    Map<String, LogPosition> away = new TreeMap<>();
    List<String> told = new ArrayList<>();
    record
        .members()
        .forEach(
            (host, member) -> {
              if (member.state() != MemberState.OUT
                  || member.lineage() == 0
                  || turn.peers().contains(host)) {
                return;
              }
              LogPosition from = role.awayFrom().getOrDefault(host, end);
              away.put(host, from);
              long passed = end.bytesSince(from);
              if (passed > kept) {
                turn.write(
                    record.outWithoutData(host),
                    "%s is away for %d bytes of log, of which %d are kept: it is to be copied anew"
                        .formatted(host, passed, kept));
              } else if (passed > MOST * kept) {
                told.add(host);
              }
            });
    if (told.isEmpty()) {
      turn.clear(Alarm.KEPT_LOG_RUNS_OUT);
    } else {
      turn.raise(
          Alarm.KEPT_LOG_RUNS_OUT,
          "away are %s, and most of the %d MiB of log that are kept for them has passed"
              .formatted(told, kept >> 20));
    }
    return role.away(away);
  }
}
