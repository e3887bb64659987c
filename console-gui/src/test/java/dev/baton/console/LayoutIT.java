package dev.baton.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.console.fake.LayoutProbe;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A console is closed and started again, in two processes as with a user.
class LayoutIT {
  private static final String LEFT = "compare=true dark=true";
  private static final int ENDS_WITHIN_SECONDS = 180;

  @TempDir Path dir;

  @Test
  void perspectiveThemeAndKeysAreAsTheyWereLeft() throws Exception {
    assertThat(run("arrange")).contains(LEFT);
    assertThat(run("report")).contains(LEFT);
  }

  private String run(String what) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-D") || option.startsWith("--enable-native"))
        .filter(option -> !option.contains("jacoco"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            LayoutProbe.class.getName(),
            dir.resolve("layout").toString(),
            what));
    Path log = dir.resolve(what + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    String said = Files.readString(log);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
