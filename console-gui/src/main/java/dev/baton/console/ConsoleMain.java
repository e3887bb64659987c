package dev.baton.console;

import dev.baton.console.link.OperatorToken;
import dev.baton.console.model.Settings;
import dev.baton.console.view.ConnectDialog;
import dev.baton.model.recording.RecordingReader;
import dev.baton.model.tls.PemTls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Starts the console: reads the command line, then the workbench on the FX thread. Not itself a
/// JavaFX application, so that JavaFX may lie on the class path.
@Command(
    name = "console",
    mixinStandardHelpOptions = true,
    description = "Shows clusters and moves services by hand.",
    subcommands = Screenshots.class)
public final class ConsoleMain implements Runnable {
  // held, since a logger that nobody holds forgets its level
  private static final Logger JAVAFX = Logger.getLogger("javafx");

  @Option(
      names = "--connect",
      paramLabel = "URL",
      description =
          "Control interface of an agent; may be given for each cluster. Default: BATON_CONTROL.")
  private List<String> connect = new ArrayList<>();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Holds the operator's token; without it the console can only look."
              + " Default: BATON_TOKEN_FILE.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description =
          "PEM; over https agents' certificates must come from one of these."
              + " Default: BATON_CA_FILE, else those that Java trusts.")
  private @Nullable Path caFile;

  @Option(
      names = "--layout-dir",
      paramLabel = "DIR",
      description = "Keeps the layout between starts (default: ~/.baton/console).")
  private Path layout = Path.of(System.getProperty("user.home"), ".baton", "console");

  @Option(
      names = "--open",
      paramLabel = "FILE",
      description = "Shows a recording ('baton demo --record FILE') instead of what is now.")
  private @Nullable Path open;

  @Option(names = "--dark", description = "Begins dark.")
  private boolean dark;

  @Spec private CommandSpec spec = CommandSpec.create();

  public static void main(String[] args) {
    int status = new CommandLine(new ConsoleMain()).execute(args);
    System.exit(status); // after a failed start e4's and JavaFX's threads would hold the JVM
  }

  @Override
  public void run() {
    Settings.in(layout).language().ifPresent(Locale::setDefault); // before the first text is read
    JAVAFX.setLevel(Level.SEVERE); // it warns of being on the class path, where it is on purpose
    String control = System.getenv("BATON_CONTROL");
    if (connect.isEmpty() && control != null && !control.isBlank()) {
      connect = List.of(control);
    }
    String token = System.getenv("BATON_TOKEN_FILE");
    if (tokenFile == null && token != null && !token.isBlank()) {
      tokenFile = Path.of(token);
    }
    Path recording = open;
    if (recording != null) {
      if (!Files.isReadable(recording)) {
        throw new ParameterException(
            spec.commandLine(), "--open: " + recording + " cannot be read");
      }
      ConsoleApplication.of(
              new ConsoleApplication.Recorded(
                  recording.toUri(), () -> RecordingReader.open(recording)),
              layout,
              dark)
          .runUntilClosed();
      return;
    }
    trustAgents();
    List<URI> addresses = connect.stream().map(this::address).toList();
    new ConsoleApplication(addresses, new OperatorToken(tokenFile), layout, dark).runUntilClosed();
  }

  /// For the whole process, which speaks TLS to agents and to nobody else.
  private void trustAgents() {
    String authorities = System.getenv("BATON_CA_FILE");
    if (caFile == null && authorities != null && !authorities.isBlank()) {
      caFile = Path.of(authorities);
    }
    if (caFile == null) {
      return;
    }
    try {
      SSLContext.setDefault(PemTls.client(caFile, null, null));
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), "--ca-file: " + e.getMessage(), e);
    }
  }

  private URI address(String text) {
    return ConnectDialog.parse(text)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "--connect takes an address like "
                        + ConnectDialog.DEFAULT_ADDRESS
                        + ", not '"
                        + text
                        + "'"));
  }
}
