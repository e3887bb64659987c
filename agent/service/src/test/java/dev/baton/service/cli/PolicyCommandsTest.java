package dev.baton.service.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Policies and maintenance at the terminal.
final class PolicyCommandsTest extends TerminalStage {
  @Test
  void aPolicyIsShownAndChanged() {
    assertThat(baton("policy")).isEqualTo(0);
    assertThat(out.toString()).contains("app   observe   version 0, the default");
    assertThat(baton("policy", "app", "--mode", "automatic", "--high", "70"))
        .as(err.toString())
        .isEqualTo(0);
    assertThat(out.toString()).contains("app   automatic   version 1 by alice");
    assertThat(out.toString()).contains("loaded from 70%");
    assertThat(source.asked).containsExactly("alice: policy of app automatic");
    assertThat(baton("policy", "--mode", "manual")).isEqualTo(1);
    assertThat(err.toString()).contains("name the service");
    assertThat(baton("policy", "nope", "--mode", "manual")).isEqualTo(1);
    assertThat(err.toString()).contains("there is no service 'nope'");
    assertThat(baton("policy", "app", "--mode", "auto")).isEqualTo(1);
    assertThat(err.toString()).contains("manual, observe or automatic");
  }

  @Test
  void maintenanceIsAnnouncedAndEnded() {
    assertThat(baton("maintenance")).isEqualTo(0);
    assertThat(baton("maintenance", "a", "--until", "2026-03-02T12:00:00Z", "--reason", "disk"))
        .isEqualTo(0);
    assertThat(baton("maintenance", "a", "--end")).isEqualTo(0);
    expect(
        """
        no maintenance is announced
        HOST  FROM                  UNTIL                 BY     WHY
        a     2026-03-01T12:00:00Z  2026-03-02T12:00:00Z  alice  disk
        no maintenance is announced
        """);
    assertThat(baton("maintenance", "a", "--until", "tomorrow")).isEqualTo(2);
    assertThat(err.toString()).contains("2026-03-01T22:00:00Z");
  }
}
