package dev.baton.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.console.fake.PretendCluster;
import dev.baton.console.link.LinkEvent;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A console that is left open: what it keeps must not grow with the days.
class BoundedMemoryTest {
  private static final long STEP_MILLIS = 20_000;
  private static final int MOVE_EVERY = 9; // steps: 480 moves a day
  private static final int RENAMED_EVERY = 90; // a standby that is replaced every half hour
  private static final int DAYS = 3;

  private final PretendCluster cluster = new PretendCluster(Map.of());
  private long nowMillis = System.currentTimeMillis();
  private int step;

  private final ClusterModel model =
      new ClusterModel(URI.create("http://127.0.0.1:1"), () -> nowMillis);

  private void day() {
    for (long until = nowMillis + TimeUnit.DAYS.toMillis(1); nowMillis < until; step++) {
      nowMillis += STEP_MILLIS;
      cluster.ahead = java.time.Duration.ofMillis(nowMillis - System.currentTimeMillis());
      cluster.change(
          c -> {
            c.standbyName = "b" + step / RENAMED_EVERY;
            c.sessions = 20 + step % 7;
            c.firstSession = step; // other clients each time
            if (step % MOVE_EVERY == 0) {
              c.moves.add(c.move(step, "done", 9));
            }
            if (c.moves.size() > 100) {
              c.moves.removeFirst(); // agents tell the newest
            }
          });
      model.on(new LinkEvent.Received(step == 0 ? cluster.snapshot() : cluster.delta()));
      if (step % 50 == 0) {
        model.on(new LinkEvent.Received(cluster.snapshot()));
      }
    }
  }

  @Test
  void whatIsKeptAfterDaysIsNotMoreThanAfterOne() {
    model.on(new LinkEvent.Connected(URI.create("http://127.0.0.1:1")));
    day();
    int afterOne = model.kept();
    for (int i = 1; i < DAYS; i++) {
      day();
    }
    assertThat(model.kept()).isLessThan(afterOne + afterOne / 5 + ClusterModel.MOVES_KEPT);
    assertThat(model.reel().lastMillis() - model.reel().firstMillis())
        .isLessThanOrEqualTo(Reel.SPAN_MILLIS);
    assertThat(model.happened()).hasSizeLessThanOrEqualTo(EventLog.MAX_EVENTS);
    assertThat(model.keptSeries()).as("hosts that are long gone are forgotten").isLessThan(40);
  }
}
