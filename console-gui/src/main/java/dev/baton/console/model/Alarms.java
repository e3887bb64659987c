package dev.baton.console.model;

import dev.baton.model.view.AlarmView;
import dev.baton.model.view.StatusView;
import java.util.List;
import java.util.Objects;

/// The alarms that a cluster's agents raise.
public final class Alarms {
  private Alarms() {}

  /// Oldest first; none from an agent too old to tell.
  @SuppressWarnings("ConstantValue") // a reader of JSON leaves out what is not there
  public static List<AlarmView> of(StatusView status) {
    return Objects.requireNonNullElse(status.alarms(), List.of());
  }

  /// By which an alarm is known again.
  static String key(AlarmView alarm) {
    return alarm.service() + "/" + alarm.host() + "/" + alarm.name();
  }
}
