package dev.baton.service.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Drills at the terminal.
final class DrillCommandsTest extends TerminalStage {
  @Test
  void aDrillIsShownConfirmedFollowedAndReported() throws IOException {
    Path page = folder.resolve("report.html");
    assertThat(
            baton("drill", "kill-database", "app", "--confirm", "app", "--html", page.toString()))
        .isEqualTo(0);
    expect(
        """
        drill a-1: kill-database of app at a, b is expected to take over
                WHAT MUST HOLD  IS   WHY
          pass  armed           yes
          touches 16 clients, 4 open transactions; closes 1 sessions; expected stall 60.0 ms
          app is without a standby meanwhile
          taken back by itself after 60 s at the latest
          2026-03-01T12:00:00Z  the main process 4711 was killed
        drill a-1: passed: all went as <expected>
              WHAT             EXPECTED      SEEN
          ok  home             b             b
          NO  protected again  within 300 s  nothing
        """);
    assertThat(source.asked)
        .containsExactly("alice: drill kill-database app", "alice: run a-1 confirmed app");
    assertThat(Files.readString(page)).startsWith("<!doctype html>");
    source.drills.outcome = "failed";
    assertThat(baton("drill", "kill-database", "app", "--confirm", "app")).isEqualTo(1);
  }

  @Test
  void aDryRunDoesNothing() {
    assertThat(baton("drill", "kill-database", "app", "--dry-run")).isEqualTo(0);
    source.drills.armed = false;
    assertThat(baton("drill", "kill-database", "app", "--dry-run")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "baton: not run: armed is no, needed is yes; set drillsArmed: true");
    assertThat(source.asked).noneMatch(asked -> asked.contains("run"));
  }

  @Test
  void aDrillNeedsTheServicesName() {
    assertThat(baton("drill", "kill-database", "app")).isEqualTo(1);
    assertThat(err.toString()).contains("not run: this needs --confirm app");
    assertThat(baton("drill", "kill-database", "app", "--confirm", "shop")).isEqualTo(1);
    assertThat(baton("drill", "rm-rf", "app")).isEqualTo(2);
    assertThat(err.toString()).contains("rm-rf");
    assertThat(source.asked).noneMatch(asked -> asked.contains("run"));
  }

  @Test
  void drillsAreListedAndBrokenOff() {
    assertThat(baton("drill")).isEqualTo(0);
    assertThat(out.toString()).contains("a-1    kill-database  app      a");
    assertThat(baton("drill", "--abort", "a-1")).isEqualTo(0);
    assertThat(source.asked).containsExactly("alice: abort a-1 ()");
  }
}
