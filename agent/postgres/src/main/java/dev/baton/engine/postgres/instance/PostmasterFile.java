package dev.baton.engine.postgres.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a server writes about itself into `postmaster.pid`: line 1 is the id of the main process,
/// line 4 its port, line 8 its status, padded with spaces (`src/include/utils/pidfile.h`).
///
/// @param port 0 before it is written
/// @param status `starting`, `stopping`, `ready` or `standby`; empty before it is written
record PostmasterFile(long processId, int port, String status) {
  private static final int PORT_LINE = 3;
  private static final int STATUS_LINE = 7;

  /// The server writes it before it tells any backend to go.
  static final String STOPPING = "stopping";

  /// Empty when there is none, or it is just being written.
  static Optional<PostmasterFile> read(Path dataDirectory) {
    try {
      List<String> lines = Files.readAllLines(dataDirectory.resolve("postmaster.pid"));
      int port = lines.size() > PORT_LINE ? Integer.parseInt(lines.get(PORT_LINE).strip()) : 0;
      String status = lines.size() > STATUS_LINE ? lines.get(STATUS_LINE).strip() : "";
      return lines.isEmpty()
          ? Optional.empty()
          : Optional.of(new PostmasterFile(Long.parseLong(lines.getFirst().strip()), port, status));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  boolean isStopping() {
    return status.equals(STOPPING);
  }
}
