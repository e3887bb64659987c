package dev.baton.service.cli;

import dev.baton.model.Json;
import dev.baton.model.view.AuditCheckView;
import dev.baton.model.view.AuditView;
import dev.baton.service.audit.AuditLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Who changed what, and whether the logs of it are as they were written.
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = {
      "Lists what was changed, by whom, and what came of it, at all agents that answer.",
      "With --verify, has each agent check its log: status 1 when one is not as it was written."
    })
final class AuditCommand extends ViewCommand {
  @Option(names = "--of", paramLabel = "HOST", description = "In the log of this host only.")
  private @Nullable String host;

  @Option(names = "--actor", paramLabel = "NAME", description = "By this one only.")
  private @Nullable String actor;

  @Option(names = "--action", paramLabel = "NAME", description = "Of this kind only.")
  private @Nullable String action;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many.")
  private @Nullable Integer limit;

  @Option(names = "--verify", description = "Check instead of listing.")
  private boolean verify;

  @Option(
      names = "--anchor",
      paramLabel = "HOST:NUMBER:HASH",
      description = "With --verify: a line as it was printed before, which must be there still.")
  private @Nullable String anchor;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "With --verify: the files in an agent's directory, without asking an agent.")
  private @Nullable Path directory;

  AuditCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  String question() {
    return verify
        ? ViewCommands.query("/v1/audit/check", "anchor", anchor)
        : ViewCommands.query(
            "/v1/audit", "host", host, "actor", actor, "action", action, "limit", limit);
  }

  @Override
  public Integer call() {
    if (!verify) {
      return super.call();
    }
    List<AuditCheckView> checks = checks();
    if (json()) {
      terminal.out().println(Json.MAPPER.writeValueAsString(checks));
    } else {
      checkLines(checks).forEach(terminal.out()::println);
    }
    return checks.stream().allMatch(AuditCheckView::intact) ? Baton.DONE : Baton.FAILED;
  }

  private List<AuditCheckView> checks() {
    Path files = directory;
    if (files == null) {
      return List.of(as(answer(), AuditCheckView[].class));
    }
    try {
      String line = anchor == null ? null : anchor.substring(anchor.indexOf(':') + 1);
      return List.of(AuditLog.check(files, line, terminal.clock()));
    } catch (IOException e) {
      throw new CommandFailed("cannot read the audit log in " + files + ": " + e, e);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed("--anchor: a host, a colon, then " + e.getMessage(), e);
    }
  }

  private static List<String> checkLines(List<AuditCheckView> checks) {
    List<String> lines = new ArrayList<>();
    for (AuditCheckView check : checks) {
      lines.add(
          check.problem() == null
              ? "%s: intact, lines %d to %d".formatted(check.host(), check.first(), check.last())
              : "%s: NOT INTACT: %s".formatted(check.host(), check.problem()));
      if (check.intact() && check.last() > 0) {
        lines.add("  anchor %s:%d:%s".formatted(check.host(), check.last(), check.head()));
      }
    }
    return lines;
  }

  @Override
  List<String> lines(JsonNode answer) {
    Table table =
        new Table("")
            .text("AT", "HOST")
            .figure("LINE")
            .text("ACTOR", "ROLE", "FROM", "ACTION", "OF", "RESULT", "WHAT");
    for (AuditView entry : as(answer, AuditView[].class)) {
      table.row(
          entry.at(),
          entry.host(),
          entry.number(),
          entry.actor(),
          entry.role(),
          entry.from(),
          entry.action(),
          entry.subject(),
          entry.result(),
          entry.detail().isEmpty() ? entry.request() : entry.detail());
    }
    return table.lines();
  }
}
