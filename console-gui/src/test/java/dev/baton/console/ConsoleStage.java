package dev.baton.console;

import dev.baton.console.fake.FakeAgent;
import dev.baton.console.fake.PretendCluster;
import dev.baton.console.fake.Screen;
import dev.baton.console.link.OperatorToken;
import dev.baton.model.MovePolicy;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javafx.scene.control.Labeled;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.testfx.api.FxRobot;

/// The real application (Equinox, application model, commands, JavaFX) against a pretended cluster,
/// with mouse and keyboard. One application for all tests: JavaFX and e4 start once in a JVM.
abstract class ConsoleStage {
  /// Both hosts' agents are one: a stream that is cut comes back at once.
  private static final Map<String, String> ADDRESSES = new ConcurrentHashMap<>();

  static final PretendCluster CLUSTER = new PretendCluster(ADDRESSES);
  static final FakeAgent AGENT = new FakeAgent(CLUSTER::snapshot);
  private static final ScheduledExecutorService BEAT = Executors.newSingleThreadScheduledExecutor();
  static volatile boolean beating = true;
  private static @Nullable Opened opened;
  static Screen screen;
  static FxRobot robot;
  static Path layout;

  private record Opened(Screen screen, Path layout) {}

  final List<PlanRequest> planned = new CopyOnWriteArrayList<>();
  final List<MoveRequest> moved = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    Opened running = opened == null ? open() : opened;
    opened = running;
    screen = running.screen();
    robot = screen.robot();
    layout = running.layout();
  }

  /// Once in a JVM; the end of the JVM is that of the application.
  private static Opened open() throws Exception {
    Path folder = Files.createTempDirectory("baton-console-test-");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> forget(folder)));
    for (String host : List.of("a", "b")) {
      ADDRESSES.put(host, AGENT.url().toString());
    }
    BEAT.scheduleAtFixedRate(ConsoleStage::beat, 400, 400, TimeUnit.MILLISECONDS);
    return new Opened(Screen.open(List.of(AGENT.url()), new OperatorToken(null), folder), folder);
  }

  private static void forget(Path folder) {
    BEAT.shutdownNow();
    AGENT.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      System.err.println("left behind: " + folder + ": " + e);
    }
  }

  private static void beat() {
    if (beating) {
      AGENT.send(
          () -> {
            CLUSTER.change(c -> c.current = c.current.plus(4_096));
            return CLUSTER.delta();
          });
    }
  }

  @BeforeEach
  void calm() throws TimeoutException {
    beating = true;
    AGENT.silent(false);
    CLUSTER.change(
        c -> {
          c.home = "a";
          c.epoch = 3;
          c.runningMove = null;
          c.moves.clear();
          c.policy = MovePolicy.DEFAULT;
          c.maintenance.clear();
          c.guardrails =
              List.of(
                  new PlanView.Guardrail(
                      "standby in sync", "in sync", "in sync", PlanView.Verdict.PASS, "it is", ""));
        });
    AGENT.onPlan(
        request -> {
          planned.add(request);
          return CLUSTER.plan(request);
        });
    AGENT.onMove(
        request -> {
          moved.add(request);
          CLUSTER.change(
              c -> {
                c.moves.add(c.move(1, "running", 3));
                c.runningMove = 1L;
              });
          return CLUSTER.move(1, "running", 1);
        });
    AGENT.onPolicy(CLUSTER::change);
    AGENT.onMaintenance(CLUSTER::announce);
    AGENT.cut(); // a delta takes nothing away: the next snapshot forgets the last test's moves
    screen.await("connected again", () -> AGENT.openStreams() > 0); // else a plan goes astray
    screen.await(
        "last test's moves gone", () -> screen.text("#situation-last-move").contains("no move"));
    screen.await("button enabled", () -> !screen.button("#move-button").isDisabled());
    screen.push("Watch", () -> screen.there("#navigation"), KeyCode.ALT, KeyCode.DIGIT1);
  }

  @AfterEach
  void closeDialogs() {
    screen.closeDialogs();
  }

  TableView<?> sessions() {
    return (TableView<?>) Objects.requireNonNull(screen.node("#sessions"));
  }

  static String label(String query) {
    return ((Labeled) screen.seen(query)).getText();
  }
}
