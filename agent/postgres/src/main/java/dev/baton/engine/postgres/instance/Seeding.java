package dev.baton.engine.postgres.instance;

import dev.baton.model.LogPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntConsumer;

/// Copies the home's database into an empty folder.
@FunctionalInterface
public interface Seeding {
  /// @return where the log must be received from
  LogPosition copy(long epoch, String home, Path into, IntConsumer progressPercent)
      throws IOException;
}
