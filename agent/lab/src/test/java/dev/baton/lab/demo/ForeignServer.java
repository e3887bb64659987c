package dev.baton.lab.demo;

import dev.baton.engine.postgres.instance.ServerBinaries;
import dev.baton.engine.postgres.instance.ServerUser;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A PostgreSQL server as somebody has it who has never heard of Baton.
final class ForeignServer implements AutoCloseable {
  static final String SUPERUSER = "postgres";
  static final String PASSWORD = "the administrator's";
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);

  private final int port;
  private final Process process;

  private ForeignServer(int port, Process process) {
    this.port = port;
    this.process = process;
  }

  /// @param settings lines of postgresql.conf
  /// @param rules lines of pg_hba.conf
  static void create(Path data, List<String> settings, List<String> rules) throws IOException {
    ServerUser user = ServerUser.find();
    Files.createDirectories(data);
    user.own(data);
    Path password = Files.createTempFile("foreign-", ".pw");
    try {
      Files.writeString(password, PASSWORD);
      user.own(password);
      Process initdb =
          process(
              user,
              data,
              List.of(
                  program("initdb"),
                  "--pgdata=" + data,
                  "--username=" + SUPERUSER,
                  "--pwfile=" + password,
                  "--auth=scram-sha-256",
                  "--encoding=UTF8",
                  "--locale=C",
                  "--no-sync"));
      if (!wait(initdb) || initdb.exitValue() != 0) {
        throw new IOException(Files.readString(log(data)));
      }
    } finally {
      Files.delete(password);
    }
    Files.write(data.resolve("postgresql.conf"), settings, StandardOpenOption.APPEND);
    Files.write(data.resolve("pg_hba.conf"), rules);
  }

  /// @param options of the command line
  static ForeignServer start(Path data, int port, List<String> options) throws IOException {
    ServerUser user = ServerUser.find();
    List<String> command = new ArrayList<>(List.of(program("postgres"), "-D", data.toString()));
    command.addAll(options);
    ForeignServer server = new ForeignServer(port, process(user, data, command));
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (true) {
      try {
        server.connect("postgres", SUPERUSER, PASSWORD).close();
        return server;
      } catch (SQLException e) {
        if (!server.process.isAlive() || System.nanoTime() > deadline) {
          server.close();
          throw new IOException(e.getMessage() + "\n" + Files.readString(log(data)), e);
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
  }

  private static String program(String name) throws IOException {
    return ServerBinaries.find(null).bin().resolve(name).toString();
  }

  private static Process process(ServerUser user, Path data, List<String> words)
      throws IOException {
    List<String> command = new ArrayList<>(user.prefix());
    command.addAll(words);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(new File("/"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(data).toFile()));
    builder.environment().put("LC_ALL", "C");
    return builder.start();
  }

  private static Path log(Path data) {
    return data.resolveSibling(data.getFileName() + ".foreign.log");
  }

  private static boolean wait(Process process) throws IOException {
    try {
      return process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  Connection connect(String database, String role, String password) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, role, password);
  }

  void run(String database, String sql) throws SQLException {
    try (Connection connection = connect(database, SUPERUSER, PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// Rows as texts, their columns separated by blanks.
  List<String> ask(String database, String sql) throws SQLException {
    try (Connection connection = connect(database, SUPERUSER, PASSWORD)) {
      return ask(connection, sql);
    }
  }

  static List<String> ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.add(rows.getString(i));
        }
        found.add(String.join(" ", row));
      }
      return found;
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// Fast shutdown.
  @Override
  public void close() throws IOException {
    dev.baton.engine.postgres.instance.Signals.send(
        process.pid(), dev.baton.engine.postgres.instance.Signals.INTERRUPT);
    if (!wait(process)) {
      process.destroyForcibly();
    }
  }
}
