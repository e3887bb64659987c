package dev.baton.console;

import dev.baton.console.fake.FakeAgent;
import dev.baton.console.fake.LargeCluster;
import dev.baton.console.fake.Screen;
import dev.baton.console.link.OperatorToken;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javafx.animation.AnimationTimer;
import javafx.scene.control.ToggleButton;
import org.testfx.util.WaitForAsyncUtils;

/// Measures the console with 100 hosts, 10,000 sessions and an hour of history in each chart, while
/// values of every host and of 500 sessions change four times a second: for each perspective the
/// time between frames, and what a frame costs the FX thread. Run by hand, `docs/console-speed.md`
/// says how; as an argument, the seconds for each perspective.
public final class ConsoleBench {
  private static final int HOSTS = 100;
  private static final int SESSIONS = 10_000;
  private static final int HISTORY_SECONDS = 3_600;
  private static final int SETTLE_SECONDS = 3;
  private static final double NANOS_PER_MILLI = 1e6;

  private ConsoleBench() {}

  public static void main(String[] args) {
    try {
      run(args);
      System.exit(0);
    } catch (Exception e) {
      e.printStackTrace(); // the toolkit's threads would hold a JVM that only throws
      System.exit(1);
    }
  }

  private static void run(String[] args) throws Exception {
    int seconds = args.length == 0 ? 10 : Integer.parseInt(args[0]);
    LargeCluster cluster = new LargeCluster(HOSTS, SESSIONS);
    Path layout = Files.createTempDirectory("baton-bench-");
    ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor();
    try (FakeAgent agent = new FakeAgent(() -> cluster.snapshot(HISTORY_SECONDS + 1));
        Screen screen = Screen.open(List.of(agent.url()), new OperatorToken(null), layout)) {
      screen.await("all sessions", () -> sessions(screen) == SESSIONS);
      for (int ago = HISTORY_SECONDS; ago > 0; ago--) {
        int before = ago;
        agent.send(() -> cluster.past(before));
      }
      screen.await("an hour of history", () -> history(screen) >= HISTORY_SECONDS - 2);
      beat.scheduleAtFixedRate(() -> agent.send(cluster::delta), 250, 250, TimeUnit.MILLISECONDS);
      System.out.printf(
          Locale.ROOT,
          "%d hosts, %d sessions, %d s of history; %d s each; heap %d MB in use%n",
          HOSTS,
          SESSIONS,
          HISTORY_SECONDS,
          seconds,
          usedMegabytes());
      System.out.println(
          "                 frames      interval ms  p50   p95   p99   max   FX thread ms/frame "
              + " p50   p95   p99   max");
      for (String perspective : List.of("watch", "move", "history", "compare")) {
        WaitForAsyncUtils.waitForAsyncFx(
            60_000,
            () ->
                screen.workbench().showPerspective("dev.baton.console.perspective." + perspective));
        hour(screen);
        measure(perspective, seconds);
      }
    } finally {
      beat.shutdownNow();
    }
  }

  private static int sessions(Screen screen) {
    return screen.model().clusters().getFirst().sessionRows().size();
  }

  private static int history(Screen screen) {
    return screen.model().clusters().getFirst().hosts().getLast().history().cpuPercent().size();
  }

  private static long usedMegabytes() {
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  /// Charts over the whole hour, where there are any.
  private static void hour(Screen screen) {
    WaitForAsyncUtils.waitForAsyncFx(
        60_000,
        () ->
            screen
                .robot()
                .lookup("#span-3600")
                .queryAll()
                .forEach(button -> ((ToggleButton) button).fire()));
  }

  private static void measure(String name, int seconds)
      throws InterruptedException, TimeoutException {
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    Frames frames = new Frames();
    WaitForAsyncUtils.waitForAsyncFx(60_000, frames::start);
    TimeUnit.SECONDS.sleep(seconds);
    WaitForAsyncUtils.waitForAsyncFx(60_000, frames::stop);
    System.out.printf(
        Locale.ROOT,
        "%-16s %6d %18s %s %25s %s%n",
        name,
        frames.count,
        "",
        percentiles(frames.intervals, frames.count),
        "",
        percentiles(frames.costs, frames.count));
  }

  private static String percentiles(double[] all, int count) {
    double[] sorted = Arrays.copyOf(all, count);
    Arrays.sort(sorted);
    StringBuilder text = new StringBuilder();
    for (double part : new double[] {0.5, 0.95, 0.99, 1}) {
      double value = count == 0 ? 0 : sorted[Math.min(count - 1, (int) (part * count))];
      text.append(String.format(Locale.ROOT, "%6.1f", value));
    }
    return text.toString();
  }

  /// Takes down each frame: when it came, and the processor time of the FX thread since the last.
  private static final class Frames extends AnimationTimer {
    private static final int MOST = 100_000;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final double[] intervals = new double[MOST];
    private final double[] costs = new double[MOST];
    private long lastNanos;
    private long lastCpuNanos;
    private int count;

    @Override
    public void handle(long ignored) {
      long now = System.nanoTime();
      long cpu = threads.getCurrentThreadCpuTime();
      if (lastNanos != 0 && count < MOST) {
        intervals[count] = (now - lastNanos) / NANOS_PER_MILLI;
        costs[count] = (cpu - lastCpuNanos) / NANOS_PER_MILLI;
        count++;
      }
      lastNanos = now;
      lastCpuNanos = cpu;
    }
  }
}
