package dev.baton.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.policy.Assessment.Action;
import dev.baton.core.policy.HostFacts.Configuration;
import dev.baton.core.policy.HostFacts.Load;
import dev.baton.core.policy.HostFacts.Maintenance;
import dev.baton.core.policy.ServiceFacts.Standby;
import dev.baton.model.MovePolicy;
import dev.baton.model.MovePolicy.Mode;
import dev.baton.model.MovePolicy.Window;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Two hosts of four cores; service `app` at home on `a`, in sync on `b`. Each test changes what it
/// is about.
final class PolicyMachineTest {
  private static final Instant START = Instant.parse("2026-03-02T03:00:00Z"); // a Monday
  private static final Configuration USUAL = new Configuration(4, 16L << 30, 1L << 40, "18.4");
  private static final MovePolicy POLICY =
      new MovePolicy(1, Mode.AUTOMATIC, 85, 60, 30, 15, 300, 1L << 20, 1, List.of(), List.of());

  private final Map<String, HostFacts> hosts =
      new TreeMap<>(Map.of("a", host("a", 40, 30), "b", host("b", 10, 30)));
  private ServiceFacts app =
      new ServiceFacts(
          "app", "a", true, false, null, 0, 10, List.of(new Standby("b", true, 0L, 0)));
  private final List<ServiceFacts> others = new java.util.ArrayList<>();
  private MovePolicy policy = POLICY;
  private PolicyMachine.State state = PolicyMachine.State.START;
  private Instant now = START;
  private int movesToday;

  private static HostFacts host(String name, double cpu, double memory) {
    return new HostFacts(name, true, new Load(cpu, memory), USUAL, null);
  }

  private static HostFacts host(String name, Configuration configuration) {
    return new HostFacts(name, true, new Load(10, 30), configuration, null);
  }

  private Assessment see() {
    List<ServiceFacts> services = new java.util.ArrayList<>(others);
    services.add(app);
    PolicyMachine.Step step =
        PolicyMachine.step(state, policy, app, new ClusterFacts(now, hosts, services));
    state = step.state();
    return step.assessment();
  }

  /// One look a second; the last one's assessment.
  private Assessment after(int seconds) {
    Assessment last = see();
    for (int second = 0; second < seconds; second++) {
      now = now.plusSeconds(1);
      last = see();
    }
    return last;
  }

  private static void assertMoves(Assessment assessment, Need need) {
    assertThat(assessment.action()).as(assessment.summary()).isEqualTo(Action.MOVE);
    assertThat(assessment.target()).isEqualTo("b");
    assertThat(assessment.needs().getFirst().need()).isEqualTo(need);
  }

  private static void assertStays(Assessment assessment, String obstacle) {
    assertThat(assessment.action()).as(assessment.summary()).isEqualTo(Action.STAY);
    assertThat(assessment.obstacles()).extracting(Obstacle::name).contains(obstacle);
    assertThat(assessment.obstacles()).allSatisfy(each -> assertThat(each.remedy()).isNotBlank());
  }

  private void app(UnaryOperator<ServiceFacts> change) {
    app = change.apply(app);
  }

  private void standby(Standby standby) {
    app(
        s ->
            new ServiceFacts(
                s.service(),
                s.home(),
                s.isOpen(),
                s.isMoving(),
                s.secondsSinceLastMove(),
                s.policyMovesToday(),
                s.cpuPercent(),
                List.of(standby)));
  }

  private void share(double cpuPercent) {
    app(
        s ->
            new ServiceFacts(
                s.service(),
                s.home(),
                s.isOpen(),
                s.isMoving(),
                s.secondsSinceLastMove(),
                s.policyMovesToday(),
                cpuPercent,
                s.standbys()));
  }

  private void status(boolean open, boolean moving, @Nullable Double secondsSinceLastMove) {
    app(
        s ->
            new ServiceFacts(
                s.service(),
                s.home(),
                open,
                moving,
                secondsSinceLastMove,
                movesToday,
                s.cpuPercent(),
                s.standbys()));
  }

  private void policy(Mode mode, List<String> preferred, List<Window> windows) {
    policy = new MovePolicy(1, mode, 85, 60, 30, 15, 300, 1L << 20, 1, preferred, windows);
  }

  /// The home's host is loaded by something else than the service too, so that a move helps.
  private void overload() {
    hosts.put("a", host("a", 95, 30));
    share(50);
  }

  @Test
  void withoutANeedItStays() {
    Assessment assessment = after(1_000);
    assertThat(assessment.action()).isEqualTo(Action.STAY);
    assertThat(assessment.needs()).isEmpty();
    assertThat(assessment.summary()).isEqualTo("no need to move");
  }

  @Test
  void aLoadedHomeIsLeftWhenTheLoadLasts() {
    overload();
    assertThat(after(29).action()).isEqualTo(Action.STAY);
    Assessment assessment = after(1);
    assertMoves(assessment, Need.SOURCE_LOAD);
    assertThat(assessment.summary()).contains("95%").contains("85%").contains("moving to b");
    assertThat(assessment.needs().getFirst().since()).isEqualTo(START);
  }

