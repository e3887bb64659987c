package dev.baton.service.agent;

import dev.baton.core.move.Alarm;
import dev.baton.service.peer.PeerNetwork;
import dev.baton.service.tls.MutualTls;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Looks after what keeps hosts from believing each other, and tells a person while it can still be
/// mended without haste. On the timer's thread.
final class CertificateWatch {
  private static final Duration SOON = Duration.ofDays(14);
  private static final long LOOK_MILLIS = 2_000;

  private final PeerNetwork network;
  private final @Nullable MutualTls tls;
  private final List<ServiceUnit> units;
  private final InstantSource clock;
  private final Map<Alarm, String> standing = new EnumMap<>(Alarm.class);

  /// @param tls null: there are no certificates, but secrets can differ all the same
  CertificateWatch(
      PeerNetwork network, @Nullable MutualTls tls, List<ServiceUnit> units, InstantSource clock) {
    this.network = network;
    this.tls = tls;
    this.units = List.copyOf(units);
    this.clock = clock;
  }

  void begin(ScheduledExecutorService timer) {
    timer.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    tell(Alarm.PEER_REFUSED, refusals(network.refusals()));
    tell(Alarm.CERTIFICATE_ENDS, tls == null ? null : ending(tls.end(), clock.instant()));
  }

  /// Told to each service on a change only.
  private void tell(Alarm alarm, @Nullable String text) {
    @Nullable String before = text == null ? standing.remove(alarm) : standing.put(alarm, text);
    if (!Objects.equals(before, text)) {
      units.forEach(unit -> unit.tellAlarm(alarm, text));
    }
  }

  static @Nullable String refusals(Map<String, String> refusals) {
    return refusals.isEmpty()
        ? null
        : refusals.entrySet().stream()
            .map(
                refusal ->
                    "not connected with host " + refusal.getKey() + ": " + refusal.getValue())
            .collect(Collectors.joining("; "));
  }

  static @Nullable String ending(Instant end, Instant now) {
    Duration left = Duration.between(now, end);
    if (left.compareTo(SOON) > 0) {
      return null;
    }
    return left.isNegative()
        ? "this host's certificate ended at " + end + ": the others refuse it"
        : "this host's certificate ends at " + end + "; then the others refuse it";
  }
}
