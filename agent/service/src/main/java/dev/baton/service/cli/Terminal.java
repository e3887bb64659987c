package dev.baton.service.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a command talks to a person: the process's own streams, or a test's.
///
/// @param person true when somebody can be asked and sees what is redrawn
/// @param environment of the process
/// @param clock for the ages that are printed
/// @param pause waits; the only place where a command does
public record Terminal(
    PrintWriter out,
    PrintWriter err,
    BufferedReader in,
    boolean person,
    Map<String, String> environment,
    Clock clock,
    Pause pause) {

  /// Waits.
  @FunctionalInterface
  public interface Pause {
    void await(Duration duration) throws InterruptedException;
  }

  // Whether there is a Console without a terminal differs from one JDK to the next.
  @SuppressWarnings("SystemConsoleNull")
  public static Terminal ofProcess() {
    @Nullable Console console = System.console();
    return new Terminal(
        writer(System.out),
        writer(System.err),
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())),
        console != null && console.isTerminal(),
        System.getenv(),
        Clock.systemUTC(),
        Thread::sleep);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  /// What the person types, without blanks around it; null at the end of input.
  public @Nullable String ask(String question) {
    out.print(question);
    out.flush();
    try {
      String answer = in.readLine();
      return answer == null ? null : answer.strip();
    } catch (IOException e) {
      throw new CommandFailed("cannot read the answer from the terminal: " + e.getMessage(), e);
    }
  }

  void rest(Duration duration) {
    try {
      pause.await(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted", e);
    }
  }
}
