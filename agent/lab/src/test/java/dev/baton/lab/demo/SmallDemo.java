package dev.baton.lab.demo;

import dev.baton.lab.fault.FaultOrder;
import dev.baton.lab.load.Workload;
import dev.baton.model.Durability;
import dev.baton.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Demos as tests want them: in a folder of their own, on ports of their own.
final class SmallDemo {
  static final int PORTS = DemoHost.HIGHEST_OFFSET + 11; // a third database's, too
  private static final long THINK_MICROS = 1_000;

  private SmallDemo() {}

  /// Without a load.
  ///
  /// @param folder made passable: the database's own user must get to its files
  static DemoOptions quiet(Path folder) throws IOException {
    return options(folder, "b", null, 0, List.of());
  }

  /// @param through hosts to whose agents clients connect, separated by commas
  static DemoOptions loaded(Path folder, String through, int seconds, String fault)
      throws IOException {
    return options(
        folder, through, Duration.ofSeconds(seconds), 6, List.of(FaultOrder.parse(fault)));
  }

  private static DemoOptions options(
      Path folder, String through, @Nullable Duration length, int clients, List<FaultOrder> faults)
      throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new DemoOptions(
        folder.resolve("demo"),
        FreePorts.row(PORTS),
        length,
        clients,
        through,
        Workload.LEDGER,
        THINK_MICROS,
        Durability.REPLICATION,
        true,
        faults,
        null,
        null);
  }
}
