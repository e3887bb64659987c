package dev.baton.lab.demo;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The console, opened beside the demo where there is a display.
public final class ConsoleWindow {
  private ConsoleWindow() {}

  public static void open(DemoFiles files, PrintWriter out) {
    @Nullable String launcher = System.getenv("BATON_LAUNCHER");
    if (launcher == null || !hasDisplay()) {
      out.println("no display: no console (see --headless)");
      return;
    }
    ProcessBuilder builder =
        new ProcessBuilder(launcher, "console")
            .redirectErrorStream(true)
            .redirectOutput(files.directory().resolve("console.log").toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Map<String, String> environment = builder.environment();
    environment.put("BATON_CONTROL", files.hosts().getFirst().controlUrl());
    environment.put("BATON_TOKEN_FILE", files.operatorToken().toString());
    environment.put("BATON_BUILD", "no");
    try {
      Process console = builder.start();
      // The window belongs to the demo: a console of agents that are gone shows nothing.
      Runtime.getRuntime().addShutdownHook(new Thread(console::destroy, "console-exit"));
    } catch (IOException e) {
      out.println("the console does not open: " + e.getMessage());
    }
  }

  private static boolean hasDisplay() {
    return System.getenv("DISPLAY") != null
        || System.getenv("WAYLAND_DISPLAY") != null
        || !System.getProperty("os.name").startsWith("Linux");
  }
}
