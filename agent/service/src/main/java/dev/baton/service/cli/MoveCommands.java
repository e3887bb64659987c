package dev.baton.service.cli;

import dev.baton.model.Json;
import dev.baton.model.MoveKind;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.ServiceView;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The commands that plan and run a move. What the operator has seen is what runs: the plan is made
/// first, shown, confirmed, and run by its id, or refused when the state has changed since.
final class MoveCommands {
  private MoveCommands() {}

  static List<Object> all(Terminal terminal) {
    return List.of(new Plan(terminal), new Move(terminal), new Failover(terminal));
  }

  private abstract static class Planning implements Callable<Integer> {
    final Terminal terminal;

    @Mixin Connection connection = new Connection();

    @Parameters(
        arity = "0..1",
        paramLabel = "SERVICE",
        description = "May be left out where there is one only.")
    private @Nullable String service;

    @Option(names = "--to", paramLabel = "HOST", description = "Default: the best standby.")
    private @Nullable String target;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Kept in the history.")
    @Nullable String reason;

    Planning(Terminal terminal) {
      this.terminal = terminal;
    }

    PlanView plan(ControlClient client, @Nullable MoveKind kind) {
      PlanRequest request = new PlanRequest(service(client), kind, target, reason);
      return Json.MAPPER.treeToValue(client.post("/v1/plans", request), PlanView.class);
    }

    private String service(ControlClient client) {
      if (service != null) {
        return service;
      }
      List<String> names =
          Arrays.stream(client.get("/v1/services", ServiceView[].class))
              .map(ServiceView::name)
              .toList();
      if (names.size() != 1) {
        throw new CommandFailed("name the service: there are " + names);
      }
      return names.getFirst();
    }

    void print(Object view) {
      terminal.out().println(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(view));
    }

    static @Nullable String blocker(PlanView plan) {
      if (plan.runnable()) {
        return null;
      }
      return plan.guardrails().stream()
          .filter(guardrail -> guardrail.verdict() == PlanView.Verdict.BLOCK)
          .findFirst()
          .map(
              guardrail ->
                  "%s is %s, needed is %s; %s"
                      .formatted(
                          guardrail.name(),
                          guardrail.value(),
                          guardrail.threshold(),
                          guardrail.remedy()))
          .orElse("the plan cannot be run now");
    }
  }

  @Command(
      name = "plan",
      mixinStandardHelpOptions = true,
      description = "Shows what a move would do now, and what speaks against it. Changes nothing.")
  private static final class Plan extends Planning {
    @Option(
        names = "--kind",
        paramLabel = "KIND",
        description = "switchover or failover; default: what fits.")
    private @Nullable MoveKind kind;

    Plan(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      try (ControlClient client = connection.open(terminal)) {
        PlanView plan = plan(client, kind);
        if (connection.json) {
          print(plan);
        } else {
          MovesText.plan(plan).forEach(terminal.out()::println);
        }
        String blocker = blocker(plan);
        if (blocker != null) {
          throw new CommandFailed("blocked: " + blocker);
        }
        return Baton.DONE;
      }
    }
  }

  private abstract static class Moving extends Planning {
    @Option(
        names = {"-y", "--yes"},
        description = "Do not ask; enough where the plan asks for no name.")
    private boolean yes;

    @Option(
        names = "--confirm",
        paramLabel = "NAME",
        description = "What the plan asks to be typed: the target's name for a forced failover.")
    private @Nullable String confirm;

    Moving(Terminal terminal) {
      super(terminal);
    }

    Integer run(@Nullable MoveKind kind) {
      try (ControlClient client = connection.open(terminal)) {
        PlanView plan = plan(client, kind);
        if (!connection.json) {
          MovesText.plan(plan).forEach(terminal.out()::println);
        }
        String blocker = blocker(plan);
        if (blocker != null) {
          throw new CommandFailed("not moved: " + blocker);
        }
        MoveRequest request = new MoveRequest(plan.id(), confirmation(plan), reason);
        MoveView begun = Json.MAPPER.treeToValue(client.post("/v1/moves", request), MoveView.class);
        MoveView ended = new MoveFollower(terminal, client, !connection.json).follow(begun);
        if (connection.json) {
          print(ended);
        } else {
          MovesText.report(ended).forEach(terminal.out()::println);
        }
        return ended.outcome().equals("done") ? Baton.DONE : Baton.FAILED;
      }
    }

    private @Nullable String confirmation(PlanView plan) {
      String needed = plan.confirmation();
      if (needed == null) {
        agree(plan);
        return null;
      }
      String typed = confirm;
      if (typed == null && terminal.person() && !connection.json) {
        typed = terminal.ask("Type " + Figures.printable(needed) + " to go on: ");
      }
      if (!needed.equals(typed)) {
        throw new CommandFailed(
            typed == null
                ? "not moved: this needs --confirm " + needed
                : "not moved: '" + typed + "' is not '" + needed + "'");
      }
      return typed;
    }

    private void agree(PlanView plan) {
      if (yes || plan.target().equals(confirm)) {
        return;
      }
      if (confirm != null) {
        throw new CommandFailed(
            "not moved: '" + confirm + "' is not the target '" + plan.target() + "'");
      }
      if (!terminal.person() || connection.json) {
        throw new CommandFailed("not moved: nobody can be asked here; add --yes to go on");
      }
      String answer =
          terminal.ask("Move " + plan.service() + " to " + plan.target() + " now? [y/N] ");
      if (answer == null || !List.of("y", "yes").contains(answer.toLowerCase(Locale.ROOT))) {
        throw new CommandFailed("not moved");
      }
    }
  }

  @Command(
      name = "move",
      mixinStandardHelpOptions = true,
      description = "Moves a service to another host, its clients with it, and shows how it goes.")
  private static final class Move extends Moving {
    Move(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      return run(MoveKind.SWITCHOVER);
    }
  }

  @Command(
      name = "failover",
      mixinStandardHelpOptions = true,
      description = {
        "Moves a service away from a host that is presumed dead.",
        "Fences the source first; if it lives, 'move' is the gentler way."
      })
  private static final class Failover extends Moving {
    Failover(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      return run(MoveKind.FAILOVER);
    }
  }
}
