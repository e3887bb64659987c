package dev.baton.engine.postgres.instance;

import dev.baton.net.Engine.InstanceSettings;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs the server's programs on one data directory, as the server's user.
///
/// @param logFolder where the server writes its log
record ServerProgram(
    ServerBinaries binaries, ServerUser user, InstanceSettings settings, Path logFolder) {
  private static final long MAX_LOG_BYTES = 16L << 20;
  private static final int TAIL_BYTES = 2000;
  private static final long PROGRAM_SECONDS = 120;

  /// The returned process is the server's main process itself. It has a session of its own, so that
  /// an interrupt typed at the agent's terminal does not stop the server behind the agent's back.
  Process start() throws IOException {
    Path log = log();
    Files.createDirectories(logFolder);
    if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
      Files.move(log, logFolder.resolve("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(log)) {
      Files.createFile(log);
    }
    user.own(logFolder); // a base backup, which the server itself makes, reads it too
    for (Path folder : ServerSettings.socketFolder(settings)) {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(
          folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
      user.own(folder);
      forgetSocket(folder);
    }
    List<String> command = new ArrayList<>();
    Path setsid = Path.of("/usr/bin/setsid");
    if (Files.isExecutable(setsid)) {
      command.add(setsid.toString());
    }
    command.addAll(user.prefix());
    command.add(binaries.postgres().toString());
    command.add("-D");
    command.add(data());
    return process(command).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
  }

  /// Left behind by a server that was killed; its process, or another that has got its id, may be
  /// there, and the next server would take that for one that uses the socket and refuse to start.
  /// Nobody else has anything in this folder.
  private void forgetSocket(Path folder) throws IOException {
    String socket = ".s.PGSQL." + settings.port();
    Files.deleteIfExists(folder.resolve(socket));
    Files.deleteIfExists(folder.resolve(socket + ".lock"));
  }

  /// Creates the database. The password goes through a file that nobody else can read.
  void initialize(List<String> options) throws IOException {
    Path data = settings.dataDirectory().toAbsolutePath();
    user.checkReachable(data.resolve("postgresql.conf"));
    Path password = Files.createTempFile("baton-", ".init");
    try {
      Files.writeString(password, settings.adminPassword() + "\n");
      user.own(password);
      List<String> command = new ArrayList<>(user.prefix());
      command.addAll(
          List.of(
              binaries.initdb().toString(),
              "--pgdata=" + data,
              "--username=" + settings.adminUser(),
              "--pwfile=" + password,
              "--auth=scram-sha-256",
              "--encoding=UTF8",
              "--locale=C",
              // a promotion copies the last segment before it lets anybody write
              "--wal-segsize=4",
              "--no-instructions"));
      command.addAll(options);
      output(process(command), "initdb");
    } finally {
      Files.delete(password);
    }
  }

  /// In single-user mode, in the database `postgres`; a line each.
  void runAlone(List<String> sql) throws IOException {
    Path input = Files.createTempFile("baton-", ".sql");
    try {
      Files.write(input, sql);
      List<String> command = new ArrayList<>(user.prefix());
      command.add(binaries.postgres().toString());
      command.addAll(
          List.of("--single", "-D", data(), "-c", "synchronous_standby_names=", "postgres"));
      String said = output(process(command).redirectInput(input.toFile()), "postgres --single");
      if (said.contains("ERROR:") || said.contains("FATAL:")) {
        throw new IOException("single-user mode: " + said);
      }
    } finally {
      Files.delete(input);
    }
  }

  private String data() {
    return settings.dataDirectory().toAbsolutePath().toString();
  }

  /// The end of the server's log, for error messages.
  String logTail() {
    try {
      byte[] bytes = Files.readAllBytes(log());
      int from = Math.max(0, bytes.length - TAIL_BYTES);
      return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "(no server log: " + e.getMessage() + ")";
    }
  }

  private Path log() {
    return logFolder.resolve("server.log");
  }

  /// @return what a program that ends by itself has written
  static String output(ProcessBuilder program, String name) throws IOException {
    Path output = Files.createTempFile("baton-", ".out");
    try {
      Process process = program.redirectOutput(output.toFile()).start();
      try {
        boolean ended = process.waitFor(PROGRAM_SECONDS, TimeUnit.SECONDS);
        String said = Files.readString(output).strip();
        if (!ended || process.exitValue() != 0) {
          throw new IOException(name + " failed: " + said);
        }
        return said;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while running " + name, e);
      } finally {
        process.destroyForcibly();
      }
    } finally {
      Files.delete(output);
    }
  }

  private ProcessBuilder process(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(new File("/"))
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true);
    // Settings of a client library's user have no business in the server, and a locale that is not
    // installed makes it refuse to start.
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("TZ", "UTC");
    return builder;
  }
}