  @Test
  void aLoadThatFallsBackBeginsAnew() {
    overload();
    after(29);
    hosts.put("a", host("a", 70, 30));
    after(1);
    overload();
    assertThat(after(29).action()).isEqualTo(Action.STAY);
    assertMoves(after(1), Need.SOURCE_LOAD);
  }

  @Test
  void aLoadBetweenBothMarksIsNeitherToldNorTakenBack() {
    overload();
    after(30);
    hosts.put("a", host("a", 70, 30));
    Assessment between = after(500);
    assertThat(between.needs()).extracting(Assessment.Standing::need).contains(Need.SOURCE_LOAD);
    assertThat(between.action()).as("what is not high now moves nothing").isEqualTo(Action.STAY);
    hosts.put("a", host("a", 20, 30));
    assertThat(after(30).needs()).isEmpty();
  }

  @Test
  void aMoveIsMadeForWhatIsSeenNowAndNotForWhatIsPassing() {
    overload();
    after(30);
    hosts.put("a", host("a", 70, 30));
    hosts.put("b", host("b", new Configuration(8, 16L << 30, 1L << 40, "18.4")));
    share(1);
    Assessment assessment = after(31);
    assertMoves(assessment, Need.CONFIGURATION);
    assertThat(assessment.summary()).contains("4 cores against 8");
    assertThat(assessment.needs())
        .extracting(Assessment.Standing::need)
        .containsSubsequence(Need.CONFIGURATION, Need.SOURCE_LOAD);
  }

  @Test
  void memoryIsALoadToo() {
    hosts.put("a", host("a", 10, 95));
    Assessment assessment = after(31);
    assertThat(assessment.needs().getFirst().need()).isEqualTo(Need.SOURCE_LOAD);
    assertThat(assessment.summary()).contains("the memory of a");
    assertStays(assessment, "gain of a move");
  }

  @Test
  void aLoadThatTheServiceWouldCarryAlongIsNoReason() {
    hosts.put("a", host("a", 95, 30));
    share(90);
    assertStays(after(60), "load");
    share(5);
    assertStays(after(60), "gain of a move");
  }

  @Test
  void aLoadedTargetIsNone() {
    overload();
    hosts.put("b", host("b", 88, 30));
    Assessment assessment = after(60);
    assertStays(assessment, "load");
    assertThat(assessment.obstacles().toString()).contains("88%");
  }

  @Test
  void ofTwoTargetsTheLessLoadedIsTaken() {
    overload();
    hosts.put("b", host("b", 30, 30));
    hosts.put("c", host("c", 5, 20));
    app(
        s ->
            new ServiceFacts(
                "app",
                "a",
                true,
                false,
                null,
                0,
                s.cpuPercent(),
                List.of(new Standby("b", true, 0L, 0), new Standby("c", true, 0L, 0))));
    assertThat(after(31).target()).isEqualTo("c");
  }

  @Test
  void balanceMovesTheServiceThatGainsMost() {
    hosts.put("a", host("a", 60, 30));
    hosts.put("b", host("b", 5, 5));
    share(25);
    ServiceFacts small =
        new ServiceFacts(
            "small", "a", true, false, null, 0, 5, List.of(new Standby("b", true, 0L, 0)));
    others.add(small);
    assertThat(after(29).action()).isEqualTo(Action.STAY);
    assertMoves(after(1), Need.BALANCE);
    others.clear();
    others.add(
        new ServiceFacts(
            "better", "a", true, false, null, 0, 28, List.of(new Standby("b", true, 0L, 0))));
    assertThat(see().action()).as("the other one goes first").isEqualTo(Action.STAY);
  }

  @Test
  void balanceThatGainsTooLittleIsNoNeed() {
    hosts.put("a", host("a", 40, 30));
    hosts.put("b", host("b", 30, 30));
    share(6);
    assertThat(after(100).needs()).isEmpty();
  }

  @Test
  void aHomeThatHasBecomeWeakerIsLeft() {
    hosts.put("a", host("a", new Configuration(2, 16L << 30, 1L << 40, "18.4")));
    Assessment assessment = after(31);
    assertMoves(assessment, Need.CONFIGURATION);
    assertThat(assessment.summary()).contains("2 cores against 4");
  }

  @Test
  void anOlderDatabaseIsLeftForANewerOne() {
    hosts.put("b", host("b", new Configuration(4, 16L << 30, 1L << 40, "18.10")));
    assertMoves(after(31), Need.CONFIGURATION);
  }

  @Test
  void aWeakerHostIsNoTarget() {
    overload();
    hosts.put(
        "b",
        new HostFacts(
            "b", true, new Load(1, 1), new Configuration(4, 8L << 30, 1L << 40, "18.4"), null));
    Assessment assessment = after(60);
    assertStays(assessment, "configuration");
    assertThat(assessment.obstacles().toString()).contains("8.0 GiB of memory against 16.0");
  }

