package dev.baton.core.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Chunks in a SQLite file of which one platform thread is the only user. The file is disposable: a
/// memory never outlives its agent, so it is deleted when it is opened and when it is closed, and
/// nothing is synced. Its queue is bounded by the log's share of RAM, since a chunk counts there
/// until it is written.
final class SqliteSpill implements Spill {
  private final Path file;
  private final Executor memoryThread;
  private final ExecutorService diskThread;
  private @Nullable Connection connection;

  SqliteSpill(Path file, Executor memoryThread) {
    this.file = file;
    this.memoryThread = memoryThread;
    deleteFile();
    this.diskThread =
        Executors.newSingleThreadExecutor(
            task ->
                Thread.ofPlatform().daemon().name("spill " + file.getFileName()).unstarted(task));
  }

  @Override
  public void write(long position, byte[] chunk, Consumer<@Nullable Exception> done) {
    submit(
        () -> {
          Exception failure = attempt(() -> insert(position, chunk));
          memoryThread.execute(() -> done.accept(failure));
        });
  }

  @Override
  public void read(long position, Loaded loaded) {
    submit(
        () -> {
          byte[][] chunk = new byte[1][];
          Exception failure = attempt(() -> chunk[0] = select(position));
          memoryThread.execute(() -> loaded.chunk(failure == null ? chunk[0] : null, failure));
        });
  }

  /// A failure is passed over: it only leaves bytes in a file that is thrown away, and the next
  /// write will say that the file is broken.
  @Override
  public void deleteBefore(long position) {
    submit(() -> attempt(() -> update("DELETE FROM chunk WHERE position < ?", position)));
  }

  @Override
  public void clear() {
    submit(() -> attempt(() -> update("DELETE FROM chunk WHERE position >= ?", 0)));
  }

  @Override
  public void close() {
    submit(
        () -> {
          attempt(
              () -> {
                if (connection != null) {
                  connection.close();
                }
              });
          deleteFile();
        });
    diskThread.shutdown();
  }

  private void submit(Runnable task) {
    try {
      diskThread.execute(task);
    } catch (RejectedExecutionException closed) {
      // Only after close, when no chunk is wanted any more.
      return;
    }
  }

  private void insert(long position, byte[] chunk) throws SQLException {
    try (PreparedStatement statement =
        open().prepareStatement("INSERT INTO chunk (position, bytes) VALUES (?, ?)")) {
      statement.setLong(1, ordered(position));
      statement.setBytes(2, chunk);
      statement.executeUpdate();
    }
  }

  private byte[] select(long position) throws SQLException {
    try (PreparedStatement statement =
        open().prepareStatement("SELECT bytes FROM chunk WHERE position = ?")) {
      statement.setLong(1, ordered(position));
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          throw new SQLException("no chunk at " + Long.toHexString(position) + " in " + file);
        }
        return rows.getBytes(1);
      }
    }
  }

  private void update(String sql, long position) throws SQLException {
    try (PreparedStatement statement = open().prepareStatement(sql)) {
      statement.setLong(1, ordered(position));
      statement.executeUpdate();
    }
  }

  /// Positions are unsigned, SQLite's integers are signed: this keeps their order.
  private static long ordered(long position) {
    return position ^ Long.MIN_VALUE;
  }

  /// Opens the file with the first chunk, so that a memory that never spills costs no file.
  private Connection open() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = DriverManager.getConnection("jdbc:sqlite:" + file);
      try (Statement statement = open.createStatement()) {
        statement.execute("PRAGMA page_size = 32768");
        statement.execute("PRAGMA journal_mode = OFF");
        statement.execute("PRAGMA synchronous = OFF");
        statement.execute("PRAGMA locking_mode = EXCLUSIVE");
        statement.execute("CREATE TABLE chunk (position INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
      }
      connection = open;
    }
    return open;
  }

  private void deleteFile() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete the old spill file " + file, e);
    }
  }

  private static @Nullable Exception attempt(SqlTask task) {
    try {
      task.run();
      return null;
    } catch (SQLException e) {
      return e;
    }
  }

  @FunctionalInterface
  private interface SqlTask {
    void run() throws SQLException;
  }
}
