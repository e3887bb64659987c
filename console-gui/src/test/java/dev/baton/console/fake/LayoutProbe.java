package dev.baton.console.fake;

import dev.baton.console.link.OperatorToken;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javafx.application.Application;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import org.testfx.util.WaitForAsyncUtils;

/// A console in a process of its own that either arranges its window or says how it finds it: what
/// a restart restores can be seen only over two processes.
public final class LayoutProbe {
  private static final long BEAT_MILLIS = 400;

  private final Screen screen;

  private LayoutProbe(Screen screen) {
    this.screen = screen;
  }

  /// @param args directory of the layout; `arrange` or `report`
  public static void main(String[] args) throws Exception {
    PretendCluster cluster = new PretendCluster(Map.of());
    ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor();
    try (FakeAgent agent = new FakeAgent(cluster::snapshot);
        Screen screen =
            Screen.open(List.of(agent.url()), new OperatorToken(null), Path.of(args[0]))) {
      beat.scheduleAtFixedRate(
          () -> agent.send(cluster::delta), BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
      LayoutProbe probe = new LayoutProbe(screen);
      if (args[1].equals("arrange")) {
        probe.arrange();
      }
      probe.report();
    }
    System.exit(0);
  }

  private void arrange() throws Exception {
    screen.await("live", () -> !screen.button("#move-button").isDisabled());
    screen.push("Compare", () -> screen.isThereToSee("#compare"), KeyCode.ALT, KeyCode.DIGIT4);
    screen.push("keys", () -> screen.there("#keys"), KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.L);
    TableView<?> keys = (TableView<?>) screen.node("#keys");
    int theme =
        IntStream.range(0, keys.getItems().size())
            .filter(i -> keys.getItems().get(i).toString().contains("Light or dark"))
            .findFirst()
            .orElseThrow();
    screen.robot().interact(() -> keys.getSelectionModel().select(theme));
    screen.robot().clickOn("#keys-press").push(KeyCode.F9);
    screen.await("bound", () -> screen.text("#keys-said").equals("Light or dark: F9"));
    screen.closeDialogs();
    screen.robot().push(KeyCode.F9);
    screen.await("dark", LayoutProbe::isDark);
  }

  private static boolean isDark() {
    return Application.getUserAgentStylesheet().toLowerCase(Locale.ROOT).contains("dark");
  }

  private void report() throws Exception {
    screen.await("live", () -> screen.model().selected() != null);
    System.out.printf(
        "compare=%s dark=%s%n",
        WaitForAsyncUtils.waitForAsyncFx(10_000, () -> screen.isThereToSee("#compare")), isDark());
    boolean before = isDark();
    screen.push("the key is bound still", () -> isDark() != before, KeyCode.F9);
    screen.push("and back", () -> isDark() == before, KeyCode.F9);
  }
}
