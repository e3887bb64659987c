package dev.baton.engine.postgres.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a server writes about itself into `postmaster.pid`: line 1 is the id of the main process,
/// line 8 its status, padded with spaces (`src/include/utils/pidfile.h`).
///
/// @param status `starting`, `stopping`, `ready` or `standby`; empty before it is written
record PostmasterFile(long processId, String status) {
  private static final int STATUS_LINE = 7;

  /// The server writes it before it tells any backend to go.
  static final String STOPPING = "stopping";

  /// Empty when there is none, or it is just being written.
  static Optional<PostmasterFile> read(Path dataDirectory) {
    try {
      List<String> lines = Files.readAllLines(dataDirectory.resolve("postmaster.pid"));
      String status = lines.size() > STATUS_LINE ? lines.get(STATUS_LINE).strip() : "";
      return lines.isEmpty()
          ? Optional.empty()
          : Optional.of(new PostmasterFile(Long.parseLong(lines.getFirst().strip()), status));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  boolean isStopping() {
    return status.equals(STOPPING);
  }
}
