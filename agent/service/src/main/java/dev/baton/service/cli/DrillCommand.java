package dev.baton.service.cli;

import dev.baton.model.DrillKind;
import dev.baton.model.Json;
import dev.baton.model.view.DrillAbortRequest;
import dev.baton.model.view.DrillRequest;
import dev.baton.model.view.DrillRunRequest;
import dev.baton.model.view.DrillView;
import dev.baton.model.view.PlanView.Guardrail;
import dev.baton.model.view.PlanView.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Plans a drill, shows what it touches, runs it when it is confirmed, and follows it to its end.
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    description = {
      "Causes a failure of a service's home on purpose and tells whether all went as expected.",
      "Without KIND it lists the drills there were. Kinds: switchover, kill-database,"
          + " freeze-database, stop-database.",
      "Runs only where the agent's configuration says drillsArmed: true."
    })
final class DrillCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final int PATIENCE_LOOKS = 300;

  private final Terminal terminal;

  @Mixin private Connection connection = new Connection();

  @Parameters(index = "0", arity = "0..1", paramLabel = "KIND", description = "What is done.")
  private @Nullable DrillKind kind;

  @Parameters(index = "1", arity = "0..1", paramLabel = "SERVICE", description = "To its home.")
  private @Nullable String service;

  @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
  private boolean dryRun;

  @Option(
      names = "--expiry",
      paramLabel = "SECONDS",
      description = "Take back what was done after so long, whatever happens (default: 60).")
  private @Nullable Integer expiry;

  @Option(
      names = "--confirm",
      paramLabel = "SERVICE",
      description = "The name of the service once more, instead of typing it.")
  private @Nullable String confirm;

  @Option(names = "--abort", paramLabel = "ID", description = "Break off a drill that runs.")
  private @Nullable String abort;

  @Option(names = "--report", paramLabel = "ID", description = "Show the report of a drill.")
  private @Nullable String report;

  @Option(names = "--html", paramLabel = "FILE", description = "Write the report as a page, too.")
  private @Nullable Path html;

  DrillCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    try (ControlClient client = connection.open(terminal)) {
      if (abort != null) {
        return show(client, post(client, abort, "/abort", new DrillAbortRequest(null)));
      }
      if (report != null) {
        return show(client, client.get("/v1/drills/" + report, DrillView.class));
      }
      return kind == null ? list(client) : drill(client, kind);
    }
  }

  private int list(ControlClient client) {
    DrillView[] drills = client.get("/v1/drills", DrillView[].class);
    if (connection.json) {
      print(drills);
      return Baton.DONE;
    }
    Table table =
        new Table("").text("DRILL", "KIND", "SERVICE", "AT", "BEGUN", "BY", "OUTCOME", "WHY");
    for (DrillView drill : drills) {
      table.row(
          drill.id(),
          drill.kind(),
          drill.service(),
          drill.home(),
          drill.begunAt() == null ? "" : drill.begunAt(),
          drill.actor(),
          drill.outcome(),
          drill.explanation());
    }
    table.lines().forEach(terminal.out()::println);
    return Baton.DONE;
  }

  private int drill(ControlClient client, DrillKind wanted) {
    if (service == null) {
      throw new CommandFailed("name the service: baton drill " + wanted + " SERVICE");
    }
    DrillView planned =
        Json.MAPPER.treeToValue(
            client.post("/v1/drills", new DrillRequest(wanted, service, expiry)), DrillView.class);
    if (!connection.json || dryRun) {
      showPlan(planned);
    }
    if (!planned.runnable()) {
      throw new CommandFailed("not run: " + blocker(planned));
    }
    if (dryRun) {
      return Baton.DONE;
    }
    DrillRunRequest request = new DrillRunRequest(confirmation(planned));
    DrillView begun = post(client, planned.id(), "/run", request);
    return show(client, follow(client, begun));
  }

  private static DrillView post(ControlClient client, String id, String what, Object body) {
    return Json.MAPPER.treeToValue(client.post("/v1/drills/" + id + what, body), DrillView.class);
  }

  private void showPlan(DrillView drill) {
    if (connection.json) {
      print(drill);
      return;
    }
    terminal
        .out()
        .println(
            "drill %s: %s of %s at %s, %s is expected to take over"
                .formatted(
                    drill.id(), drill.kind(), drill.service(), drill.home(), drill.target()));
    Table table = new Table("  ").text("", "WHAT MUST HOLD", "IS", "WHY");
    for (Guardrail each : drill.preconditions()) {
      table.row(
          each.verdict() == Verdict.PASS ? "pass" : each.verdict().name().toUpperCase(Locale.ROOT),
          each.name(),
          each.value(),
          each.verdict() == Verdict.PASS ? "" : each.why() + "; remedy: " + each.remedy());
    }
    table.lines().forEach(terminal.out()::println);
    DrillView.BlastRadius radius = drill.blastRadius();
    terminal
        .out()
        .println(
            "  touches %d clients, %d open transactions; closes %d sessions; expected stall %s"
                .formatted(
                    radius.clients(),
                    radius.openTransactions(),
                    radius.notMovable(),
                    radius.expectedStallMillis() == null
                        ? "unknown"
                        : Figures.millis(radius.expectedStallMillis())));
    terminal.out().println("  " + radius.explanation());
    terminal
        .out()
        .println("  taken back by itself after " + drill.expirySeconds() + " s at the latest");
  }

  private static String blocker(DrillView drill) {
    return drill.preconditions().stream()
        .filter(each -> each.verdict() == Verdict.BLOCK)
        .findFirst()
        .map(
            each ->
                "%s is %s, needed is %s; %s"
                    .formatted(each.name(), each.value(), each.threshold(), each.remedy()))
        .orElse("it may not be run now");
  }

  private String confirmation(DrillView planned) {
    String typed = confirm;
    if (typed == null && terminal.person() && !connection.json) {
      typed =
          terminal.ask(
              "Type "
                  + Figures.printable(planned.service())
                  + " to cause this failure on purpose: ");
    }
    if (!planned.service().equals(typed)) {
      throw new CommandFailed(
          typed == null
              ? "not run: this needs --confirm " + planned.service()
              : "not run: '" + typed + "' is not '" + planned.service() + "'");
    }
    return planned.service();
  }

  /// The agent that is asked may be away for a while: that is what a drill is about.
  private DrillView follow(ControlClient client, DrillView begun) {
    DrillView drill = begun;
    int shown = 0;
    int silent = 0;
    while (true) {
      for (; shown < drill.steps().size() && !connection.json; shown++) {
        terminal
            .out()
            .println(
                "  %s  %s"
                    .formatted(drill.steps().get(shown).at(), drill.steps().get(shown).what()));
      }
      if (!drill.outcome().equals("running")) {
        return drill;
      }
      terminal.rest(LOOK);
      try {
        drill = client.get("/v1/drills/" + begun.id(), DrillView.class);
        silent = 0;
      } catch (CommandFailed e) {
        if (++silent > PATIENCE_LOOKS) {
          throw e;
        }
      }
    }
  }

  private int show(ControlClient client, DrillView drill) {
    if (connection.json) {
      print(drill);
    } else {
      terminal
          .out()
          .println("drill %s: %s: %s".formatted(drill.id(), drill.outcome(), drill.explanation()));
      if (!drill.expectations().isEmpty()) {
        Table table = new Table("  ").text("", "WHAT", "EXPECTED", "SEEN");
        drill
            .expectations()
            .forEach(
                each ->
                    table.row(
                        each.met() ? "ok" : "NO",
                        each.name(),
                        each.expected(),
                        each.actual() == null ? "nothing" : each.actual()));
        table.lines().forEach(terminal.out()::println);
      }
    }
    writePage(client, drill);
    return List.of("failed", "aborted").contains(drill.outcome()) ? Baton.FAILED : Baton.DONE;
  }

  private void writePage(ControlClient client, DrillView drill) {
    Path file = html;
    if (file == null) {
      return;
    }
    try {
      Files.writeString(file, client.text("/v1/drills/" + drill.id() + "/report"));
    } catch (IOException e) {
      throw new CommandFailed("cannot write " + file + ": " + e, e);
    }
  }

  private void print(Object view) {
    terminal.out().println(Json.MAPPER.writeValueAsString(view));
  }
}