  @Test
  void weakerInOneAndStrongerInAnotherIsNeitherLeftNorRefused() {
    hosts.put("a", host("a", new Configuration(2, 32L << 30, 1L << 40, "18.4")));
    assertThat(after(60).needs()).isEmpty();
  }

  @Test
  void announcedMaintenanceMovesBeforeItBeginsWithoutWaiting() {
    Maintenance announced = new Maintenance(START.plusSeconds(400), null, "new kernel");
    hosts.put("a", new HostFacts("a", true, new Load(10, 10), USUAL, announced));
    assertThat(after(99).needs()).isEmpty();
    Assessment assessment = after(1);
    assertMoves(assessment, Need.MAINTENANCE);
    assertThat(assessment.summary()).contains("new kernel");
  }

  @Test
  void announcedMaintenanceMovesPastWhatCanBeWaived() {
    policy(Mode.AUTOMATIC, List.of(), List.of(window(LocalTime.of(12, 0), LocalTime.of(13, 0))));
    Maintenance announced = new Maintenance(START, null, "disk");
    hosts.put("a", new HostFacts("a", true, new Load(10, 10), USUAL, announced));
    hosts.put(
        "b",
        new HostFacts(
            "b", true, new Load(90, 10), new Configuration(2, 1L << 30, 1L, "18.4"), null));
    status(true, false, 3.0);
    assertMoves(after(0), Need.MAINTENANCE);
    standby(new Standby("b", false, 0L, 0));
    assertStays(after(0), "standby");
  }

  @Test
  void maintenanceThatIsOverIsNoNeed() {
    Maintenance over = new Maintenance(START.minusSeconds(100), START, "done");
    hosts.put("a", new HostFacts("a", true, new Load(10, 10), USUAL, over));
    assertThat(see().needs()).isEmpty();
  }

  @Test
  void aHostInMaintenanceIsNoTarget() {
    overload();
    hosts.put(
        "b",
        new HostFacts("b", true, new Load(1, 1), USUAL, new Maintenance(START, null, "new disk")));
    assertStays(after(60), "maintenance");
  }

  @Test
  void aPreferredHostIsGoneToWhenItIsFit() {
    policy(Mode.AUTOMATIC, List.of("b", "a"), List.of());
    standby(new Standby("b", false, 0L, 0));
    assertThat(after(60).needs()).isEmpty();
    standby(new Standby("b", true, 0L, 0));
    assertThat(after(29).action()).isEqualTo(Action.STAY);
    assertMoves(after(1), Need.PREFERENCE);
  }

  @Test
  void whatItOnlyObservesItSays() {
    policy(Mode.OBSERVE, List.of(), List.of());
    overload();
    Assessment assessment = after(31);
    assertThat(assessment.action()).isEqualTo(Action.WOULD_MOVE);
    assertThat(assessment.summary()).contains("would move to b");
  }

  @Test
  void manualLooksForNothing() {
    policy(Mode.MANUAL, List.of(), List.of());
    overload();
    Assessment assessment = after(100);
    assertThat(assessment.needs()).isEmpty();
    assertStays(assessment, "policy");
  }

  @Test
  void eachObstacleStopsIt() {
    overload();
    assertMoves(after(30), Need.SOURCE_LOAD);
    standby(new Standby("b", false, 0L, 0));
    assertStays(after(0), "standby");
    standby(new Standby("b", true, null, 0));
    assertStays(after(0), "lag");
    standby(new Standby("b", true, (1L << 20) + 1, 0));
    assertStays(after(0), "lag");
    standby(new Standby("b", true, 0L, 1.5));
    assertStays(after(0), "age of log not in its memory");
    standby(new Standby("b", true, 0L, 0));
    hosts.put("b", new HostFacts("b", false, new Load(1, 1), USUAL, null));
    assertStays(after(0), "agent");
    hosts.put("b", new HostFacts("b", true, null, USUAL, null));
    assertStays(after(0), "load");
    hosts.put("b", host("b", 10, 30));
    status(false, false, null);
    assertStays(after(0), "service");
    status(true, true, null);
    assertStays(after(0), "a move");
    status(true, false, 299.0);
    assertStays(after(0), "time since the last move");
    movesToday = 2;
    status(true, false, 1199.0);
    assertStays(after(0), "time since the last move");
    status(true, false, 1200.0);
    policy(Mode.AUTOMATIC, List.of(), List.of(window(LocalTime.of(4, 0), LocalTime.of(5, 0))));
    assertStays(after(0), "time of day");
    policy = POLICY;
    assertMoves(after(0), Need.SOURCE_LOAD);
    app(s -> new ServiceFacts("app", "a", true, false, null, 0, 50, List.of()));
    assertStays(after(0), "standbys");
  }

  private static Window window(LocalTime from, LocalTime to) {
    return new Window(Set.<DayOfWeek>of(), from, to, ZoneId.of("UTC"));
  }
}
