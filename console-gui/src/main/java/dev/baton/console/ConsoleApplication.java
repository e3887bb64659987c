package dev.baton.console;

import dev.baton.console.link.ControlLink;
import dev.baton.console.link.Link;
import dev.baton.console.link.OperatorToken;
import dev.baton.console.link.RecordingLink;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.Settings;
import dev.baton.console.rcp.Workbench;
import dev.baton.console.rcp.WorkbenchSettings;
import dev.baton.console.view.Appearance;
import dev.baton.console.view.Cargo;
import dev.baton.console.view.ConnectDialog;
import dev.baton.console.view.FileChoice;
import dev.baton.console.view.KeysDialog;
import dev.baton.console.view.MoveDialogs;
import dev.baton.console.view.QuickAccessDialog;
import dev.baton.console.view.SavedFiles;
import dev.baton.console.view.SessionFocus;
import dev.baton.console.view.SettingsDialog;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The wiring: view models, links, theme and workbench, put together on the FX thread.
public final class ConsoleApplication {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleApplication.class);
  private static final Duration PULSE = Duration.millis(250);

  private final List<URI> addresses;
  private final OperatorToken token;
  private final @Nullable Recorded recording;
  private final Path layout;
  private final boolean dark;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private FileChoice fileChoice = FileChoice.ofPlatform();
  private @Nullable ConsoleModel console; // from here on: FX thread only
  private @Nullable Appearance look;
  private @Nullable Workbench workbench;
  private @Nullable Timeline pulse;
  private boolean live;

  /// What is shown instead of the present.
  ///
  /// @param address of the file, for what is shown
  public record Recorded(URI address, RecordingLink.Source source) {}

  /// A console that shows a recording.
  static ConsoleApplication of(Recorded recording, Path layout, boolean dark) {
    return new ConsoleApplication(List.of(), recording, new OperatorToken(null), layout, dark);
  }

  /// @param addresses clusters to take into view at once; empty: the dialog asks
  /// @param layout directory that keeps the layout between starts
  public ConsoleApplication(List<URI> addresses, OperatorToken token, Path layout, boolean dark) {
    this(addresses, null, token, layout, dark);
  }

  private ConsoleApplication(
      List<URI> addresses,
      @Nullable Recorded recording,
      OperatorToken token,
      Path layout,
      boolean dark) {
    this.addresses = List.copyOf(addresses);
    this.recording = recording;
    this.token = token;
    this.layout = layout;
    this.dark = dark;
  }

  /// Before [#start]: how files to write are asked for; else by the platform's own dialog.
  public void askForFilesBy(FileChoice choice) {
    fileChoice = choice;
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
    Settings settings = Settings.in(layout);
    Appearance appearance = new Appearance(settings);
    if (dark) {
      appearance.show(true);
    }
    look = appearance;
    Link.Factory links =
        (address, listener) ->
            new ControlLink(
                address, token, ControlLink.Timing.DEFAULT, Platform::runLater, listener);
    ConsoleModel model = new ConsoleModel(links, System::currentTimeMillis);
    console = model;
    MoveDialogs dialogs =
        new MoveDialogs(model, appearance, Platform::runLater, ConsoleApplication::mainWindow);
    ConnectDialog connect = new ConnectDialog(model, appearance);
    SessionFocus sessions = new SessionFocus();
    Workbench started =
        Workbench.start(
            new WorkbenchSettings(
                layout,
                Map.of(
                    ConsoleModel.class,
                    model,
                    Appearance.class,
                    appearance,
                    MoveDialogs.class,
                    dialogs,
                    Cargo.class,
                    new Cargo(dialogs),
                    SavedFiles.class,
                    new SavedFiles(fileChoice),
                    ConnectDialog.class,
                    connect,
                    SessionFocus.class,
                    sessions,
                    QuickAccessDialog.class,
                    new QuickAccessDialog(model, appearance, sessions),
                    KeysDialog.class,
                    new KeysDialog(appearance),
                    SettingsDialog.class,
                    new SettingsDialog(settings, appearance)),
                appearance::dress,
                this::closed));
    workbench = started;
    Timeline beat = new Timeline(new KeyFrame(PULSE, _ -> beat(model)));
    beat.setCycleCount(Animation.INDEFINITE);
    beat.play();
    pulse = beat;
    addresses.forEach(model::connect);
    Recorded recorded = recording;
    if (recorded != null) {
      model.open(
          recorded.address(),
          listener ->
              new RecordingLink(
                  recorded.address(), recorded.source(), Platform::runLater, listener));
    } else if (addresses.isEmpty()) {
      connect.open(mainWindow());
    }
    return started;
  }

  private void beat(ConsoleModel model) {
    model.tick();
    if (!live && model.selected() != null) {
      live = true;
      LOG.info(
          "the first values are shown {} ms after the start",
          System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime());
    }
  }

  /// What is shown; on the FX thread, after [#start].
  public ConsoleModel model() {
    return Objects.requireNonNull(console, "not started");
  }

  Appearance appearance() {
    return Objects.requireNonNull(look, "not started");
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
