package dev.baton.core.engine;

import dev.baton.model.LogPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The local database server: its processes, its data directory and its administration. Only its
/// host's agent has one. Methods block and are called from virtual threads, one at a time, except
/// `kill` and `state`, which may be called from any thread at any time.
public interface Instance extends AutoCloseable {
  /// Creates an empty database with the administrative role, where there is none yet.
  void initialize() throws IOException;

  /// True when the data directory holds a database.
  boolean exists();

  /// Puts aside what is in the data directory and copies the home's into it, ready to start as a
  /// standby that follows the local relay.
  ///
  /// @param progressPercent told 0 to 100 as the copy goes on
  /// @return where the log must be received from
  LogPosition seed(long epoch, String home, IntConsumer progressPercent) throws IOException;

  /// Starts the server and returns when it takes connections. What it starts as, primary or
  /// standby, is what the data directory says.
  void start() throws IOException;

  /// Orderly stop: sessions are ended, the log is complete.
  void stop(Duration bound) throws IOException;

  /// Ends every process of the server at once and returns when none of them lives. After it nothing
  /// of this instance can write. Works on a frozen server.
  void kill() throws IOException;

  /// Makes a standby the primary and returns when it takes writes, on the log up to and including
  /// what it has flushed.
  void promote(Duration bound) throws IOException;

  /// Makes a stopped former primary, with nothing written past `fork`, or a standby, follow the
  /// local relay at its next start.
  void followRelay() throws IOException;

  /// From now on a commit is held until each of `members` has acknowledged its log; with none,
  /// commits wait for nobody. Returns when every later commit obeys.
  ///
  /// @return the end of the log at that time: what is before it may not have waited
  LogPosition requireAcknowledgement(Set<String> members) throws IOException;

  /// End of the log that is written (primary), or replayed (standby).
  LogPosition position() throws IOException;

  /// `position` as of the last sign of life, some 100 ms old at most while the server answers; zero
  /// before the first. From any thread, without waiting.
  LogPosition observedPosition();

  /// End of the last complete record of the log on disk, without starting the server. Null when
  /// there is no database, or when the end cannot be told.
  @Nullable LogPosition endOfLog() throws IOException;

  /// Whether a transaction that was under way when the life before the present one ended had
  /// committed. Only for ids that were given in that life; a later one that was given the same id
  /// is not mistaken for it. Blocks.
  ///
  /// @return empty when it cannot be told
  default Optional<Boolean> committedBefore(long transaction) throws IOException {
    return Optional.empty();
  }

  State state();

  /// Null until it was started or seeded.
  @Nullable Identity identity();

  /// Called once for each time the server goes, from any thread, as early as it is known.
  void onGoing(Consumer<Going> listener);

  /// Asks the live server whether it is going down, without waiting for it: used to tell one ended
  /// backend from a server that takes its leave.
  boolean goingDown();

  @Override
  void close();

  enum State {
    ABSENT,
    STOPPED,
    STARTING,
    PRIMARY,
    STANDBY,
    STOPPING
  }

  /// @param systemId same on home and standby
  /// @param processId of the server's main process
  record Identity(String systemId, long timeline, String version, int port, long processId) {}

  /// Why the server is no longer there for clients.
  ///
  /// @param lastSignOfLifeNanos `System.nanoTime()` of it
  record Going(Cause cause, String explanation, long lastSignOfLifeNanos) {
    public enum Cause {
      /// Its main process ended without an order.
      DIED,
      /// It lives but has answered nothing within the bound.
      FROZEN,
      /// Somebody stops it in order.
      STOPPING
    }
  }
}
