package dev.baton.service.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.Json;
import dev.baton.model.view.Problem;
import dev.baton.service.control.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Usage, help, and where a command finds its agent and its token.
final class CliTest extends TerminalStage {
  @Test
  void shellsAreTaughtCommandsOptionsAndValues() {
    assertThat(baton("completion")).isEqualTo(0);
    assertThat(out.toString())
        .contains("function _picocli_baton_drill()")
        .contains("--token-file")
        .contains("freeze-database");
  }

  @Test
  void refusalsAreSentencesAndForProgramsProblems() {
    source.refusal = Refused.changed("b is no longer in sync; make a new plan");
    assertThat(baton("plan", "--json")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("baton: plan changed: b is no longer in sync; make a new plan");
    assertThat(Json.MAPPER.readValue(out.toString(), Problem.class).status()).isEqualTo(409);
  }

  @Test
  void withoutATokenItSaysWhereToGiveOne() {
    assertThat(batonWith(Map.of("BATON_CONTROL", server.url()), "move", "-y")).isEqualTo(1);
    assertThat(err.toString()).contains("token needed").contains("--token-file");
  }

  @Test
  void triesTheNextAgentWhenOneIsGone() {
    String gone = "http://127.0.0.1:1";
    assertThat(baton("status", "--connect", gone, "--connect", server.url())).isEqualTo(0);
    assertThat(baton("status", "--connect", gone)).isEqualTo(1);
    assertThat(err.toString()).contains("no agent answers at " + gone + "; start one");
  }

  @Test
  void aDemoTellsAddressesAndToken() throws IOException {
    Files.writeString(
        folder.resolve("demo.json"),
        Json.MAPPER.writeValueAsString(
            Map.of(
                "hosts",
                Map.of(
                    "a", Map.of("controlUrl", "http://127.0.0.1:1"),
                    "b", Map.of("controlUrl", server.url())),
                "operatorTokenFile",
                token.toString())));
    movesEnd("done");
    assertThat(batonWith(Map.of(), "move", "--yes", "--demo", folder.toString())).isEqualTo(0);
    assertThat(batonWith(Map.of(), "status", "--demo", folder.toString(), "--host", "b"))
        .isEqualTo(0);
    assertThat(batonWith(Map.of(), "status", "--demo", folder.toString(), "--host", "c"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("has no host 'c'");
  }

  @ParameterizedTest
  @CsvSource({
    "'', no command given",
    "stauts, Unmatched argument",
    "status --colour, Unknown option",
    "sessions --limit many, Invalid value",
    "plan --kind swap, Invalid value",
    "agent, Missing required option",
  })
  void wrongUsageIsTwo(String line, String message) {
    assertThat(baton(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(message).contains("--help");
  }

  @Test
  void helpNamesEveryCommand() {
    assertThat(baton("--help")).isEqualTo(0);
    assertThat(out.toString())
        .contains(
            "agent",
            "status",
            "positions",
            "sessions",
            "memory",
            "history",
            "plan",
            "move",
            "failover");
  }
}
