package dev.baton.service.cli;

import dev.baton.model.Json;
import dev.baton.model.MovePolicy;
import dev.baton.model.MovePolicy.Mode;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.PolicyRequest;
import dev.baton.model.view.PolicyView;
import dev.baton.model.view.WhyView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.JsonNode;

/// The commands about moves that a policy decides: what it would do and why not, the policy itself,
/// and maintenance that is announced.
final class PolicyCommands {
  private PolicyCommands() {}

  static List<Object> all(Terminal terminal) {
    return List.of(new Why(terminal), new Policy(terminal), new Maintenance(terminal));
  }

  @Command(
      name = "why",
      mixinStandardHelpOptions = true,
      description =
          "Tells what would happen now: if the home failed, and why no move has happened.")
  private static final class Why extends ViewCommand {
    @Parameters(arity = "0..1", paramLabel = "SERVICE", description = "This service only.")
    private @Nullable String service;

    Why(Terminal terminal) {
      super(terminal);
    }

    @Override
    String question() {
      return "/v1/why" + (service == null ? "" : "?service=" + encoded(service));
    }

    @Override
    List<String> lines(JsonNode answer) {
      return whyLines(as(answer, WhyView[].class));
    }
  }

  static List<String> whyLines(WhyView... all) {
    List<String> lines = new ArrayList<>();
    for (WhyView why : all) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      lines.add("%s   home %s   policy %s".formatted(why.service(), why.home(), why.mode()));
      lines.add("  if the home failed now: " + why.ifHomeFailedNow());
      lines.add("  " + why.summary());
      why.needs()
          .forEach(
              need ->
                  lines.add(
                      "  need: %s since %s: %s"
                          .formatted(need.need(), need.since(), need.explanation())));
      if (!why.obstacles().isEmpty()) {
        Table table = new Table("  ").text("IN THE WAY", "OF HOST", "IS", "WANTED", "WHAT TO DO");
        why.obstacles()
            .forEach(
                each ->
                    table.row(
                        each.name(),
                        each.host() == null ? "all" : each.host(),
                        each.value(),
                        each.threshold(),
                        each.remedy()));
        lines.addAll(table.lines());
      }
    }
    return lines.isEmpty() ? List.of("no home's agent can be reached") : lines;
  }

  @Command(
      name = "policy",
      mixinStandardHelpOptions = true,
      description =
          "Shows when a service is moved for load, configuration or maintenance; with options,"
              + " changes it.")
  private static final class Policy implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private Connection connection = new Connection();

    @Parameters(arity = "0..1", paramLabel = "SERVICE", description = "Needed for a change.")
    private @Nullable String service;

    @Option(names = "--mode", paramLabel = "MODE", description = "manual, observe or automatic.")
    private @Nullable String mode;

    @Option(
        names = "--high",
        paramLabel = "PERCENT",
        description = "A host is loaded from here on.")
    private @Nullable Double high;

    @Option(names = "--low", paramLabel = "PERCENT", description = "And no longer below this.")
    private @Nullable Double low;

    @Option(names = "--sustain", paramLabel = "SECONDS", description = "How long a need must last.")
    private @Nullable Long sustain;

    @Option(
        names = "--min-gain",
        paramLabel = "POINTS",
        description = "By which the busier host must become less busy.")
    private @Nullable Double minGain;

    @Option(names = "--min-between", paramLabel = "SECONDS", description = "Between two moves.")
    private @Nullable Long minBetween;

    @Option(names = "--max-lag", paramLabel = "BYTES", description = "Of a target.")
    private @Nullable Long maxLag;

    @Option(
        names = "--max-risk",
        paramLabel = "SECONDS",
        description = "Age of log that a target's memory may lack.")
    private @Nullable Double maxRisk;

    @Option(
        names = "--prefer",
        split = ",",
        paramLabel = "HOST",
        description = "Hosts, the best first; an empty word for none.")
    private @Nullable List<String> prefer;

    Policy(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try (ControlClient client = connection.open(terminal)) {
        PolicyRequest request = request();
        if (request.equals(PolicyRequest.NOTHING)) {
          show(client.get("/v1/policies"));
          return Baton.DONE;
        }
        if (service == null) {
          throw new CommandFailed("name the service whose policy is to change");
        }
        JsonNode changed = client.post("/v1/policies/" + encoded(service), request);
        show(Json.MAPPER.createArrayNode().add(changed));
        return Baton.DONE;
      }
    }

    private PolicyRequest request() {
      return new PolicyRequest(
          null,
          mode == null ? null : parsed(mode),
          high,
          low,
          sustain,
          minGain,
          minBetween,
          maxLag,
          maxRisk,
          prefer == null ? null : prefer.stream().filter(host -> !host.isBlank()).toList(),
          null);
    }

    private static Mode parsed(String text) {
      try {
        return Mode.parse(text);
      } catch (IllegalArgumentException e) {
        throw new CommandFailed(String.valueOf(e.getMessage()), e);
      }
    }

    private void show(JsonNode policies) {
      if (connection.json) {
        terminal
            .out()
            .println(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(policies));
        return;
      }
      for (PolicyView view : Json.MAPPER.treeToValue(policies, PolicyView[].class)) {
        if (service == null || view.service().equals(service)) {
          policyLines(view).forEach(terminal.out()::println);
        }
      }
    }
  }

  static List<String> policyLines(PolicyView view) {
    MovePolicy policy = view.policy();
    return List.of(
        "%s   %s   version %d%s"
            .formatted(
                view.service(),
                policy.mode(),
                policy.version(),
                view.changedBy().isEmpty()
                    ? ", the default"
                    : " by " + view.changedBy() + " at " + view.changedAt()),
        "  loaded from %.0f%%, no longer below %.0f%%, for %d s"
            .formatted(policy.highPercent(), policy.lowPercent(), policy.sustainSeconds()),
        "  a move gains at least %.0f points; %d s between two moves"
            .formatted(policy.minGainPercent(), policy.minSecondsBetweenMoves()),
        "  a target lags at most %d bytes, its memory %.1f s"
            .formatted(policy.maxLagBytes(), policy.maxRiskSeconds()),
        "  prefers "
            + (policy.preferred().isEmpty() ? "no host" : String.join(", ", policy.preferred()))
            + "; moves "
            + (policy.windows().isEmpty() ? "at any time" : "in " + policy.windows()));
  }

  @Command(
      name = "maintenance",
      mixinStandardHelpOptions = true,
      description = {
        "Lists announced maintenance; with a host, announces it or ends it.",
        "Services with an automatic policy leave the host five minutes before it begins."
      })
  private static final class Maintenance implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private Connection connection = new Connection();

    @Parameters(arity = "0..1", paramLabel = "HOST")
    private @Nullable String host;

    @Option(
        names = "--from",
        paramLabel = "TIME",
        converter = Moment.class,
        description = "Like 2026-03-01T22:00:00Z (default: now).")
    private @Nullable Instant from;

    @Option(
        names = "--until",
        paramLabel = "TIME",
        converter = Moment.class,
        description = "Default: until it is ended.")
    private @Nullable Instant until;

    @Option(names = "--reason", paramLabel = "TEXT", description = "For those who see it.")
    private @Nullable String reason;

    @Option(names = "--end", description = "It is over.")
    private boolean end;

    Maintenance(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try (ControlClient client = connection.open(terminal)) {
        if (host != null) {
          MaintenanceRequest request =
              end
                  ? new MaintenanceRequest(null, Instant.EPOCH, reason)
                  : new MaintenanceRequest(from, until, reason);
          client.post("/v1/maintenance/" + encoded(host), request);
        } else if (end || from != null || until != null || reason != null) {
          throw new CommandFailed("name the host");
        }
        JsonNode announced = client.get("/v1/maintenance");
        if (connection.json) {
          terminal
              .out()
              .println(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(announced));
        } else {
          maintenanceLines(Json.MAPPER.treeToValue(announced, MaintenanceView[].class))
              .forEach(terminal.out()::println);
        }
        return Baton.DONE;
      }
    }
  }

  static List<String> maintenanceLines(MaintenanceView... all) {
    if (all.length == 0) {
      return List.of("no maintenance is announced");
    }
    Table table = new Table("").text("HOST", "FROM", "UNTIL", "BY", "WHY");
    for (MaintenanceView announced : all) {
      table.row(
          announced.host(),
          announced.from().toString(),
          announced.until() == null ? "it is ended" : announced.until().toString(),
          announced.announcedBy(),
          announced.why());
    }
    return table.lines();
  }

  private static final class Moment implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      try {
        return Instant.parse(text);
      } catch (DateTimeParseException e) {
        throw new TypeConversionException(
            "'" + text + "' is no time; write it like 2026-03-01T22:00:00Z");
      }
    }
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
