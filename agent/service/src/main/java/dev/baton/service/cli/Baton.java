package dev.baton.service.cli;

import dev.baton.model.Json;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// The program `baton`.
@Command(
    name = "baton",
    mixinStandardHelpOptions = true,
    version = "baton 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    description = "Keeps database clients running while the database behind them changes hosts.",
    footer = {
      "",
      "Exit status: 0 done, 1 refused or failed with a reason, 2 wrong usage.",
      "Commands ask the agent at --connect, at BATON_CONTROL, or at http://127.0.0.1:6434."
    })
public final class Baton {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  private Baton() {}

  public static void main(String[] arguments) {
    System.exit(run(Terminal.ofProcess(), arguments));
  }

  /// Every command with its options, as manual pages, completion and checks of the documents need
  /// it. What a module adds is there when the module is.
  public static CommandLine model() {
    return line(Terminal.ofProcess());
  }

  private static CommandLine line(Terminal terminal) {
    CommandLine line = new CommandLine(new Baton());
    line.addSubcommand(new AgentCommand());
    ViewCommands.all(terminal).forEach(line::addSubcommand);
    MoveCommands.all(terminal).forEach(line::addSubcommand);
    ProtectCommands.all(terminal).forEach(line::addSubcommand);
    PolicyCommands.all(terminal).forEach(line::addSubcommand);
    line.addSubcommand(new DrillCommand(terminal));
    line.addSubcommand(new CompletionCommand());
    for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
      provider.commands().forEach(line::addSubcommand);
    }
    return line;
  }

  /// @return exit status
  static int run(Terminal terminal, String... arguments) {
    CommandLine line = line(terminal);
    line.setOut(terminal.out());
    line.setErr(terminal.err());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setParameterExceptionHandler((problem, _) -> misused(terminal, problem));
    line.setExecutionExceptionHandler(
        (failure, _, parsed) ->
            failed(terminal, failure, parsed.originalArgs().contains("--json")));
    line.setExecutionStrategy(Baton::execute);
    int status = line.execute(arguments);
    terminal.out().flush();
    terminal.err().flush();
    return status;
  }

  private static int execute(ParseResult parsed) {
    if (!parsed.hasSubcommand()
        && !parsed.isUsageHelpRequested()
        && !parsed.isVersionHelpRequested()) {
      throw new ParameterException(parsed.commandSpec().commandLine(), "no command given");
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static int misused(Terminal terminal, ParameterException problem) {
    @Nullable String message = problem.getMessage();
    terminal.err().println("baton: " + (message == null ? "wrong usage" : message));
    terminal
        .err()
        .println("Try '" + problem.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
    return USAGE;
  }

  private static int failed(Terminal terminal, Exception failure, boolean json) throws Exception {
    if (failure instanceof CommandFailed told) {
      terminal.err().println("baton: " + told.getMessage());
      if (json && told.problem() != null) {
        terminal.out().println(Json.MAPPER.writeValueAsString(told.problem()));
      }
      return FAILED;
    }
    throw failure; // a defect of ours: the stack trace is what helps
  }
}
