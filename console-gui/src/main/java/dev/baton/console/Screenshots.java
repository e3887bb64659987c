package dev.baton.console;

import dev.baton.console.chart.StripChart;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.LinkState;
import dev.baton.console.rcp.Workbench;
import dev.baton.model.recording.RecordingReader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.SnapshotParameters;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.Region;
import javafx.scene.transform.Transform;
import javafx.stage.Stage;
import javafx.stage.Window;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Renders every perspective from a recorded cluster, without a display: light and dark, in single
/// and double resolution. What is drawn is the real application with real measurements.
@Command(
    name = "screenshots",
    mixinStandardHelpOptions = true,
    description = "Renders every perspective of the console to PNG files.")
final class Screenshots implements Callable<Integer> {
  private static final String RECORDED = "recorded.jsonl.gz";
  private static final long READ_BOUND_MILLIS = 60_000;
  private static final long POLL_MILLIS = 50;
  private static final int SETTLE_TURNS = 4;

  @Parameters(paramLabel = "DIR", description = "Where the pictures go.")
  private Path directory = Path.of("screenshots");

  @Option(
      names = "--recording",
      paramLabel = "FILE",
      description = "What is shown; else the recording that comes along.")
  private @Nullable Path recording;

  @Option(
      names = "--at",
      paramLabel = "SECONDS",
      description = "Moment of the recording, from its beginning; else its end.")
  private @Nullable Integer atSeconds;

  @Option(names = "--width", defaultValue = "1600", description = "Default: ${DEFAULT-VALUE}.")
  private int width;

  @Option(names = "--height", defaultValue = "1000", description = "Default: ${DEFAULT-VALUE}.")
  private int height;

  @Override
  public Integer call() throws Exception {
    System.setProperty("glass.platform", "Headless");
    System.setProperty("prism.order", "sw");
    Files.createDirectories(directory);
    Path layout = Files.createTempDirectory("baton-screenshots-");
    try {
      Platform.startup(() -> Platform.setImplicitExit(false));
      ConsoleApplication application =
          ConsoleApplication.of(
              new ConsoleApplication.Recorded(address(), this::open), layout, false);
      Workbench workbench = onFx(application::start);
      awaitRead(application);
      if (atSeconds != null) {
        long offset = TimeUnit.SECONDS.toMillis(atSeconds);
        onFx(
            () -> {
              ConsoleModel model = application.model();
              model.time().showAt(model.time().firstMillis().orElse(0) + offset);
              return null;
            });
      }
      pictures(application, workbench);
      onFx(
          () -> {
            application.stop();
            return null;
          });
    } finally {
      Platform.exit();
      delete(layout);
    }
    return 0;
  }

  private URI address() {
    return recording == null ? URI.create("recording:" + RECORDED) : recording.toUri();
  }

  private RecordingReader open() throws IOException {
    if (recording != null) {
      return RecordingReader.open(recording);
    }
    InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(RECORDED), RECORDED);
    return RecordingReader.open(in, RECORDED);
  }

  private static void awaitRead(ConsoleApplication application)
      throws IOException, InterruptedException, ExecutionException {
    long deadline = System.currentTimeMillis() + READ_BOUND_MILLIS;
    while (!onFx(() -> application.model().time().isPast())) {
      LinkState state = onFx(() -> application.model().clusters().getFirst().linkState());
      if (state instanceof LinkState.Broken broken) {
        throw new IOException(broken.reason());
      }
      if (System.currentTimeMillis() > deadline) {
        throw new IOException("not read within " + READ_BOUND_MILLIS + " ms");
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private void pictures(ConsoleApplication application, Workbench workbench) throws Exception {
    Scene scene = onFx(() -> large(application));
    for (String theme : new String[] {"light", "dark"}) {
      for (String perspective : onFx(workbench::perspectives)) {
        onFx(
            () -> {
              application.appearance().show(theme.equals("dark"));
              workbench.showPerspective(perspective);
              return null;
            });
        String name = perspective.substring(perspective.lastIndexOf('.') + 1);
        for (int scale = 1; scale <= 2; scale++) {
          int by = scale;
          onFx(
              () -> {
                sharpen(scene.getRoot(), by);
                return null;
              });
          settle(application, workbench, scene);
          WritableImage image = onFx(() -> picture(scene, by));
          Path file = directory.resolve("%s-%s-%dx.png".formatted(name, theme, scale));
          write(image, file);
          System.out.println(file);
        }
      }
    }
  }

  private static void sharpen(Node node, int pixels) {
    if (node instanceof StripChart chart) {
      chart.setSharpness(pixels);
    } else if (node instanceof Parent parent) {
      parent.getChildrenUnmodifiable().forEach(child -> sharpen(child, pixels));
    }
  }

  /// The headless screen is small: the window's contents are laid out in a scene of their own.
  private Scene large(ConsoleApplication application) {
    Scene shown = window().getScene();
    Parent root = shown.getRoot();
    shown.setRoot(new Region());
    Scene scene = new Scene(root, width, height);
    application.appearance().dress(scene);
    return scene;
  }

  /// No window lays this scene out: it is done here, with a tick between in which charts redraw,
  /// and turns of the event loop for what the workbench has put off.
  private static void settle(ConsoleApplication application, Workbench workbench, Scene scene)
      throws InterruptedException, ExecutionException {
    for (int turn = 0; turn < SETTLE_TURNS; turn++) {
      onFx(
          () -> {
            scene.getRoot().applyCss();
            scene.getRoot().layout();
            workbench.layOutAnew();
            application.model().tick();
            scene.getRoot().applyCss();
            scene.getRoot().layout();
            return null;
          });
    }
  }

  private static Stage window() {
    return (Stage)
        Window.getWindows().stream()
            .filter(window -> window instanceof Stage stage && stage.getOwner() == null)
            .findFirst()
            .orElseThrow();
  }

  private static WritableImage picture(Scene scene, int scale) {
    SnapshotParameters parameters = new SnapshotParameters();
    parameters.setTransform(Transform.scale(scale, scale));
    parameters.setFill(scene.getFill());
    return scene.getRoot().snapshot(parameters, null);
  }

  private static void write(WritableImage image, Path file) throws IOException {
    int w = (int) image.getWidth();
    int h = (int) image.getHeight();
    int[] pixels = new int[w * h];
    image.getPixelReader().getPixels(0, 0, w, h, PixelFormat.getIntArgbInstance(), pixels, 0, w);
    BufferedImage buffered = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    buffered.setRGB(0, 0, w, h, pixels, 0, w);
    ImageIO.write(buffered, "png", file.toFile());
  }

  private static <T> T onFx(Callable<T> task) throws InterruptedException, ExecutionException {
    FutureTask<T> future = new FutureTask<>(task);
    Platform.runLater(future);
    return future.get();
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
