package dev.baton.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.console.fake.FakeAgent;
import dev.baton.console.fake.PretendCluster;
import dev.baton.console.fake.Screen;
import dev.baton.console.link.OperatorToken;
import dev.baton.console.model.ClusterModel;
import dev.baton.model.MoveKind;
import dev.baton.model.MovePolicy;
import dev.baton.model.view.AlarmView;
import dev.baton.model.view.AuditView;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.PolicyRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Control;
import javafx.scene.control.Labeled;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.Region;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;

/// The real application (Equinox, application model, commands, JavaFX) against a pretended cluster,
/// with mouse and keyboard. One application for all tests: JavaFX starts once in a JVM.
class ConsoleTest {
  @TempDir static Path layout;
  private static final PretendCluster CLUSTER = new PretendCluster(Map.of());
  private static final FakeAgent AGENT = new FakeAgent(CLUSTER::snapshot);
  private static final ScheduledExecutorService BEAT = Executors.newSingleThreadScheduledExecutor();
  private static volatile boolean beating = true;
  private static Screen screen;
  private static FxRobot robot;

  private final List<PlanRequest> planned = new CopyOnWriteArrayList<>();
  private final List<MoveRequest> moved = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    BEAT.scheduleAtFixedRate(ConsoleTest::beat, 400, 400, TimeUnit.MILLISECONDS);
    screen = Screen.open(List.of(AGENT.url()), new OperatorToken(null), layout);
    robot = screen.robot();
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

