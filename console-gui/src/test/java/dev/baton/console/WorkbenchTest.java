package dev.baton.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;

/// Keys, quick access, themes: the ways through the window.
final class WorkbenchTest extends ConsoleStage {
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
}
