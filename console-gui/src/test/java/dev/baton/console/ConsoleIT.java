package dev.baton.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baton.console.fake.Screen;
import dev.baton.console.link.OperatorToken;
import dev.baton.model.Json;
import dev.baton.model.LogPosition;
import dev.baton.model.MoveKind;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PolicyView;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.StatusView;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.util.WaitForAsyncUtils;
import tools.jackson.databind.JsonNode;

/// An operator's work against real agents and real databases under load, one step after the other
/// in one console: the demo runs as a process of its own, as the launcher starts it. Nothing of the
/// agents is on this test's class path; when they were not built in this reactor, it is skipped and
/// says so.
@EnabledOnOs(OS.LINUX)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleIT {
  private static final Path LAB =
      Path.of("..", "agent", "lab", "target").toAbsolutePath().normalize();
  private static final Duration READY_WITHIN = Duration.ofMinutes(4);
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(60);
  private static final int IN_SYNC_WITHIN_SECONDS = 120;
  private static final int CLIENTS = 4;

  // kept when a test failed, for its logs
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path dir;

  private static @Nullable Process demo;
  private static @Nullable JsonNode files;
  private static @Nullable Screen console;

  @BeforeAll
  static void startDemo() throws Exception {
    Path classPath = LAB.resolve("baton.classpath");
    assumeTrue(
        Files.isReadable(classPath),
        "agent/lab is not built in this reactor: no real agents to press the button against");
    // as root the databases run as another user, who must be able to pass
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path cluster = dir.resolve("cluster");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            labJar() + File.pathSeparator + Files.readString(classPath).strip(),
            "dev.baton.service.cli.Baton",
            "demo",
            "--headless",
            "--clients",
            Integer.toString(CLIENTS),
            "--dir",
            cluster.toString(),
            "--port-base",
            Integer.toString(freePortBase()));
    Process started =
        builder.redirectErrorStream(true).redirectOutput(dir.resolve("demo.log").toFile()).start();
    demo = started;
    WaitForAsyncUtils.waitFor(
        READY_WITHIN.toSeconds(),
        TimeUnit.SECONDS,
        () -> {
          assertThat(started.isAlive()).as(() -> "the demo ended: " + log()).isTrue();
          return Files.exists(cluster.resolve("demo.json"));
        });
    files = Json.MAPPER.readTree(cluster.resolve("demo.json").toFile());
    Files.createDirectories(dir.resolve("layout"));
    console =
        Screen.open(
            List.of(agent("a")),
            new OperatorToken(Path.of(file("/operatorTokenFile"))),
            dir.resolve("layout"));
  }

  @AfterAll
  static void stopDemo() throws InterruptedException {
    if (console != null) {
      console.close();
    }
    if (demo != null) {
      demo.destroy();
      if (!demo.waitFor(STOPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        demo.descendants().forEach(ProcessHandle::destroyForcibly);
        demo.destroyForcibly();
      }
    }
  }

  @AfterEach
  void closeDialogs() {
    screen().closeDialogs();
  }

  @Test
  @Order(1)
  void positionsAdvance() throws Exception {
    awaitMovable();
    LogPosition before = position();
    screen().await("the log advances", () -> position().compareTo(before) > 0);
  }

  @Test
  @Order(2)
  void theButtonMovesTheHomeFromAToB() throws Exception {
    long epoch = app(agent("a")).epoch();
    awaitHome("a", "b");
    screen().openPlan();
    screen().press("#move-run", "the move runs", () -> screen().there("#move-outcome"));
    awaitDone("b");

    ServiceView after = app(agent("b"));
    assertThat(after.home()).isEqualTo("b");
    assertThat(after.epoch()).isGreaterThan(epoch);
    MoveView newest = newest();
    assertThat(newest.outcome()).isEqualTo("done");
    assertThat(newest.target()).isEqualTo("b");
    assertThat(newest.kind()).isEqualTo(MoveKind.SWITCHOVER);
  }

  @Test
  @Order(3)
  void sessionsDraggedToTheOtherHostMoveThere() throws Exception {
    String target = awaitMovable();
    screen().push("Move", () -> !screen().isThereToSee("#navigation"), KeyCode.ALT, KeyCode.DIGIT2);
    screen().await("the target", () -> screen().isThereToSee("#host-" + target));
    screen().await("sessions", () -> !screen().model().clusters().getFirst().sessions().isEmpty());
    String client = screen().model().clusters().getFirst().sessions().getFirst().client();
    screen().await("in the table", () -> screen().isThereToSee(client));
    screen().robot().drag(screen().seen(client)).dropTo(screen().seen("#host-" + target));
    screen().await("plan", () -> screen().there("#plan-chosen"));
    assertThat(screen().text("#plan-chosen")).contains("the 1 chosen and all others");
    screen().await("may run", () -> !screen().button("#move-run").isDisabled());
    screen().press("#move-run", "the move runs", () -> screen().there("#move-outcome"));
    awaitDone(target);
    assertThat(newest().clientsFailed()).isZero();
  }

  @Test
  @Order(4)
  void aFailoverIsForcedByTypingTheNameOfItsTarget() throws Exception {
    String target = awaitMovable();
    screen().press("#failover-button", "plan", () -> screen().there("#move-typed-target"));
    screen()
        .await(
            "asks",
            () -> screen().text("#move-obstacle").equals("Type " + target + " to confirm."));
    screen().robot().clickOn("#move-typed-target").write(target);
    screen().robot().clickOn("#move-reason").write("smoke in the rack");
    screen().press("#move-run", "the move runs", () -> screen().there("#move-outcome"));
    awaitDone(target);
    MoveView newest = newest();
    assertThat(newest.kind()).isEqualTo(MoveKind.FAILOVER);
    assertThat(newest.reason()).isEqualTo("smoke in the rack");
  }

  @Test
  @Order(5)
  void aMoveIsAcknowledgedAndExported() throws Exception {
    long id = newest().id();
    screen()
        .push(
            "History",
            () ->
                screen().there("#history-head")
                    && screen().text("#history-head").contains("Move " + id + ":"),
            KeyCode.ALT,
            KeyCode.DIGIT3);
    screen().press("#history-acknowledge", "asked", () -> screen().there("#confirm-comment"));
    screen().robot().clickOn("#confirm-comment").write("seen").clickOn("#confirm-go");
    screen()
        .await("acknowledged", () -> screen().text("#history-moves-acknowledged").endsWith("seen"));
    screen().robot().clickOn("#history-json");
    Path exported = dir.resolve("layout").resolve("exported");
    screen().await("written", () -> Files.exists(exported) && Files.size(exported) > 0);
    MoveView[] moves = Json.MAPPER.readValue(Files.readString(exported), MoveView[].class);
    assertThat(moves).extracting(MoveView::id).contains(id);
  }

  @Test
  @Order(6)
  void aPolicyIsChangedAndEveryAgentHasIt() throws Exception {
    screen().push("Watch", () -> screen().isThereToSee("#navigation"), KeyCode.ALT, KeyCode.DIGIT1);
    screen()
        .push(
            "Policy",
            () -> screen().isThereToSee("#policy-change"),
            KeyCode.CONTROL,
            KeyCode.SHIFT,
            KeyCode.DIGIT0);
    screen().await("may be changed", () -> !screen().seen("#policy-change").isDisabled());
    screen().robot().clickOn(screen().seen("#policy-change"));
    screen().await("dialog", () -> screen().there("#change-make"));
    screen().robot().interact(() -> ((TextField) screen().node("#policy-sustain")).setText("45"));
    screen().press("#change-make", "made", () -> !screen().there("#change-make"));
    screen().await("shown", () -> screen().text("#policy-value-sustain").equals("45"));
    for (String host : List.of("a", "b")) {
      screen()
          .await(
              "told to " + host,
              answered(() -> policy(agent(host)).policy().sustainSeconds() == 45));
    }
  }

  @Test
  @Order(7)
  void whyNotIsWhatTheAgentOfTheHomeSays() throws Exception {
    awaitMovable();
    String home = app(URI.create(current())).home();
    screen()
        .push(
            "Why not?",
            () -> screen().isThereToSee("#why-protection"),
            KeyCode.CONTROL,
            KeyCode.SHIFT,
            KeyCode.DIGIT8);
    screen()
        .await(
            "its answer",
            () -> screen().text("#why-protection").startsWith("If " + home + " failed now: "));
  }

  @Test
  @Order(8)
  void theAgentOfTheConsoleDiesInTheMiddleOfAMoveAndTheTruthIsShown() throws Exception {
    awaitMovable();
    long before = newest().id();
    screen().openPlan();
    screen().press("#move-run", "the move runs", () -> screen().there("#move-outcome"));
    String lost = current();
    kill(connectedHost()); // before or after the move's end: what is shown is what became of it
    screen()
        .await(
            "connected to another",
            IN_SYNC_WITHIN_SECONDS,
            () ->
                screen().model().clusters().getFirst().linkState().live()
                    && !current().equals(lost));
    screen()
        .await(
            "the truth",
            IN_SYNC_WITHIN_SECONDS,
            () ->
                screen().there("#move-outcome")
                    && !screen().text("#move-outcome").contains("is running")
                    && screen().text("#move-outcome").contains("Move"));
    String said = screen().text("#move-outcome");
    screen().closeDialogs();
    screen()
        .await(
            "an agent's list agrees",
            IN_SYNC_WITHIN_SECONDS,
            answered(
                () -> {
                  MoveView newest = newest();
                  return newest.id() > before
                      && said.startsWith("Move " + newest.id())
                      && said.contains("is done") == newest.outcome().equals("done");
                }));
    String home = app(URI.create(current())).home();
    screen()
        .await(
            "and the situation",
            IN_SYNC_WITHIN_SECONDS,
            () -> screen().text("#situation-home").contains("at home on " + home));
  }

  /// An agent that does not answer now, since it or its neighbour is starting, is asked again.
  private static Callable<Boolean> answered(Callable<Boolean> condition) {
    return () -> {
      try {
        return condition.call();
      } catch (IOException e) {
        return false;
      }
    };
  }

  private static Screen screen() {
    return Objects.requireNonNull(console);
  }

  private static LogPosition position() {
    return Objects.requireNonNull(
            screen().model().clusters().getFirst().service("app").orElseThrow().positions())
        .value()
        .current();
  }

  private static void awaitHome(String home, String target) throws TimeoutException {
    screen()
        .await(
            target + " is in sync and may be moved to",
            IN_SYNC_WITHIN_SECONDS,
            () ->
                screen().text("#situation-home").contains("at home on " + home)
                    && screen().text("#situation-may-move").equals("Yes, to " + target + "."));
  }

  /// Until the other database host may be moved to.
  ///
  /// @return that host
  private static String awaitMovable() throws TimeoutException {
    screen()
        .await(
            "it may be moved",
            IN_SYNC_WITHIN_SECONDS,
            () -> screen().text("#situation-may-move").startsWith("Yes, to "));
    return screen().text("#situation-may-move").replace("Yes, to ", "").replace(".", "");
  }

  private static void awaitDone(String home) throws TimeoutException {
    screen()
        .await(
            "the move is done",
            IN_SYNC_WITHIN_SECONDS,
            () ->
                screen().there("#move-outcome")
                    && screen().text("#move-outcome").contains("is done"));
    screen()
        .await(
            "the console shows the new home",
            () -> screen().text("#situation-home").contains("at home on " + home));
  }

  /// The address that the console listens to.
  private static String current() {
    return screen().model().clusters().getFirst().linkState().address().toString();
  }

  private static String connectedHost() {
    return List.of("a", "b", "w").stream()
        .filter(host -> file("/hosts/" + host + "/controlUrl").equals(current()))
        .findFirst()
        .orElseThrow();
  }

  private static void kill(String host) throws IOException {
    JsonNode now = Json.MAPPER.readTree(dir.resolve("cluster").resolve("demo.json").toFile());
    long pid = now.at("/hosts/" + host + "/agentPid").asLong();
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  private static MoveView newest() throws IOException, InterruptedException {
    return get(URI.create(current()), "/v1/moves", MoveView[].class)[0];
  }

  private static PolicyView policy(URI agent) throws IOException, InterruptedException {
    return get(agent, "/v1/policies", PolicyView[].class)[0];
  }

  private static URI agent(String host) {
    return URI.create(file("/hosts/" + host + "/controlUrl"));
  }

  private static String file(String pointer) {
    return Objects.requireNonNull(files).at(pointer).asString();
  }

  private static ServiceView app(URI agent) throws IOException, InterruptedException {
    return get(agent, "/v1/status", StatusView.class).services().stream()
        .filter(service -> service.name().equals("app"))
        .findFirst()
        .orElseThrow();
  }

  private static <T> T get(URI agent, String path, Class<T> type)
      throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(agent.resolve(path)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return Json.MAPPER.readValue(response.body(), type);
    }
  }

  private static Path labJar() throws IOException {
    try (Stream<Path> jars = Files.list(LAB)) {
      return jars.filter(p -> p.getFileName().toString().matches("lab-[0-9].*(?<!-tests)\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no lab jar in " + LAB));
    }
  }

  /// A base whose neighbours are free as well: the demo takes some thirty ports from it on.
  private static int freePortBase() throws IOException {
    for (int base = 24_000; base < 32_000; base += 100) {
      if (allFree(base)) {
        return base;
      }
    }
    throw new IOException("no hundred free ports between 24000 and 32000");
  }

  private static boolean allFree(int base) {
    for (int port = base; port < base + 30; port++) {
      try (ServerSocket probe = new ServerSocket(port)) {
        assertThat(probe.getLocalPort()).isEqualTo(port);
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  private static String log() {
    try {
      return Files.readString(dir.resolve("demo.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
