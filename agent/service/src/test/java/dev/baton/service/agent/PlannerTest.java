package dev.baton.service.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.cluster.ServiceRecord;
import dev.baton.core.move.PlanBinding;
import dev.baton.core.move.PlanFacts;
import dev.baton.model.Durability;
import dev.baton.model.LogPosition;
import dev.baton.model.view.HostView;
import dev.baton.model.view.PlanRequest;
import dev.baton.service.views.ClusterViews;
import dev.baton.service.views.LocalViews;
import dev.baton.service.views.LocalViews.LocalService;
import dev.baton.service.views.LocalViews.StandbyLog;
import dev.baton.service.views.PolicyBook;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @Test
  void whatTheMemoryLacksIsToldInBytesAndInSeconds() {
    ClusterViews views = new ClusterViews("demo", "b");
    views.put(part("a", "home", LogPosition.of(0x1000), null, NOON.minusSeconds(3)));
    views.put(part("a", "home", LogPosition.of(0x2000), null, NOON.minusMillis(1_500)));
    LogPosition behind = LogPosition.of(0x1800);
    views.put(
        part(
            "b",
            "standby",
            null,
            new StandbyLog(behind, behind, behind, behind, behind, behind),
            NOON));
    ServiceRecord record =
        ServiceRecord.first("demo", "app", "a", Durability.REPLICATION).resumedBy("a").out("b");

    PlanFacts facts =
        new Planner(views)
            .facts(
                new PlanRequest("app", null, "b", null),
                record,
                new PlanBinding(1, 1, new TreeSet<>()),
                PlanFacts.Coordinated.CONNECTED,
                NOON);

    assertThat(facts.bytesNotInMemory()).isEqualTo(0x800);
    assertThat(facts.secondsNotInMemory()).isEqualTo(1.5);
  }

  private static LocalViews part(
      String host,
      String role,
      @Nullable LogPosition current,
      @Nullable StandbyLog log,
      Instant at) {
    LocalService service =
        new LocalService(
            "app",
            "postgresql",
            "a",
            1,
            1,
            "open",
            Durability.REPLICATION,
            role,
            "catching-up",
            1,
            1,
            current,
            log,
            null,
            null,
            null,
            List.of(),
            List.of(),
            0,
            0,
            0,
            0,
            null,
            List.of());
    return new LocalViews(
        new HostView(host, "up", null, "http://127.0.0.1:6434", List.of(), null, null, 0, at),
        "connected",
        "0.1",
        List.of(service),
        List.of(),
        PolicyBook.EMPTY,
        List.of(),
        at);
  }
}