  @AfterAll
  static void stop() {
    BEAT.shutdownNow();
    screen.close();
    AGENT.close();
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

  @Test
  void allPartsAreRendered() throws TimeoutException {
    for (String part : List.of("navigation", "hosts", "positions", "moves")) {
      assertThat(screen.workbench().rendered("dev.baton.console.part." + part))
          .as(part)
          .isPresent();
    }
    assertThat(screen.workbench().rendered("dev.baton.console.control.situation")).isPresent();
    screen.await(
        "home and standby are cards", () -> screen.there("#host-a") && screen.there("#host-b"));
    assertThat(screen.there("#ladder-b")).isTrue();
  }

  @Test
  void theSituationIsInSight() throws TimeoutException {
    screen.await("home", () -> screen.text("#situation-home").contains("at home on a, epoch 3"));
    assertThat(screen.text("#situation-risk")).contains("no acknowledged commit would be lost");
    assertThat(screen.text("#situation-lag")).contains("1.2 kB").contains("2.5 ms");
    assertThat(screen.text("#situation-may-move")).isEqualTo("Yes, to b.");
  }

  @Test
  void positionsAdvance() throws TimeoutException {
    String first = ladderPosition();

    screen.await("the home's log advances", () -> !ladderPosition().equals(first));
  }

  private String ladderPosition() {
    return robot.from(screen.node("#ladder-b")).lookup(".mono").queryAllAs(Labeled.class).stream()
        .findFirst()
        .orElseThrow()
        .getText();
  }

  @Test
  void theButtonLeadsOverPlanAndConfirmationToTheOutcome() throws TimeoutException {
    screen.openPlan();
    assertThat(screen.button("#move-run").getText()).isEqualTo("Move app to b");
    assertThat(screen.button("#move-cancel").isFocused()).isTrue();
    assertThat(screen.text("#plan-risk")).contains("0 transactions");
    assertThat(moved).isEmpty();

    robot.clickOn("#move-run");
    screen.await(
        "phases shown",
        () -> screen.there("#move-phases") && screen.text("#move-outcome").contains("running"));
    CLUSTER.change(
        c -> {
          c.moves.clear();
          c.moves.add(c.move(1, "done", 9));
          c.home = "b";
          c.epoch = 4;
          c.runningMove = null;
        });

    screen.await(
        "outcome",
        () -> screen.text("#move-outcome").contains("Move 1 is done: app is at home on b"));
    assertThat(screen.text("#move-clients"))
        .contains("24 clients held")
        .contains("0 clients failed");
    screen.await(
        "new home", () -> screen.text("#situation-home").contains("at home on b, epoch 4"));
    assertThat(planned).containsExactly(new PlanRequest("app", MoveKind.SWITCHOVER, "b", null));
    assertThat(moved).containsExactly(new MoveRequest("plan-1", null, null));
  }

  @Test
  void aRefusedPlanSaysWhatChanged() throws TimeoutException {
    AGENT.onMove(_ -> FakeAgent.problem(409, "plan changed", "b left the in-sync set at 12:00:01"));
    screen.openPlan();

    screen.press("#move-run", "refusal", () -> screen.there("#move-refusal"));
    assertThat(screen.text("#move-refusal")).contains("plan changed");
    assertThat(screen.text("#move-refusal-detail")).isEqualTo("b left the in-sync set at 12:00:01");
    assertThat(screen.button("#move-plan-again").isVisible()).isTrue();
  }

  @Test
  void aGuardrailThatBlocksDisablesTheButton() throws TimeoutException {
    CLUSTER.change(
        c ->
            c.guardrails =
                List.of(
                    new PlanView.Guardrail(
                        "replay lag",
                        "2 GB",
                        "under 16 MB",
                        PlanView.Verdict.BLOCK,
                        "it would take minutes",
                        "wait until b has caught up")));
    screen.press("#move-button", "plan", () -> screen.there("#plan-guardrails"));
    screen.await(
        "why it is blocked",
        () -> screen.text("#move-obstacle").equals("A guardrail blocks this move."));
    assertThat(screen.button("#move-run").isDisabled()).isTrue();
    assertThat(robot.lookup("BLOCK").tryQuery()).isPresent();
    assertThat(robot.lookup("it would take minutes → wait until b has caught up").tryQuery())
        .isPresent();
  }

  @Test
  void oldValuesDisableTheButtonsAndSayTheirAge() throws TimeoutException {
    screen.openPlan();
    beating = false;
    AGENT.silent(true); // a new stream would begin with fresh values

    screen.await("dialog's button disabled", () -> screen.button("#move-run").isDisabled());
    screen.await(
        "age said",
        () ->
            screen.text("#move-obstacle").contains("nothing is done on it")
                || screen.text("#move-obstacle").contains("No connection"));
    screen.await("main button disabled", () -> screen.button("#move-button").isDisabled());
    screen.await("failover disabled", () -> screen.button("#failover-button").isDisabled());
    screen.await("said", () -> screen.text("#situation-may-move").startsWith("No:"));
  }

  @Test
  void aForcedFailoverNeedsTheTargetTypedAndAReason() throws TimeoutException {
    screen.press("#failover-button", "plan", () -> screen.there("#move-typed-target"));
    assertThat(screen.button("#move-run").isDisabled()).isTrue();
    screen.await("what to type", () -> screen.text("#move-obstacle").equals("Type b to confirm."));

    robot.clickOn("#move-typed-target").write("b");
    screen.await("target taken", () -> screen.text("#move-obstacle").equals("Give a reason."));
    robot.clickOn("#move-reason").write("a is on fire");
    screen.await("may run", () -> !screen.button("#move-run").isDisabled());
    screen.press("#move-run", "phases", () -> screen.there("#move-phases"));
    assertThat(planned).containsExactly(new PlanRequest("app", MoveKind.FAILOVER, "b", null));
    assertThat(moved).containsExactly(new MoveRequest("plan-1", "b", "a is on fire"));
  }

  @Test
  void theTruthIsShownAgainAfterALostConnection() throws TimeoutException {
    screen.openPlan();
    screen.press("#move-run", "phases", () -> screen.there("#move-phases"));

    AGENT.cut();
    CLUSTER.change(
        c -> {
          c.moves.clear();
          c.moves.add(c.move(1, "done", 9));
          c.runningMove = null;
        });

    screen.await(
        "outcome after reconnection",
        () -> screen.text("#move-outcome").contains("Move 1 is done"));
  }

  @Test
  void keyBindingsRunCommands() throws TimeoutException {
    robot.push(KeyCode.CONTROL, KeyCode.F);
    screen.await(
        "filter focused",
        () -> screen.there("#session-filter") && screen.node("#session-filter").isFocused());

    robot.write("temporary");
    screen.await("filtered", () -> sessions().getItems().size() == 3);
    robot.push(KeyCode.CONTROL, KeyCode.A).push(KeyCode.DELETE);
    screen.await("all again", () -> sessions().getItems().size() == 24);

    robot.push(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.DIGIT5);
    screen.await(
        "moves in front", () -> screen.there("#moves") && screen.node("#moves").getScene() != null);
    screen.push("dialog by key", () -> screen.there("#move-cancel"), KeyCode.CONTROL, KeyCode.M);
    robot.push(KeyCode.ESCAPE);
    screen.await("escape cancels", () -> !screen.there("#move-cancel"));
    assertThat(moved).isEmpty();
  }

  private TableView<?> sessions() {
    return (TableView<?>) Objects.requireNonNull(screen.node("#sessions"));
  }

  @Test
  void everyPartCanBeReachedByKeyAndIsReadAloud() throws TimeoutException {
    robot.push(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.DIGIT3);
    screen.await("memory", () -> screen.there("#memory-b"));
    robot.push(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.DIGIT4);
    screen.await("load", () -> screen.there(".strip-chart"));
    robot.push(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.DIGIT2);
    screen.await("ladder", () -> screen.there("#ladder-b"));
    robot.push(KeyCode.CONTROL, KeyCode.N);
    screen.await("navigation", () -> screen.node("#navigation").isFocused());
    assertThat(screen.node("#navigation").getAccessibleText()).isNotBlank();
    assertThat(screen.node("#host-a").getAccessibleText()).isEqualTo("a, home, serves the clients");
  }

  @Test
  void lightAndDark() throws TimeoutException {
    String before = javafx.application.Application.getUserAgentStylesheet();
    robot.push(KeyCode.CONTROL, KeyCode.T);
    screen.await(
        "changed", () -> !before.equals(javafx.application.Application.getUserAgentStylesheet()));
    robot.push(KeyCode.CONTROL, KeyCode.T);
    screen.await(
        "and back", () -> before.equals(javafx.application.Application.getUserAgentStylesheet()));
  }

  @Test
  void thePastIsScrubbedBackToAndNothingCanBeDoneThere() throws TimeoutException {
    screen.await(
        "some seconds are kept",
        () ->
            screen.model().time().lastMillis().orElse(0)
                > screen.model().time().firstMillis().orElse(0) + 2_000);
    CLUSTER.change(c -> c.epoch = 9);
    screen.await("epoch 9", () -> screen.text("#situation-home").contains("epoch 9"));
    screen.push(
        "the past", () -> screen.text("#time-shown").startsWith("PAST"), KeyCode.ALT, KeyCode.LEFT);

    screen.await("what was known then", () -> screen.text("#situation-home").contains("epoch 3"));
    assertThat(screen.text("#situation-may-move")).startsWith("No: what is shown is past");
    assertThat(screen.button("#move-button").isDisabled()).isTrue();
    assertThat(screen.button("#failover-button").isDisabled()).isTrue();

    screen.press(
        "#time-present", "the present", () -> screen.text("#time-shown").startsWith("now"));
    screen.await("epoch 9 again", () -> screen.text("#situation-home").contains("epoch 9"));
  }

  @Test
  void aMoveIsAcknowledgedAndExported() throws Exception {
    List<String> acknowledged = new CopyOnWriteArrayList<>();
    AGENT.onAcknowledge(
        asked -> {
          acknowledged.add(asked);
          MoveView move =
              CLUSTER
                  .move(7, "done", 9)
                  .acknowledged(new MoveView.Acknowledgement("alice", "as planned", Instant.now()));
          CLUSTER.change(
              c -> {
                c.moves.clear();
                c.moves.add(move);
              });
          return move;
        });
    CLUSTER.change(c -> c.moves.add(c.move(7, "done", 9)));
    screen.push(
        "History",
        () -> screen.there("#history-head") && screen.text("#history-head").contains("Move 7"),
        KeyCode.ALT,
        KeyCode.DIGIT3);
    assertThat(screen.text("#history-moves-acknowledged")).isEqualTo("by nobody yet");

    screen.press("#history-acknowledge", "asked", () -> screen.there("#confirm-comment"));
    robot.clickOn("#confirm-comment").write("as planned").clickOn("#confirm-go");
    screen.await(
        "acknowledged",
        () ->
            screen.text("#history-moves-acknowledged").contains("alice")
                && screen.text("#history-moves-acknowledged").endsWith(": as planned"));
    assertThat(acknowledged).containsExactly("/v1/moves/7/acknowledgement?service=app as planned");

    robot.clickOn("#history-csv");
    Path file = layout.resolve("exported");
    screen.await("written", () -> Files.exists(file) && Files.size(file) > 0);
    assertThat(Files.readString(file)).contains("app,7,switchover,a,b,4,by hand,operator,done");
    screen.push("Watch", () -> screen.there("#navigation"), KeyCode.ALT, KeyCode.DIGIT1);
  }

  @Test
  void everythingIsFoundByAFewLetters() throws TimeoutException {
    screen.push(
        "quick access", () -> screen.there("#quick-access-field"), KeyCode.CONTROL, KeyCode.DIGIT3);
    robot.clickOn("#quick-access-field").write("perspective comp");
    robot.push(KeyCode.ENTER);
    screen.await("Compare", () -> screen.there("#compare"));
    screen.push(
        "quick access", () -> screen.there("#quick-access-field"), KeyCode.CONTROL, KeyCode.DIGIT3);
    robot.clickOn("#quick-access-field").write("10.0.0.17");
    robot.push(KeyCode.ENTER);
    screen.await(
        "the session alone", () -> screen.there("#sessions") && sessions().getItems().size() == 1);
    robot.clickOn("#session-filter").push(KeyCode.CONTROL, KeyCode.A).push(KeyCode.DELETE);
    screen.await("all again", () -> sessions().getItems().size() == 24);
  }

  @Test
  void aKeyIsBoundAnewAndTakenFromNobody() throws TimeoutException {
    screen.push("keys", () -> screen.there("#keys"), KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.L);
    TableView<?> keys = (TableView<?>) screen.node("#keys");
    int theme =
        IntStream.range(0, keys.getItems().size())
            .filter(i -> keys.getItems().get(i).toString().contains("Light or dark"))
            .findFirst()
            .orElseThrow();
    robot.interact(() -> keys.getSelectionModel().select(theme));
    robot.clickOn("#keys-press").push(KeyCode.CONTROL, KeyCode.F);
    screen.await("taken", () -> screen.text("#keys-said").contains("belongs to: Filter sessions"));
    robot.push(KeyCode.F9);
    screen.await("bound", () -> screen.text("#keys-said").equals("Light or dark: F9"));
    screen.closeDialogs();

    String before = javafx.application.Application.getUserAgentStylesheet();
    robot.push(KeyCode.F9);
    screen.await(
        "changed", () -> !before.equals(javafx.application.Application.getUserAgentStylesheet()));
    robot.push(KeyCode.F9);
    screen.push("keys", () -> screen.there("#keys"), KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.L);
    robot.clickOn("#keys-reset");
    screen.await("reset", () -> screen.text("#keys-said").equals("As they came."));
  }

  @Test
  void alarmsAreInSightWithTheirRemedy() throws TimeoutException {
    CLUSTER.change(
        c ->
            c.alarms =
                List.of(
                    new AlarmView(
                        "target-behind",
                        "app",
                        "b",
                        Instant.now(),
                        "b is slow",
                        "look at its disk")));
    screen.await(
        "alarm",
        () ->
            screen.isThereToSee("#situation-alarms")
                && screen
                    .text("#situation-alarms")
                    .contains("target-behind: b is slow → look at its disk"));
    CLUSTER.change(c -> c.alarms = List.of());
    screen.await("over", () -> !screen.isThereToSee("#situation-alarms"));
  }

  @Test
  void aSessionIsDisconnectedAfterAQuestion() throws TimeoutException {
    robot.push(KeyCode.CONTROL, KeyCode.F);
    screen.await("sessions", () -> screen.there("#session-filter"));
    robot.clickOn("10.0.0.3:51003");
    screen.press("#sessions-disconnect", "asked", () -> screen.there("#confirm-go"));
    assertThat(screen.button("#confirm-cancel").isFocused()).isTrue();
    assertThat(AGENT.requests()).noneMatch(r -> r.startsWith("DELETE"));
    robot.clickOn("#confirm-go");
    screen.await(
        "done",
        () -> AGENT.requests().stream().anyMatch(r -> r.startsWith("DELETE /v1/sessions/w-3 ")));
  }

  @Test
  void aServiceDraggedToItsStandbyPlansAMove() throws TimeoutException {
    screen.await("cards", () -> screen.there("#host-a") && screen.there("#host-b"));
    robot.drag("#host-a").dropTo("#host-b");
    screen.await("plan", () -> screen.there("#plan-guardrails"));
    assertThat(planned).containsExactly(new PlanRequest("app", MoveKind.SWITCHOVER, "b", null));
    assertThat(moved).isEmpty();
  }

  @Test
  void sessionsDraggedToAHostPlanAMoveOfThem() throws TimeoutException {
    screen.push("Move", () -> !screen.isThereToSee("#navigation"), KeyCode.ALT, KeyCode.DIGIT2);
    screen.await("hosts", () -> screen.isThereToSee("#host-b"));
    screen.await("sessions", () -> screen.isThereToSee("#sessions"));
    robot.interact(() -> ((TextField) screen.seen("#session-filter")).clear());
    screen.await("one of them", () -> screen.isThereToSee("10.0.0.5:51005"));
    robot.drag(screen.seen("10.0.0.5:51005")).dropTo(screen.seen("#host-b"));
    screen.await("plan", () -> screen.there("#plan-chosen"));
    screen.await(
        "what becomes of it",
        () -> screen.text("#plan-chosen").contains("the 1 chosen and all others, 24 in all"));
    assertThat(planned).containsExactly(new PlanRequest("app", MoveKind.SWITCHOVER, "b", null));
    assertThat(moved).isEmpty();
  }

  @Test
  void whyNotIsWhatTheAgentOfTheHomeSays() throws TimeoutException {
    screen.push(
        "Why not?",
        () -> screen.isThereToSee("#why-obstacles"),
        KeyCode.CONTROL,
        KeyCode.SHIFT,
        KeyCode.DIGIT8);
    screen.await(
        "its answer",
        () ->
            label("#why-protection")
                .equals(
                    "If a failed now: b would take over; no acknowledged commit would be lost"));
    assertThat(label("#why-summary")).isEqualTo("Policy observe: nothing calls for a move");
    assertThat(robot.lookup("12 s since the last move").tryQuery()).isPresent();
    assertThat(robot.lookup("wait, or move by hand").tryQuery()).isPresent();
  }

  private static String label(String query) {
    return ((Labeled) screen.seen(query)).getText();
  }

  private void openPolicy() throws TimeoutException {
    screen.push(
        "Policy",
        () -> screen.isThereToSee("#policy-change"),
        KeyCode.CONTROL,
        KeyCode.SHIFT,
        KeyCode.DIGIT0);
    screen.await("a policy", () -> label("#policy-value-sustain").equals("60"));
    screen.await("may be changed", () -> !screen.seen("#policy-change").isDisabled());
    robot.clickOn(screen.seen("#policy-change"));
    screen.await("dialog", () -> screen.there("#change-make"));
  }

  @Test
  void aPolicyIsChangedAfterItsPlanAndItsConfirmation() throws TimeoutException {
    openPolicy();
    screen.await(
        "nothing yet", () -> screen.text("#change-obstacle").equals("Nothing is changed."));
    assertThat(screen.button("#change-cancel").isFocused()).isTrue();

    robot.interact(() -> ((TextField) screen.node("#policy-sustain")).setText("half an hour"));
    screen.await(
        "no number",
        () -> screen.text("#change-obstacle").equals("For at least: 'half an hour' is no number."));
    robot.interact(() -> ((TextField) screen.node("#policy-sustain")).setText("30"));
    screen.await("may be made", () -> !screen.button("#change-make").isDisabled());
    assertThat(robot.lookup("For at least: 60 → 30").tryQuery()).isPresent();

    robot.interact(() -> mode().setValue(MovePolicy.Mode.AUTOMATIC));
    screen.await("to type", () -> screen.text("#change-obstacle").equals("Type app to confirm."));
    assertThat(screen.button("#change-make").isDisabled()).isTrue();
    robot.clickOn("#change-typed").write("app");
    screen.press("#change-make", "made", () -> !screen.there("#change-make"));

    screen.await("shown", () -> label("#policy-value-mode").equals("automatic"));
    assertThat(label("#policy-value-sustain")).isEqualTo("30");
    screen.await(
        "in the log of events",
        () ->
            screen.model().clusters().getFirst().events().stream()
                .anyMatch(
                    event ->
                        event
                            .text()
                            .equals(
                                "policy version 1 by operator: Mode: observe → automatic; For at"
                                    + " least: 60 → 30")));
  }

  @SuppressWarnings("unchecked")
  private static ChoiceBox<MovePolicy.Mode> mode() {
    return (ChoiceBox<MovePolicy.Mode>) screen.node("#policy-mode");
  }

  @Test
  void aPolicyThatSomebodyElseChangedIsNotOverwritten() throws TimeoutException {
    openPolicy();
    robot.interact(() -> ((TextField) screen.node("#policy-sustain")).setText("30"));
    screen.await("may be made", () -> !screen.button("#change-make").isDisabled());

    CLUSTER.change(
        c ->
            c.policy =
                new PolicyRequest(null, null, 90.0, null, null, null, null, null, null, null, null)
                    .applyTo(c.policy));

    screen.await(
        "told",
        () ->
            screen
                .text("#change-obstacle")
                .equals("operator has changed the policy in the meantime: look at it again."));
    assertThat(screen.button("#change-make").isDisabled()).isTrue();
  }

  @Test
  void maintenanceIsAnnouncedWithWhatFollowsAndEnded() throws TimeoutException {
    screen.push(
        "Policy",
        () -> screen.isThereToSee("#maintenance-announce"),
        KeyCode.CONTROL,
        KeyCode.SHIFT,
        KeyCode.DIGIT0);
    screen.await("may announce", () -> !screen.seen("#maintenance-announce").isDisabled());
    robot.clickOn(screen.seen("#maintenance-announce"));
    screen.await("dialog", () -> screen.there("#change-make"));
    screen.await("why", () -> screen.text("#change-obstacle").equals("Say why."));
    assertThat(
            robot
                .lookup(
                    "app is at home on a and STAYS there: its policy is observe. Move it by hand"
                        + " before.")
                .tryQuery())
        .isPresent();
    robot.clickOn("#maintenance-why").write("new disks");
    screen.press("#change-make", "announced", () -> !screen.there("#change-make"));
    screen.await(
        "in the list", () -> ((TableView<?>) screen.seen("#maintenance")).getItems().size() == 1);

    screen.await("may end", () -> !screen.seen("#maintenance-end").isDisabled());
    robot.clickOn(screen.seen("#maintenance-end"));
    screen.await("dialog", () -> screen.there("#change-make"));
    screen.press("#change-make", "ended", () -> !screen.there("#change-make"));
    screen.await("gone", () -> ((TableView<?>) screen.seen("#maintenance")).getItems().isEmpty());
  }

  @Test
  void anotherClusterIsSeenBesideAndItsEndHurtsNoOther() throws TimeoutException {
    PretendCluster bank = new PretendCluster(Map.of());
    bank.change(c -> c.cluster = "bank");
    FakeAgent other = new FakeAgent(bank::snapshot);
    try {
      robot.interact(() -> screen.model().connect(other.url()));
      screen.await(
          "both", () -> screen.model().clusters().size() == 2 && cluster("bank").isPresent());
      screen.await("in the tree", () -> robot.lookup("bank").tryQuery().isPresent());
      robot.interact(
          () ->
              screen
                  .model()
                  .selectedProperty()
                  .set(cluster("bank").orElseThrow().service("app").orElseThrow()));
      screen.await("it may move", () -> !screen.button("#move-button").isDisabled());

      other.close();
      screen.await(
          "its end is told", () -> robot.lookup("bank (no connection)").tryQuery().isPresent());
      screen.await("nothing can be done there", () -> screen.button("#move-button").isDisabled());
      screen.await("the other lives", () -> cluster("shop").orElseThrow().linkState().live());
      robot.interact(
          () ->
              screen
                  .model()
                  .selectedProperty()
                  .set(cluster("shop").orElseThrow().service("app").orElseThrow()));
      screen.await("and may move", () -> !screen.button("#move-button").isDisabled());
    } finally {
      other.close();
      robot.interact(() -> cluster("bank").ifPresent(screen.model()::forget));
    }
    screen.await("one again", () -> screen.model().clusters().size() == 1);
  }

  private static Optional<ClusterModel> cluster(String name) {
    return screen.model().clusters().stream().filter(c -> c.name().equals(name)).findFirst();
  }

  @Test
  void everyNodeOfTheTopologyIsReadAloud() throws TimeoutException {
    screen.await("cards", () -> screen.there("#host-a") && screen.there("#host-b"));
    List<Node> silent = new ArrayList<>();
    robot.interact(() -> silent(screen.seen(".topology"), silent));
    assertThat(silent).isEmpty();
  }

  /// Leaves without a word; controls are leaves, and what only keeps a distance is none.
  private static void silent(Node node, List<Node> into) {
    boolean inner =
        node instanceof Parent parent
            && !(node instanceof Control)
            && !parent.getChildrenUnmodifiable().isEmpty();
    if (inner) {
      ((Parent) node).getChildrenUnmodifiable().forEach(child -> silent(child, into));
    } else if (node.isVisible() && !node.getClass().equals(Region.class)) {
      String words = node instanceof Labeled labeled ? labeled.getText() : node.getAccessibleText();
      if ((words == null || words.isBlank()) && !node.getStyleClass().contains("chips")) {
        into.add(node);
      }
    }
  }

  @Test
  void whoAskedForWhatIsReadInTheAuditLog() throws TimeoutException {
    AGENT.onAudit(List.of(entry(2, "mallory", "refused"), entry(1, "alice", "done")));
    screen.push("History", () -> screen.isThereToSee("#history"), KeyCode.ALT, KeyCode.DIGIT3);
    robot.clickOn("Audit");
    screen.await(
        "both",
        () ->
            screen.there("#audit")
                && ((TableView<?>) screen.seen("#audit")).getItems().size() == 2);
    assertThat(robot.lookup("the token is a viewer's").tryQuery()).isPresent();
    robot.clickOn("#audit-filter").write("alice");
    screen.await("one", () -> ((TableView<?>) screen.seen("#audit")).getItems().size() == 1);
  }

  private static AuditView entry(long number, String actor, String result) {
    return new AuditView(
        number,
        "a",
        Instant.now(),
        actor,
        "operator",
        "127.0.0.1",
        "start-move",
        "app",
        "{}",
        result,
        result.equals("done") ? "move 1 began" : "the token is a viewer's",
        "00");
  }
}
