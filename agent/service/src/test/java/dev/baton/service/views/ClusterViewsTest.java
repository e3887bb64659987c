package dev.baton.service.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.Durability;
import dev.baton.model.LogPosition;
import dev.baton.model.view.HostView;
import dev.baton.model.view.PositionsView.Rung;
import dev.baton.model.view.ServiceView;
import dev.baton.service.views.LocalViews.LocalService;
import dev.baton.service.views.LocalViews.StandbyLog;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterViewsTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final ClusterViews views = new ClusterViews("demo", "b");

  @Test
  void putsTheLadderTogetherFromBothHosts() {
    views.put(home("a", 1, 0x1000, NOON.minusMillis(300)));
    views.put(home("a", 1, 0x2000, NOON.minusMillis(100)));
    views.put(standby("b", "a", 1, log(0x1F00, 0x1F00, 0x1F00, 0x1E00, 0x1D00, 0x0F00)));

    List<Rung> rungs = views.positions(NOON).getFirst().standbys().getFirst().rungs();

    assertThat(rungs)
        .extracting(Rung::name)
        .containsExactly("sent", "received", "in memory", "relayed", "flushed", "replayed");
    assertThat(rungs.get(5).lagBytes()).isEqualTo(0x1100);
    assertThat(rungs.get(1).lagMillis())
        .as("the log went past 0/1F00 between the two measurements, the later of them is known")
        .isEqualTo(100.0);
    assertThat(rungs.get(5).lagMillis()).as("older than what was seen").isNull();
  }

  @Test
  void believesTheHigherEpoch() {
    views.put(home("a", 1, 0x1000, NOON));
    views.put(home("b", 2, 0x1800, NOON));

    ServiceView service = views.services(NOON).getFirst();

    assertThat(service.home()).isEqualTo("b");
    assertThat(service.epoch()).isEqualTo(2);
  }

  @Test
  void showsAnAgentThatIsSilentAsUnreachableAndTheServiceAsUnprotected() {
    views.put(home("a", 1, 0x1000, NOON.minusSeconds(5)));
    views.put(standby("b", "a", 1, log(1, 1, 1, 1, 1, 1)));

    assertThat(views.hosts(NOON).getFirst().agent()).isEqualTo("unreachable");
    ServiceView service = views.services(NOON).getFirst();
    assertThat(service.protectedNow()).isFalse();
    assertThat(service.unprotectedReason()).contains("cannot be reached");
  }

  @Test
  void countsClientsOfAllFronts() {
    views.put(home("a", 1, 0x1000, NOON));
    views.put(standby("b", "a", 1, log(1, 1, 1, 1, 1, 1)));
    assertThat(views.services(NOON).getFirst().clients()).isEqualTo(6);
  }

  private static StandbyLog log(long... positions) {
    return new StandbyLog(
        LogPosition.of(positions[0]),
        LogPosition.of(positions[1]),
        LogPosition.of(positions[2]),
        LogPosition.of(positions[3]),
        LogPosition.of(positions[4]),
        LogPosition.of(positions[5]));
  }

  private static LocalViews home(String host, long epoch, long current, Instant at) {
    return part(
        host, service(host, epoch, "home", LogPosition.of(current), null, List.of("b")), at);
  }

  private static LocalViews standby(String host, String home, long epoch, StandbyLog log) {
    return part(host, service(home, epoch, "standby", null, log, List.of("b")), NOON);
  }

  private static LocalService service(
      String home,
      long epoch,
      String role,
      @Nullable LogPosition current,
      @Nullable StandbyLog log,
      List<String> inSync) {
    return new LocalService(
        "app",
        "postgresql",
        home,
        epoch,
        7,
        "open",
        Durability.REPLICATION,
        role,
        "in-sync",
        1,
        1,
        current,
        log,
        null,
        null,
        null,
        inSync,
        List.of(),
        3,
        0,
        0,
        10,
        null,
        List.of());
  }

  private static LocalViews part(String host, LocalService service, Instant at) {
    return new LocalViews(
        new HostView(host, "up", null, "http://127.0.0.1:6434", List.of(), null, null, 3, at),
        "connected",
        "0.1",
        List.of(service),
        List.of(),
        PolicyBook.EMPTY,
        List.of(),
        at);
  }
}
