package dev.baton.console.fake;

import dev.baton.console.ConsoleApplication;
import dev.baton.console.link.OperatorToken;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.rcp.Workbench;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

/// The running console as a test sees it: nodes by query, and conditions that are awaited. One a
/// JVM, since JavaFX and e4 start once.
public final class Screen implements AutoCloseable {
  private static final int AWAIT_SECONDS = 60; // a machine that builds on all cores is slow
  private static final int PRESSES = 8;
  private static final int PRESS_SECONDS = 20;
  private static final int START_MILLIS = 120_000;

  private final FxRobot robot = new FxRobot();
  private final ConsoleApplication application;
  private final Workbench workbench;

  private Screen(ConsoleApplication application, Workbench workbench) {
    this.application = application;
    this.workbench = workbench;
  }

  public static Screen open(List<URI> addresses, OperatorToken token, Path layout)
      throws TimeoutException {
    FxToolkit.registerPrimaryStage();
    Platform.setImplicitExit(false);
    ConsoleApplication application = new ConsoleApplication(addresses, token, layout, false);
    Path exported = layout.resolve("exported");
    application.askForFilesBy((_, _) -> Optional.of(exported));
    return new Screen(
        application, WaitForAsyncUtils.waitForAsyncFx(START_MILLIS, application::start));
  }

  public ConsoleModel model() {
    return application.model();
  }

  public FxRobot robot() {
    return robot;
  }

  public Workbench workbench() {
    return workbench;
  }

  public void await(String what, Callable<Boolean> condition) throws TimeoutException {
    await(what, AWAIT_SECONDS, condition);
  }

  public void await(String what, int seconds, Callable<Boolean> condition) throws TimeoutException {
    try {
      WaitForAsyncUtils.waitFor(
          seconds, TimeUnit.SECONDS, () -> WaitForAsyncUtils.asyncFx(condition).get());
    } catch (TimeoutException e) {
      String seen =
          Stream.of(
                  "#situation-home",
                  "#situation-may-move",
                  "#move-obstacle",
                  "#move-refusal-detail",
                  "#move-outcome")
              .map(query -> there(query) ? text(query) : "")
              .collect(Collectors.joining(" | "));
      throw (TimeoutException)
          new TimeoutException("not within " + seconds + " s: " + what + "; on screen: " + seen)
              .initCause(e);
    }
  }

  public Node node(String query) {
    return robot.lookup(query).query();
  }

  /// The first that can be seen: views are in several perspectives, of which one is before the
  /// eyes.
  public Node seen(String query) {
    return robot.lookup(query).queryAll().stream()
        .filter(Screen::isSeen)
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException(query + " is not to be seen"));
  }

  private static boolean isSeen(Node node) {
    for (Node at = node; at != null; at = at.getParent()) {
      if (!at.isVisible()) {
        return false;
      }
    }
    return node.getScene() != null && node.getScene().getWindow() != null;
  }

  public boolean isThereToSee(String query) {
    return robot.lookup(query).queryAll().stream().anyMatch(Screen::isSeen);
  }

  public boolean there(String query) {
    return robot.lookup(query).tryQuery().isPresent();
  }

  public Button button(String query) {
    return (Button) node(query);
  }

  public String text(String query) {
    Node node = node(query);
    return node instanceof TextInputControl input ? input.getText() : ((Labeled) node).getText();
  }

  /// Presses a button until it has had its effect: on a machine that starves this process the
  /// values shown become old now and then, and the button is disabled for that while.
  public void press(String query, String effect, Callable<Boolean> done) throws TimeoutException {
    for (int tries = 0; tries < PRESSES; tries++) {
      await(query + " enabled", () -> done.call() || !button(query).isDisabled());
      if (WaitForAsyncUtils.waitForAsyncFx(START_MILLIS, done)) {
        return;
      }
      robot.clickOn(query);
      if (within(PRESS_SECONDS, done)) {
        return;
      }
    }
    await(effect, done);
  }

  /// Pushes keys until they have had their effect, as [#press] does with a button.
  public void push(String effect, Callable<Boolean> done, KeyCode... keys) throws TimeoutException {
    for (int tries = 0; tries < PRESSES && !within(1, done); tries++) {
      robot.push(keys);
      if (within(PRESS_SECONDS, done)) {
        return;
      }
    }
    await(effect, done);
  }

  private static boolean within(int seconds, Callable<Boolean> condition) {
    try {
      WaitForAsyncUtils.waitFor(
          seconds, TimeUnit.SECONDS, () -> WaitForAsyncUtils.asyncFx(condition).get());
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /// Opens the dialog of a planned move and waits until its plan may be run.
  public void openPlan() throws TimeoutException {
    press("#move-button", "a plan", () -> there("#plan-guardrails"));
    await("the plan may be run", () -> !button("#move-run").isDisabled());
  }

  public void closeDialogs() {
    WaitForAsyncUtils.waitForAsyncFx(
        START_MILLIS,
        () ->
            List.copyOf(Window.getWindows()).stream()
                .filter(w -> w instanceof Stage stage && stage.getOwner() != null)
                .forEach(w -> ((Stage) w).close()));
  }

  @Override
  public void close() {
    WaitForAsyncUtils.waitForAsyncFx(START_MILLIS, application::stop);
  }
}
