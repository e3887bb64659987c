package dev.baton.core.engine;

import dev.baton.core.memory.Memory;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/// A kind of database, found by `ServiceLoader` under its name. Makes the parts of one service on
/// one host.
public interface Engine {
  /// As it stands in a configuration: `postgresql`.
  String name();

  Instance instance(Settings settings);

  LogSource logSource(Settings settings, Memory memory, Executor memoryThread);

  LogRelay logRelay(Settings settings, Memory memory, Executor memoryThread);

  /// @param service name of the service
  /// @param host name of this host
  /// @param port of the local instance on the loopback address
  /// @param relayPort where the local instance finds the relay; 0 chooses a free one
  /// @param adminUser role with which agents administer the instance
  record Settings(
      String service,
      String host,
      Path dataDirectory,
      int port,
      int relayPort,
      String adminUser,
      String adminPassword) {}
}
