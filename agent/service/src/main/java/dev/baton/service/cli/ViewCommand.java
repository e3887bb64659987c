package dev.baton.service.cli;

import dev.baton.model.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// A command that asks one question and prints the answer, once or again and again.
abstract class ViewCommand implements Callable<Integer> {
  final Terminal terminal;

  @Mixin private Connection connection = new Connection();

  @Option(
      names = {"-w", "--watch"},
      description = "Show it again and again until interrupted; with --json one line each time.")
  private boolean watch;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      description = "Between two looks of --watch (default: ${DEFAULT-VALUE}).")
  private double intervalSeconds = 1;

  @Option(names = "--times", paramLabel = "N", description = "End --watch after so many looks.")
  private @Nullable Integer times;

  ViewCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /// Path and query.
  abstract String question();

  abstract List<String> lines(JsonNode answer);

  @Override
  public Integer call() {
    try (ControlClient client = connection.open(terminal)) {
      if (!watch) {
        show(client);
        return Baton.DONE;
      }
      for (int look = 1; ; look++) {
        showAgain(client);
        if (times != null && look >= times) {
          return Baton.DONE;
        }
        terminal.rest(Duration.ofMillis(Math.round(Math.max(0.1, intervalSeconds) * 1e3)));
      }
    }
  }

  boolean json() {
    return connection.json;
  }

  /// The answer, once.
  JsonNode answer() {
    try (ControlClient client = connection.open(terminal)) {
      return client.get(question());
    }
  }

  private void show(ControlClient client) {
    JsonNode answer = client.get(question());
    if (connection.json) {
      terminal
          .out()
          .println(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(answer));
    } else {
      lines(answer).forEach(terminal.out()::println);
    }
  }

  /// An agent that is away for a while, as during a move, does not end the watching.
  private void showAgain(ControlClient client) {
    List<String> screen = new ArrayList<>();
    try {
      JsonNode answer = client.get(question());
      if (connection.json) {
        terminal.out().println(Json.MAPPER.writeValueAsString(answer));
        return;
      }
      screen.addAll(lines(answer));
    } catch (CommandFailed e) {
      if (connection.json) {
        terminal.err().println("baton: " + e.getMessage());
        return;
      }
      screen.add("! " + e.getMessage());
    }
    if (terminal.person()) {
      terminal.out().print("\u001b[H\u001b[2J");
    }
    screen.forEach(terminal.out()::println);
    terminal.out().flush();
  }

  static <T> T as(JsonNode answer, Class<T> type) {
    return Json.MAPPER.treeToValue(answer, type);
  }
}
