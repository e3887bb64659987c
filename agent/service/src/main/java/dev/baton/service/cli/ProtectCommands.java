package dev.baton.service.cli;

import dev.baton.core.engine.Finding;
import dev.baton.core.engine.Finding.Severity;
import dev.baton.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The commands that take an existing instance of this host over, and give it back. They work on
/// the instance and its files themselves, as the agent's user, not through an agent.
final class ProtectCommands {
  private ProtectCommands() {}

  static List<Object> all(Terminal terminal) {
    return List.of(new Protect(terminal), new Unprotect(terminal));
  }

  private abstract static class OnInstance implements Callable<Integer> {
    final Terminal terminal;

    @Parameters(
        arity = "0..1",
        paramLabel = "SERVICE",
        description = "May be left out where the configuration has one only.")
    private @Nullable String service;

    @Option(
        names = {"-c", "--config"},
        required = true,
        paramLabel = "FILE",
        description = "Configuration of this host's agent.")
    Path configuration = Path.of("baton.yaml");

    @Option(
        names = {"-y", "--yes"},
        description = "Do not ask.")
    private boolean sure;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    OnInstance(Terminal terminal) {
      this.terminal = terminal;
    }

    ProtectionDesk desk() {
      return ServiceLoader.load(ProtectionDesk.class)
          .findFirst()
          .orElseThrow(
              () -> new CommandFailed("this installation has no agent, only the commands"));
    }

    ProtectionDesk.Opened open() {
      return desk().open(configuration, service);
    }

    @Override
    public Integer call() {
      try {
        return run();
      } catch (IOException e) {
        throw new CommandFailed(String.valueOf(e.getMessage()), e);
      }
    }

    abstract int run() throws IOException;

    void confirm(String question) {
      if (sure) {
        return;
      }
      if (!terminal.person()) {
        throw new CommandFailed("nobody can be asked here: give --yes");
      }
      if (!"yes".equals(terminal.ask(question + " Type yes: "))) {
        throw new CommandFailed("not confirmed; nothing was done");
      }
    }

    /// For a person; with `--json` everything comes in one object at the end.
    void say(List<String> sentences) {
      if (!json) {
        sentences.forEach(terminal.out()::println);
      }
    }

    void print(Object view) {
      terminal.out().println(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(view));
    }
  }

  @Command(
      name = "protect",
      mixinStandardHelpOptions = true,
      description = {
        "Takes an existing instance of this host over, after a check. The server is stopped in",
        "order once; this host's agent, started next, starts it again, and seeds the standby."
      })
  private static final class Protect extends OnInstance {
    @ArgGroup private Only only = new Only();

    @Option(
        names = "--target",
        paramLabel = "FILE",
        description = "What 'protect --facts' printed on the standby's host.")
    private @Nullable Path target;

    /// What is done instead of taking over.
    private static final class Only {
      @Option(names = "--check", description = "Check, and change nothing.")
      private boolean check;

      @Option(names = "--facts", description = "Print what this host has, for --target.")
      private boolean facts;

      @Option(
          names = "--sql",
          description = "Print the commands for a superuser that make the agents' role.")
      private boolean sql;
    }

    Protect(Terminal terminal) {
      super(terminal);
    }

    @Override
    int run() throws IOException {
      ProtectionDesk.Opened opened = open();
      if (only.facts) {
        terminal.out().println(opened.protection().hostFacts());
        return Baton.DONE;
      }
      if (only.sql) {
        terminal.out().print(opened.protection().roleScript());
        return Baton.DONE;
      }
      if (opened.protection().isTakenOver()) {
        throw new CommandFailed(opened.service() + " is taken over already: start the agent");
      }
      List<Finding> findings =
          opened.protection().check(target == null ? null : Files.readString(target));
      say(lines(findings));
      Map<String, Object> told = new LinkedHashMap<>();
      told.put("service", opened.service());
      long blocking = count(findings, Severity.BLOCKS);
      told.put("blocked", blocking > 0);
      told.put("findings", findings);
      try {
        if (blocking > 0) {
          throw new CommandFailed(
              opened.service() + " cannot be protected: mend what blocks (" + blocking + ")");
        }
        if (!only.check) {
          told.put("done", takeOver(opened));
        }
      } finally {
        if (json) {
          print(told);
        }
      }
      return Baton.DONE;
    }

    private List<String> takeOver(ProtectionDesk.Opened opened) throws IOException {
      if (opened.openToAll()) {
        throw new CommandFailed(
            "without access rules everybody who proves a password would get in: name a file in"
                + " services[].accessFile, which is made of pg_hba.conf, or rules in access");
      }
      confirm("The server is stopped now and all of its clients with it.");
      List<String> done = opened.protection().takeOver(opened.rules());
      say(done);
      say(List.of("Disable what has started the server until now, and start the agent."));
      return done;
    }

    private static List<String> lines(List<Finding> findings) {
      Table table = new Table("").text("", "what", "where", "found");
      for (Finding finding : findings) {
        table.row(
            finding.severity().name().toLowerCase(Locale.ROOT),
            finding.what(),
            finding.where(),
            finding.found());
        if (!finding.remedy().isEmpty()) {
          table.row("", "", "", "-> " + finding.remedy());
        }
      }
      List<String> lines = new ArrayList<>(table.lines());
      lines.add(
          "%d block, %d warn, %d pass"
              .formatted(
                  count(findings, Severity.BLOCKS),
                  count(findings, Severity.WARNS),
                  count(findings, Severity.PASSES)));
      return lines;
    }

    private static long count(List<Finding> findings, Severity severity) {
      return findings.stream().filter(each -> each.severity() == severity).count();
    }
  }

  @Command(
      name = "unprotect",
      mixinStandardHelpOptions = true,
      description = {
        "Gives an instance back that 'protect' took over: settings, access rules and roles are as",
        "before. Run it at the home, when the service's agents are stopped."
      })
  private static final class Unprotect extends OnInstance {
    Unprotect(Terminal terminal) {
      super(terminal);
    }

    @Override
    int run() throws IOException {
      ProtectionDesk.Opened opened = open();
      if (!opened.protection().isTakenOver()) {
        throw new CommandFailed(
            opened.service() + " was not taken over on this host, or was given back already");
      }
      ProtectionDesk desk = desk();
      desk.checkGivingBack(configuration, opened.service());
      confirm("The agents' role is dropped, and clients come to the instance itself again.");
      // First, so that what breaks off in the middle can be done again.
      desk.forget(configuration, opened.service());
      List<String> done = opened.protection().giveBack();
      say(done);
      say(List.of("Start the server as before. Its standbys' copies can be deleted."));
      if (json) {
        print(Map.of("service", opened.service(), "done", done));
      }
      return Baton.DONE;
    }
  }
}
