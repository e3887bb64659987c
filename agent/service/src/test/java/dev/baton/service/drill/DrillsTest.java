package dev.baton.service.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.model.DrillKind;
import dev.baton.model.view.AlarmView;
import dev.baton.model.view.DrillRequest;
import dev.baton.model.view.DrillView;
import dev.baton.model.view.DrillView.Expectation;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.PlanView.Guardrail;
import dev.baton.model.view.PlanView.Verdict;
import dev.baton.model.view.ServiceView;
import dev.baton.service.control.FakeControlSource;
import dev.baton.service.control.Refused;
import dev.baton.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Drills at a host that is played: what is asked, done, taken back and written down.
class DrillsTest {
  private static final DrillRequest KILL = new DrillRequest(DrillKind.KILL_DATABASE, "app", 5);

  private final AtomicLong aheadNanos = new AtomicLong();
  private final Site site = new Site();
  private final List<DrillView> ended = new CopyOnWriteArrayList<>();
  private Drills drills;

  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    drills = opened();
    drills.begin();
  }

  private Drills opened() throws IOException {
    return new Drills(
        "a",
        site,
        new DrillFiles(folder),
        Clock.fixed(FakeControlSource.NOW, ZoneOffset.UTC),
        () -> System.nanoTime() + aheadNanos.get(),
        ended::add);
  }

  @AfterEach
  void close() {
    drills.close();
  }

  private static <T> T result(CompletionStage<T> stage) throws Exception {
    try {
      return Await.result(stage);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private DrillView planned() throws Exception {
    return result(drills.plan(KILL, "alice"));
  }

  private DrillView begun() throws Exception {
    return result(drills.run(planned().id(), "app", "alice"));
  }

  private DrillView until(Predicate<DrillView> wanted) {
    Await.until("the drill is there", () -> wanted.test(drills.all().getFirst()));
    return drills.all().getFirst();
  }

  private static boolean hasEnded(DrillView drill) {
    return drill.phase().equals("ended");
  }

  @Test
  void aDrillThatGoesAsExpectedPasses() throws Exception {
    DrillView plan = planned();
    assertThat(plan.runnable()).isTrue();
    assertThat(plan.blastRadius().clients()).isEqualTo(16);
    assertThat(site.done).isEmpty();

    assertThat(result(drills.run(plan.id(), "app", "bob")).outcome()).isEqualTo("running");
    until(drill -> drill.phase().equals("watching"));
    site.failOver();
    DrillView drill = until(DrillsTest::hasEnded);
    assertThat(drill.outcome()).as(drill.explanation()).isEqualTo("passed");
    assertThat(drill.actor()).isEqualTo("bob");
    assertThat(drill.move()).isEqualTo(7);
    assertThat(drill.expectations()).allMatch(Expectation::met);
    assertThat(site.done).containsExactly("kill-database app by drill a-1", "heal app");
    assertThat(ended).extracting(DrillView::outcome).containsExactly("passed");
    assertThat(Files.readString(folder.resolve("drill-1.json"))).contains("\"passed\"");
  }

  @Test
  void withoutAMoveItIsTakenBackWhenItsTimeIsOver() throws Exception {
    begun();
    until(drill -> drill.phase().equals("watching"));
    aheadNanos.addAndGet(TimeUnit.SECONDS.toNanos(6));
    DrillView drill = until(DrillsTest::hasEnded);
    assertThat(drill.outcome()).isEqualTo("failed");
    assertThat(drill.explanation()).isEqualTo("no move has ended within 5 s");
    assertThat(site.done).endsWith("heal app");
  }

  @Test
  void itCanBeBrokenOff() throws Exception {
    DrillView begun = begun();
    until(drill -> drill.phase().equals("watching"));
    result(drills.abort(begun.id(), "customers call", "carol"));
    DrillView drill = until(DrillsTest::hasEnded);
    assertThat(drill.outcome()).isEqualTo("aborted");
    assertThat(drill.explanation()).isEqualTo("carol breaks it off: customers call");
    assertThat(site.done).containsExactly("kill-database app by drill a-1", "heal app");
    assertThatThrownBy(() -> result(drills.abort(begun.id(), "", "carol")))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("does not run");
  }

  @ParameterizedTest
  @CsvSource({"armed", "protected", "home", "alarms", "replay lag"})
  void whatMustHoldIsSeenBeforehandAndAskedAgain(String what) throws Exception {
    DrillView plan = planned();
    site.broken = what;
    DrillView blocked = planned();
    assertThat(blocked.runnable()).isFalse();
    assertThat(blocked.preconditions())
        .filteredOn(each -> each.verdict() == Verdict.BLOCK)
        .extracting(Guardrail::name)
        .containsExactly(what);
    assertThatThrownBy(() -> result(drills.run(plan.id(), "app", "alice")))
        .isInstanceOf(Refused.class)
        .hasMessageContaining(what);
    assertThat(site.done).isEmpty();
  }

  @Test
  void twoAtOnceAreNotRun() throws Exception {
    DrillView second = planned();
    begun();
    assertThatThrownBy(() -> result(drills.run(second.id(), "app", "alice")))
        .hasMessageContaining("other drill is a-2, needed is none");
  }

  @Test
  void aDrillIsRunOnceAndOnlyByItsName() throws Exception {
    DrillView plan = planned();
    assertThatThrownBy(() -> result(drills.run(plan.id(), "shop", "alice")))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("type the name of the service, 'app'");
    assertThatThrownBy(() -> result(drills.run("a-99", "app", "alice")))
        .hasMessageContaining("no drill 'a-99'");
    result(drills.run(plan.id(), "app", "alice"));
    assertThatThrownBy(() -> result(drills.run(plan.id(), "app", "alice")))
        .hasMessageContaining("has begun");
  }

  @Test
  void aClusterThatHasChangedIsPlannedForAnew() throws Exception {
    DrillView plan = planned();
    site.epoch = 4;
    assertThatThrownBy(() -> result(drills.run(plan.id(), "app", "alice")))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("the epoch was 3 and is 4");
  }

  @ParameterizedTest
  @CsvSource({"4", "601", "-1"})
  void theExpiryHasBounds(int seconds) {
    assertThatThrownBy(
            () ->
                result(
                    drills.plan(
                        new DrillRequest(DrillKind.KILL_DATABASE, "app", seconds), "alice")))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("5 to 600");
  }

  @Test
  void aHarmThatCannotBeDoneFailsTheDrill() throws Exception {
    site.harmless = "no server runs";
    begun();
    DrillView drill = until(DrillsTest::hasEnded);
    assertThat(drill.outcome()).isEqualTo("failed");
    assertThat(drill.explanation()).contains("no server runs");
    assertThat(site.done).endsWith("heal app");
  }

  @Test
  void whatAnAgentLeftUndoneWhenItDiedIsTakenBackAtItsStart() throws Exception {
    begun();
    until(drill -> drill.phase().equals("watching"));
    drills.close(); // takes it back, and then its process ends
    site.done.clear();
    drills = opened();
    assertThat(drills.all().getFirst().outcome()).isEqualTo("running");
    drills.begin();
    assertThat(drills.all().getFirst().outcome()).isEqualTo("failed");
    assertThat(drills.all().getFirst().explanation()).contains("the agent ended before");
    Await.until("it is taken back", () -> !site.done.isEmpty());
    assertThat(site.done).containsExactly("heal app");
  }

  @Test
  void anAgentThatEndsTakesItBackFirst() throws Exception {
    begun();
    until(drill -> drill.phase().equals("watching"));
    drills.close();
    assertThat(site.done).endsWith("heal app");
  }

  @Test
  void reportsStayAndPlansDoNot() throws Exception {
    planned();
    begun();
    until(drill -> drill.phase().equals("watching"));
    site.failOver();
    until(DrillsTest::hasEnded);
    try (Drills again = opened()) {
      assertThat(again.all()).extracting(DrillView::id).containsExactly("a-2");
      again.begin();
      assertThat(result(again.plan(KILL, "alice")).id()).isEqualTo("a-3");
    }
  }

  private static final class Site implements DrillSite {
    private final List<String> done = new CopyOnWriteArrayList<>();
    private volatile String broken = "";
    private volatile @Nullable String harmless;
    private volatile long epoch = 3;
    private volatile String home = "a";
    private volatile List<MoveView> moves = List.of();

    void failOver() {
      home = "b";
      epoch = 4;
      List<MoveView> later = new ArrayList<>(moves);
      later.addFirst(FakeControlSource.move(7, "done"));
      moves = List.copyOf(later);
    }

    @Override
    public boolean armed() {
      return !broken.equals("armed");
    }

    @Override
    public PlanView plan(String service, String actor) {
      return FakeControlSource.plan(
          null, broken.equals("replay lag") ? Verdict.BLOCK : Verdict.PASS);
    }

    @Override
    public Optional<ServiceView> service(String name) {
      ServiceView usual = FakeControlSource.service();
      return Optional.of(
          new ServiceView(
              "app",
              usual.engine(),
              broken.equals("home") ? "b" : home,
              epoch,
              usual.phase(),
              usual.durability(),
              usual.standbys(),
              !broken.equals("protected"),
              null,
              16,
              10,
              null,
              usual.measuredAt()));
    }

    @Override
    public List<AlarmView> alarms() {
      return broken.equals("alarms")
          ? List.of(new AlarmView("home-gone", "app", "b", FakeControlSource.NOW, "x", "y"))
          : List.of(new AlarmView("home-gone", "shop", "b", FakeControlSource.NOW, "x", "y"));
    }

    @Override
    public List<MoveView> moves() {
      return moves;
    }

    @Override
    public String harm(DrillKind kind, String service, String actor) throws IOException {
      String why = harmless;
      if (why != null) {
        throw new IOException(why);
      }
      done.add(kind + " " + service + " by " + actor);
      return "done";
    }

    @Override
    public String heal(String service) {
      done.add("heal " + service);
      return "nothing had to be taken back";
    }
  }
}
