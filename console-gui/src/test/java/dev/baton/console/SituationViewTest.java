package dev.baton.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.console.fake.FakeAgent;
import dev.baton.console.fake.PretendCluster;
import dev.baton.console.model.ClusterModel;
import dev.baton.model.view.AlarmView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Control;
import javafx.scene.control.Labeled;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.Region;
import org.junit.jupiter.api.Test;

/// What an operator sees at a glance, in the present and in the past.
final class SituationViewTest extends ConsoleStage {
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
}
