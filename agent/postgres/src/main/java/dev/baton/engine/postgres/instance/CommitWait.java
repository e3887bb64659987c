package dev.baton.engine.postgres.instance;

import dev.baton.net.Engine.InstanceSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;

/// Knows when a changed `synchronous_standby_names` holds for every commit. Reading the settings is
/// not enough, since two other processes act on them.
final class CommitWait {
  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(10);
  private static final int ROUNDS = 2;

  private CommitWait() {}

  /// Returns when every later commit waits for the members that the settings file names.
  ///
  /// @param before members until now
  static void change(
      AdminSession admin, InstanceSettings settings, Set<String> before, Set<String> members)
      throws IOException {
    Reload.of(admin, settings, BOUND);
    if (members.isEmpty()) {
      return; // whoever waits is released as soon as the checkpointer has seen it
    }
    if (before.isEmpty()) {
      // Whether commits wait at all is a flag that the checkpointer sets when it takes the new
      // settings in, which it does before it begins a checkpoint asked for after them.
      admin.ask("CHECKPOINT");
    } else if (!before.equals(members)) {
      awaitSenders(admin);
    }
  }

  /// For whom a commit waits is known to the process that sends the log to a member, and releases
  /// the commit. It takes new settings in before it reads a member's next reply.
  private static void awaitSenders(AdminSession admin) throws IOException {
    long deadline = System.nanoTime() + BOUND.toNanos();
    for (int round = 0; round < ROUNDS; round++) {
      Set<String> seen = replies(admin);
      while (!Collections.disjoint(seen, replies(admin))) {
        if (System.nanoTime() > deadline) {
          throw new IOException("a member has not answered within " + BOUND.toMillis() + " ms");
        }
        Pause.of(POLL);
      }
    }
  }

  private static Set<String> replies(AdminSession admin) throws IOException {
    String replies =
        admin.ask(
            "SELECT pg_catalog.string_agg(pid || ' ' || reply_time, ',')"
                + " FROM pg_catalog.pg_stat_replication WHERE sync_state <> 'async'");
    return replies == null ? Set.of() : Set.of(replies.split(","));
  }
}
