package dev.baton.service.agent;

import dev.baton.model.Json;
import dev.baton.model.view.MoveView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The moves that this agent has run for its services, kept over restarts in one SQLite file.
/// Reading is from memory and may be done by any thread; writing is on the file's own thread. When
/// the disk fails, moves go on and only the history suffers, which is logged.
final class MoveHistory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MoveHistory.class);
  private static final int MAX_KEPT = 1_000;
  private static final String RUNNING = "running";

  private final TreeMap<String, MoveView> moves = new TreeMap<>(); // guarded by itself
  private final ExecutorService file =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("history").factory());
  private final Connection connection;
  private final Consumer<MoveView> ended;

  /// @param ended told each move once, when it has ended
  /// @throws IOException when the file cannot be opened; the message names it
  MoveHistory(Path path, Consumer<MoveView> ended) throws IOException {
    this.ended = ended;
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      connection = DriverManager.getConnection("jdbc:sqlite:" + path);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute(
            "CREATE TABLE IF NOT EXISTS moves (key TEXT PRIMARY KEY, started INTEGER, view TEXT)");
        statement.execute(
            "DELETE FROM moves WHERE key NOT IN (SELECT key FROM moves ORDER BY started DESC LIMIT "
                + MAX_KEPT
                + ")");
        try (ResultSet rows = statement.executeQuery("SELECT key, view FROM moves")) {
          while (rows.next()) {
            MoveView move = Json.MAPPER.readValue(rows.getString(2), MoveView.class);
            moves.put(rows.getString(1), move.outcome().equals(RUNNING) ? brokenOff(move) : move);
          }
        }
      }
    } catch (SQLException e) {
      throw new IOException("cannot open the history of moves in " + path + ": " + e, e);
    }
  }

  /// Nothing tells more of a move that ran here when this agent ended.
  private static MoveView brokenOff(MoveView move) {
    return new MoveView(
        move.id(),
        move.service(),
        move.kind(),
        move.reason(),
        move.actor(),
        move.source(),
        move.target(),
        move.epoch(),
        move.detectMillis(),
        move.totalMillis(),
        move.phases(),
        move.clientsHeld(),
        move.transactionsReplayed(),
        move.requestsReplayed(),
        move.keepAlivesSent(),
        move.clientsFailed(),
        "failed",
        "the agent of its target ended before the move did; see who is home, and in which epoch",
        move.startedAt(),
        move.measuredAt());
  }

  /// Adds a move, or replaces what was known of it; who has acknowledged it stays.
  void put(MoveView move) {
    String key = key(move.service(), move.id());
    MoveView kept;
    boolean hasEnded;
    synchronized (moves) {
      MoveView before = moves.get(key);
      hasEnded =
          !move.outcome().equals(RUNNING) && (before == null || before.outcome().equals(RUNNING));
      kept =
          before == null || before.acknowledged() == null
              ? move
              : move.acknowledged(before.acknowledged());
      moves.put(key, kept);
      while (moves.size() > MAX_KEPT) {
        moves.pollFirstEntry();
      }
    }
    file.execute(() -> write(key, kept));
    if (hasEnded) {
      ended.accept(kept);
    }
  }

  /// Records that somebody has looked at a move.
  ///
  /// @return the move with it; empty when this agent does not keep that move
  Optional<MoveView> acknowledge(String service, long id, MoveView.Acknowledgement by) {
    String key = key(service, id);
    MoveView kept;
    synchronized (moves) {
      MoveView known = moves.get(key);
      if (known == null) {
        return Optional.empty();
      }
      kept = known.acknowledged(by);
      moves.put(key, kept);
    }
    file.execute(() -> write(key, kept));
    return Optional.of(kept);
  }

  private static String key(String service, long id) {
    return "%s %012d".formatted(service, id);
  }

  private void write(String key, MoveView move) {
    try (PreparedStatement statement =
        connection.prepareStatement("INSERT OR REPLACE INTO moves VALUES (?, ?, ?)")) {
      statement.setString(1, key);
      statement.setLong(2, move.startedAt().toEpochMilli());
      statement.setString(3, Json.MAPPER.writeValueAsString(move));
      statement.executeUpdate();
    } catch (SQLException e) {
      LOG.warn("move {} is not in the history on disk: {}", key, e.toString());
    }
  }

  Optional<MoveView> find(String service, long id) {
    synchronized (moves) {
      return Optional.ofNullable(moves.get(key(service, id)));
    }
  }

  /// The moves of one service, oldest first.
  List<MoveView> of(String service) {
    synchronized (moves) {
      return new ArrayList<>(moves.subMap(service + " ", service + "!").values());
    }
  }

  @Override
  public void close() {
    file.execute(
        () -> {
          try {
            connection.close();
          } catch (SQLException e) {
            LOG.warn("the history of moves was not closed: {}", e.toString());
          }
        });
    file.close();
  }
}
