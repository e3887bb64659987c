package dev.baton.service.agent;

import dev.baton.core.move.Alarm;
import dev.baton.model.view.AlarmView;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Alarms of one service on this host that stand now. Changed by the driver's thread only; looked
/// at by any.
final class Alarms {
  private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

  private final String service;
  private final String host;
  private final InstantSource clock;
  private final Map<Alarm, AlarmView> standing = new EnumMap<>(Alarm.class);
  private volatile List<AlarmView> views = List.of();

  Alarms(String service, String host, InstantSource clock) {
    this.service = service;
    this.host = host;
    this.clock = clock;
  }

  /// One that stands already keeps its time and gets the new explanation.
  void raise(Alarm alarm, String explanation) {
    AlarmView before = standing.get(alarm);
    LOG.error("service={} alarm {}: {}", service, alarm, explanation);
    standing.put(
        alarm,
        new AlarmView(
            alarm.toString(),
            service,
            host,
            before == null ? clock.instant() : before.since(),
            explanation,
            alarm.remedy()));
    publish();
  }

  void clear(Alarm alarm) {
    if (standing.remove(alarm) != null) {
      LOG.info("service={} alarm {} is over", service, alarm);
      publish();
    }
  }

  /// The oldest first.
  List<AlarmView> views() {
    return views;
  }

  private void publish() {
    views = standing.values().stream().sorted(Comparator.comparing(AlarmView::since)).toList();
  }
}
