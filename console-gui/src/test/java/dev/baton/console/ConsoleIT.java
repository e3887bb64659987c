package dev.baton.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baton.console.fake.Screen;
import dev.baton.console.link.OperatorToken;
import dev.baton.model.Json;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.StatusView;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.util.WaitForAsyncUtils;
import tools.jackson.databind.JsonNode;

/// The failover button against real agents and real databases: the demo runs as a process of its
/// own, as the launcher starts it. Nothing of the agents is on this test's class path; when they
/// were not built in this reactor, it is skipped and says so.
@EnabledOnOs(OS.LINUX)
class ConsoleIT {
  private static final Path LAB =
      Path.of("..", "agent", "lab", "target").toAbsolutePath().normalize();
  private static final Duration READY_WITHIN = Duration.ofMinutes(4);
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(60);
  private static final int IN_SYNC_WITHIN_SECONDS = 120;

  @TempDir Path dir;
  private @Nullable Process demo;
  private @Nullable JsonNode files;

  @BeforeEach
  void startDemo() throws Exception {
    Path classPath = LAB.resolve("baton.classpath");
    assumeTrue(
        Files.isReadable(classPath),
        "agent/lab is not built in this reactor: no real agents to press the button against");
    // as root the databases run as another user, who must be able to pass
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path cluster = dir.resolve("cluster");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            labJar() + File.pathSeparator + Files.readString(classPath).strip(),
            "dev.baton.service.cli.Baton",
            "demo",
            "--headless",
            "--no-load",
            "--dir",
            cluster.toString(),
            "--port-base",
            Integer.toString(freePortBase()));
    Process started =
        builder.redirectErrorStream(true).redirectOutput(dir.resolve("demo.log").toFile()).start();
    demo = started;
    WaitForAsyncUtils.waitFor(
        READY_WITHIN.toSeconds(),
        TimeUnit.SECONDS,
        () -> {
          assertThat(started.isAlive()).as(() -> "the demo ended: " + log()).isTrue();
          return Files.exists(cluster.resolve("demo.json"));
        });
    files = Json.MAPPER.readTree(cluster.resolve("demo.json").toFile());
  }

  @AfterEach
  void stopDemo() throws InterruptedException {
    if (demo != null) {
      demo.destroy();
      if (!demo.waitFor(STOPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        demo.descendants().forEach(ProcessHandle::destroyForcibly);
        demo.destroyForcibly();
      }
    }
  }

  @Test
  void theButtonMovesTheHomeFromAToB() throws Exception {
    OperatorToken token = new OperatorToken(Path.of(file("/operatorTokenFile")));
    URI a = URI.create(file("/hosts/a/controlUrl"));
    URI b = URI.create(file("/hosts/b/controlUrl"));
    assertThat(app(a).home()).isEqualTo("a");
    long epoch = app(a).epoch();

    try (Screen screen = Screen.open(List.of(a), token, dir.resolve("layout"))) {
      screen.await(
          "b is in sync and may be moved to",
          IN_SYNC_WITHIN_SECONDS,
          () -> screen.text("#situation-may-move").equals("Yes, to b."));
      assertThat(screen.text("#situation-home")).contains("at home on a");
      screen.openPlan();
      screen.press("#move-run", "the move runs", () -> screen.there("#move-outcome"));
      screen.await(
          "the move is done",
          IN_SYNC_WITHIN_SECONDS,
          () -> screen.there("#move-outcome") && screen.text("#move-outcome").contains("is done"));
      screen.await(
          "the console shows the new home",
          () -> screen.text("#situation-home").contains("at home on b"));
    }

    ServiceView after = app(b);
    assertThat(after.home()).isEqualTo("b");
    assertThat(after.epoch()).isGreaterThan(epoch);
    MoveView[] moves = get(b, "/v1/moves", MoveView[].class);
    assertThat(moves).isNotEmpty();
    assertThat(moves[0].outcome()).isEqualTo("done");
    assertThat(moves[0].target()).isEqualTo("b");
  }

  private String file(String pointer) {
    return Objects.requireNonNull(files).at(pointer).asString();
  }

  private static ServiceView app(URI agent) throws IOException, InterruptedException {
    return get(agent, "/v1/status", StatusView.class).services().stream()
        .filter(service -> service.name().equals("app"))
        .findFirst()
        .orElseThrow();
  }

  private static <T> T get(URI agent, String path, Class<T> type)
      throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(agent.resolve(path)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return Json.MAPPER.readValue(response.body(), type);
    }
  }

  private static Path labJar() throws IOException {
    try (Stream<Path> jars = Files.list(LAB)) {
      return jars.filter(p -> p.getFileName().toString().matches("lab-[0-9].*(?<!-tests)\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no lab jar in " + LAB));
    }
  }

  /// A base whose neighbours are free as well: the demo takes some thirty ports from it on.
  private static int freePortBase() throws IOException {
    for (int base = 24_000; base < 32_000; base += 100) {
      if (allFree(base)) {
        return base;
      }
    }
    throw new IOException("no hundred free ports between 24000 and 32000");
  }

  private static boolean allFree(int base) {
    for (int port = base; port < base + 30; port++) {
      try (ServerSocket probe = new ServerSocket(port)) {
        assertThat(probe.getLocalPort()).isEqualTo(port);
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  private String log() {
    try {
      return Files.readString(dir.resolve("demo.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
