package dev.baton.service.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The files of an audit log: `audit.log`, and older ones named by the number of their last line,
/// `audit-000000000250.log`, which nothing but an operator puts away.
record AuditFiles(Path directory) {
  private static final String OLDER = "audit-[0-9]{12}\\.log";

  Path current() {
    return directory.resolve("audit.log");
  }

  /// Lines from the oldest to the newest.
  void read(Consumer<String> lines) throws IOException {
    for (Path file : oldestFirst()) {
      // What is no UTF-8 is replaced, and so found to be no entry, where a stricter reader would
      // fail.
      try (BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          lines.accept(line);
        }
      }
    }
  }

  private List<Path> oldestFirst() throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> all = Files.list(directory)) {
        all.filter(file -> file.getFileName().toString().matches(OLDER))
            .sorted()
            .forEach(files::add);
      }
    }
    if (Files.exists(current())) {
      files.add(current());
    }
    return files;
  }

  /// Takes off what an agent that died in the middle of a line has left of it: nobody was answered
  /// for that line.
  ///
  /// @return how many bytes
  long cutTornLine() throws IOException {
    if (!Files.exists(current())) {
      return 0;
    }
    try (FileChannel file =
        FileChannel.open(current(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long end = file.size();
      ByteBuffer one = ByteBuffer.allocate(1);
      long whole = end;
      while (whole > 0) {
        one.clear();
        int read = file.read(one, whole - 1);
        if (read == 1 && one.get(0) == '\n') {
          break;
        }
        whole--;
      }
      file.truncate(whole);
      return end - whole;
    }
  }

  /// Opened for appending; readable by its owner alone from its first moment on.
  FileChannel append() throws IOException {
    if (!Files.exists(current())) {
      Files.createFile(
          current(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    return FileChannel.open(current(), StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  /// Puts the current file among the older ones.
  void rotate(long lastNumber) throws IOException {
    Files.move(current(), directory.resolve("audit-%012d.log".formatted(lastNumber)));
  }

  /// Puts all files where they can be looked at, and none is in the way of a new log.
  ///
  /// @return where
  Path putAside(long nowMillis) throws IOException {
    Path aside = Files.createDirectory(directory.resolve("audit-broken-" + nowMillis));
    for (Path file : oldestFirst()) {
      Files.move(file, aside.resolve(file.getFileName()));
    }
    return aside;
  }

  static byte[] bytes(String line) {
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
