package dev.baton.engine.postgres.instance;

import dev.baton.net.Engine.InstanceSettings;
import java.io.IOException;
import java.time.Duration;

/// Makes a running server read its settings again, and knows when it has.
final class Reload {
  private static final Duration POLL = Duration.ofMillis(2);

  private Reload() {}

  /// Returns when every process of the server has at least been signalled. A new session inherits
  /// the load time from the main process, which reads the settings, signals all its children, and
  /// only then forks again.
  static void of(AdminSession admin, InstanceSettings settings, Duration bound) throws IOException {
    String before = loadTime(admin);
    admin.ask("SELECT pg_catalog.pg_reload_conf()");
    long deadline = System.nanoTime() + bound.toNanos();
    while (true) {
      try (AdminSession fresh = AdminSession.open(settings)) {
        if (!loadTime(fresh).equals(before)) {
          return;
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "the server has not read its settings within " + bound.toMillis() + " ms");
      }
      Pause.of(POLL);
    }
  }

  private static String loadTime(AdminSession session) throws IOException {
    return String.valueOf(session.ask("SELECT pg_catalog.pg_conf_load_time()"));
  }
}
