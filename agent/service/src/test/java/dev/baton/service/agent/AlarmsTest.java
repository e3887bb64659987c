package dev.baton.service.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.move.Alarm;
import dev.baton.model.view.AlarmView;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AlarmsTest {
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final Alarms alarms = new Alarms("app", "b", () -> now);

  @Test
  void anAlarmStandsFromWhenItWasRaisedUntilItIsOver() {
    Instant first = now;
    alarms.raise(Alarm.MOVE_FAILED, "no disk");
    now = now.plusSeconds(60);
    alarms.raise(Alarm.MOVE_FAILED, "still no disk");
    alarms.raise(Alarm.HOME_GONE, "a is silent");
    assertThat(alarms.views())
        .containsExactly(
            new AlarmView(
                "move-failed", "app", "b", first, "still no disk", Alarm.MOVE_FAILED.remedy()),
            new AlarmView("home-gone", "app", "b", now, "a is silent", Alarm.HOME_GONE.remedy()));
    alarms.clear(Alarm.MOVE_FAILED);
    alarms.clear(Alarm.LEASE_LOST);
    assertThat(alarms.views()).extracting(AlarmView::name).containsExactly("home-gone");
  }
}
