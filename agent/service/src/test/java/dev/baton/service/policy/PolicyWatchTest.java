package dev.baton.service.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.Durability;
import dev.baton.model.LogPosition;
import dev.baton.model.MovePolicy.Mode;
import dev.baton.model.view.HostView;
import dev.baton.model.view.HostView.ConfigurationView;
import dev.baton.model.view.HostView.LoadView;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.PolicyRequest;
import dev.baton.model.view.WhyView;
import dev.baton.service.control.Refused;
import dev.baton.service.views.ClusterViews;
import dev.baton.service.views.LocalViews;
import dev.baton.service.views.LocalViews.LocalService;
import dev.baton.service.views.LocalViews.StandbyLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From what agents measure to an order, at the home `a`.
final class PolicyWatchTest {
  private static final LogPosition END = LogPosition.of(0x1000);

  private final ClusterViews views = new ClusterViews("demo", "a");
  private final List<String> orders = new ArrayList<>();
  private final SettableClock clock = new SettableClock();
  private CompletableFuture<Void> answer = CompletableFuture.completedFuture(null);
  private Set<String> atHome = Set.of("app");
  private PolicyStore store;
  private PolicyWatch watch;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    store = PolicyStore.open(folder.resolve("policies.json"), clock);
    watch =
        new PolicyWatch(
            "a",
            views,
            store,
            () -> atHome,
            (service, target, reason, actor) -> {
              orders.add("%s: %s -> %s: %s".formatted(actor, service, target, reason));
              return answer;
            },
            clock);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void policy(Mode mode) {
    store.change(
        "app",
        new PolicyRequest(null, mode, null, null, 5L, null, null, null, null, null, null),
        "alice");
  }

  /// Measures and looks once a second.
  private void pass(int seconds, double cpuOfA, int coresOfB) {
    for (int second = 0; second < seconds; second++) {
      clock.now = clock.now.plusSeconds(1);
      views.put(part("a", "home", cpuOfA, 4));
      views.put(part("b", "standby", 5, coresOfB));
      watch.look();
    }
  }

  private WhyView why() {
    assertThat(watch.assessed()).hasSize(1);
    return watch.assessed().getFirst();
  }

  @Test
  void anAutomaticPolicyOrdersTheMoveOnceAtATime() {
    policy(Mode.AUTOMATIC);
    answer = new CompletableFuture<>();
    pass(5, 95, 4);
    assertThat(orders).isEmpty();
    pass(10, 95, 4);
    assertThat(orders).hasSize(1);
    assertThat(orders.getFirst()).startsWith("policy of a: app -> b: ").contains("95%");
    answer.completeExceptionally(Refused.blocked("no"));
    answer = new CompletableFuture<>();
    pass(1, 95, 4);
    assertThat(orders).as("tried again after a refusal").hasSize(2);
  }

  @Test
  void whatIsOnlyObservedIsSaidAndNotOrdered() {
    pass(100, 95, 4);
    assertThat(orders).isEmpty();
    assertThat(why().action()).isEqualTo("would-move");
    assertThat(why().target()).isEqualTo("b");
    assertThat(why().summary()).contains("would move to b");
    assertThat(why().ifHomeFailedNow())
        .isEqualTo("b would take over; no acknowledged commit would be lost");
  }

  @Test
  void aWeakerTargetIsRefusedWithItsFigures() {
    policy(Mode.AUTOMATIC);
    pass(20, 95, 2);
    assertThat(orders).isEmpty();
    assertThat(why().obstacles())
        .anySatisfy(
            each -> {
              assertThat(each.name()).isEqualTo("configuration");
              assertThat(each.host()).isEqualTo("b");
              assertThat(each.value()).contains("2 cores against 4");
            });
  }

  @Test
  void maintenanceOfTheHomeIsLeftAtOnce() {
    policy(Mode.AUTOMATIC);
    pass(1, 10, 4);
    store.announce("a", new MaintenanceRequest(null, null, "new disk"), "alice");
    pass(1, 10, 4);
    assertThat(orders).hasSize(1);
    assertThat(orders.getFirst()).contains("new disk");
    store.announce("a", new MaintenanceRequest(null, Instant.EPOCH, null), "alice");
    pass(1, 10, 4);
    assertThat(orders).hasSize(1);
    assertThat(why().needs()).isEmpty();
  }

  @Test
  void whatIsNotAtHomeHereIsNobodysBusinessHere() {
    policy(Mode.AUTOMATIC);
    pass(3, 95, 4);
    atHome = Set.of();
    pass(20, 95, 4);
    assertThat(watch.assessed()).isEmpty();
    assertThat(orders).isEmpty();
    atHome = Set.of("app");
    pass(5, 95, 4);
    assertThat(orders).as("what was seen before it left counts no more").isEmpty();
  }

  private LocalViews part(String host, String role, double cpu, int cores) {
    LoadView load = new LoadView(cpu, 0.7 * cpu, 0.6 * cpu, 3L << 30, 16L << 30, 1, 0, 0, 0);
    return new LocalViews(
        new HostView(
            host,
            "up",
            null,
            "http://127.0.0.1:6434",
            List.of(),
            load,
            new ConfigurationView("Linux", "x", cores, 16L << 30, 1L << 40),
            0,
            clock.now),
        "connected",
        "0.1",
        List.of(service(role)),
        List.of(),
        store.book(),
        watch.assessed(),
        clock.now);
  }

  private static LocalService service(String role) {
    boolean home = role.equals("home");
    return new LocalService(
        "app",
        "postgresql",
        "a",
        1,
        7,
        "open",
        Durability.REPLICATION,
        role,
        "in-sync",
        1,
        1,
        home ? END : null,
        home ? null : new StandbyLog(END, END, END, END, END, END),
        null,
        null,
        null,
        List.of("b"),
        List.of(),
        3,
        0,
        0,
        10,
        null,
        List.of());
  }

  private static final class SettableClock extends Clock {
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
