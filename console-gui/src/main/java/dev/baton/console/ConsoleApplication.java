package dev.baton.console;

import dev.baton.console.link.ControlLink;
import dev.baton.console.link.Link;
import dev.baton.console.link.OperatorToken;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.rcp.Workbench;
import dev.baton.console.rcp.WorkbenchSettings;
import dev.baton.console.view.Appearance;
import dev.baton.console.view.ConnectDialog;
import dev.baton.console.view.MoveDialogs;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.application.Platform;
import javafx.stage.Stage;
import javafx.stage.Window;
import javafx.util.Duration;
import org.jspecify.annotations.Nullable;

/// The wiring: view models, links, theme and workbench, put together on the FX thread.
public final class ConsoleApplication {
  private static final Duration PULSE = Duration.millis(250);

  private final List<URI> addresses;
  private final OperatorToken token;
  private final Path layout;
  private final boolean dark;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private @Nullable ConsoleModel console; // from here on: FX thread only
  private @Nullable Workbench workbench;
  private @Nullable Timeline pulse;

  /// @param addresses clusters to take into view at once; empty: the dialog asks
  /// @param layout directory that keeps the layout between starts
  public ConsoleApplication(List<URI> addresses, OperatorToken token, Path layout, boolean dark) {
    this.addresses = List.copyOf(addresses);
    this.token = token;
    this.layout = layout;
    this.dark = dark;
  }

  /// Starts JavaFX and the workbench, and returns when the last window was closed.
  ///
  /// @throws IllegalStateException when the workbench does not start
  void runUntilClosed() {
    Platform.startup(this::startOrFail);
    try {
      closed.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the console does not start: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Platform.exit();
  }

  private void startOrFail() {
    try {
      start();
    } catch (RuntimeException | LinkageError e) {
      closed.completeExceptionally(e);
    }
  }

  /// On the FX thread, JavaFX being started.
  public Workbench start() {
    Appearance appearance = new Appearance(dark);
    Link.Factory links =
        (address, listener) ->
            new ControlLink(
                address, token, ControlLink.Timing.DEFAULT, Platform::runLater, listener);
    ConsoleModel model = new ConsoleModel(links, System::currentTimeMillis);
    console = model;
    MoveDialogs dialogs =
        new MoveDialogs(model, appearance, Platform::runLater, ConsoleApplication::mainWindow);
    ConnectDialog connect = new ConnectDialog(model, appearance);
    Workbench started =
        Workbench.start(
            new WorkbenchSettings(
                layout,
                Map.of(
                    ConsoleModel.class, model,
                    Appearance.class, appearance,
                    MoveDialogs.class, dialogs,
                    ConnectDialog.class, connect),
                appearance::dress,
                this::closed));
    workbench = started;
    Timeline beat = new Timeline(new KeyFrame(PULSE, _ -> model.tick()));
    beat.setCycleCount(Animation.INDEFINITE);
    beat.play();
    pulse = beat;
    addresses.forEach(model::connect);
    if (addresses.isEmpty()) {
      connect.open(mainWindow());
    }
    return started;
  }

  /// Closes all windows; on the FX thread.
  public void stop() {
    if (workbench != null) {
      workbench.close();
    }
    closed();
  }

  private void closed() {
    if (pulse != null) {
      pulse.stop();
    }
    if (console != null) {
      console.close();
    }
    closed.complete(null);
  }

  private static @Nullable Window mainWindow() {
    return Window.getWindows().stream()
        .filter(window -> window instanceof Stage stage && stage.getOwner() == null)
        .findFirst()
        .orElse(null);
  }
}
