package dev.baton.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.MovePolicy;
import dev.baton.model.view.PolicyRequest;
import java.util.concurrent.TimeoutException;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;

/// Policies and maintenance are changed after a plan and a confirmation.
final class PolicyViewTest extends ConsoleStage {
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
}
