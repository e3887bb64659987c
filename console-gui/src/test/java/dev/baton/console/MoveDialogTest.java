package dev.baton.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.console.fake.FakeAgent;
import dev.baton.model.MoveKind;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;

/// A move by hand, from the button to its outcome.
final class MoveDialogTest extends ConsoleStage {
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
}
