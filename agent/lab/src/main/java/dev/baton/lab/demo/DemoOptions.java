package dev.baton.lab.demo;

import dev.baton.lab.fault.FaultOrder;
import dev.baton.lab.load.Workload;
import dev.baton.model.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a demo is to be.
///
/// @param directory everything lives in it; made anew
/// @param portBase first of the ports that it takes
/// @param length of the load; null: until interrupted
/// @param clients number of clients; 0 for no load
/// @param through hosts to whose agents the clients connect, separated by commas: each client knows
///   all of them; or `all`
/// @param thinkMicros mean time between a client's transactions
/// @param record where the control stream is recorded to
/// @param tls whether each host has a loopback address of its own, and hosts speak TLS
public record DemoOptions(
    Path directory,
    int portBase,
    @Nullable Duration length,
    int clients,
    String through,
    Workload workload,
    long thinkMicros,
    Durability durability,
    boolean headless,
    List<FaultOrder> faults,
    @Nullable Path report,
    @Nullable Path record,
    boolean tls) {
  private static final int MAX_PORT = 65_535;

  /// @throws IllegalArgumentException saying which option contradicts which
  public DemoOptions {
    faults = List.copyOf(faults);
    if (portBase < 1024 || portBase + DemoHost.HIGHEST_OFFSET > MAX_PORT) {
      throw new IllegalArgumentException(
          "--port-base must be 1024 to " + (MAX_PORT - DemoHost.HIGHEST_OFFSET));
    }
    if (clients < 0) {
      throw new IllegalArgumentException("--clients must not be negative");
    }
    if (!DemoHost.NAMES.containsAll(fronts(through))) {
      throw new IllegalArgumentException(
          "--through must be among " + DemoHost.NAMES + ", or all, not '" + through + "'");
    }
    for (FaultOrder fault : faults) {
      if (length != null && fault.atSeconds() >= length.toSeconds()) {
        throw new IllegalArgumentException(fault + " would come after --seconds");
      }
      if (fault.host() != null && !DemoHost.NAMES.contains(fault.host())) {
        throw new IllegalArgumentException(
            fault + ": there is no host '" + fault.host() + "', only " + DemoHost.NAMES);
      }
    }
  }

  /// As usual on one machine: hosts on one address, in plain text.
  public DemoOptions(
      Path directory,
      int portBase,
      @Nullable Duration length,
      int clients,
      String through,
      Workload workload,
      long thinkMicros,
      Durability durability,
      boolean headless,
      List<FaultOrder> faults,
      @Nullable Path report,
      @Nullable Path record) {
    this(
        directory,
        portBase,
        length,
        clients,
        through,
        workload,
        thinkMicros,
        durability,
        headless,
        faults,
        report,
        record,
        false);
  }

  List<String> fronts() {
    return fronts(through);
  }

  private static List<String> fronts(String text) {
    return text.equals("all") ? DemoHost.NAMES : List.of(text.split(",", -1));
  }
}
