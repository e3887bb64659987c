package dev.baton.service.cli;

import dev.baton.net.Protection;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Finds the instance of a service on this host by an agent's configuration; by `ServiceLoader`.
/// Its methods throw [CommandFailed], saying what is wrong and what to do.
public interface ProtectionDesk {
  /// @param service may be null where the configuration has one only
  Opened open(Path configuration, @Nullable String service);

  /// @param rules file that the configuration names for access rules; null: none
  /// @param openToAll whether the configuration lets in everybody who proves a password
  record Opened(String service, Protection protection, @Nullable Path rules, boolean openToAll) {}

  /// Fails unless this host may give the service back: it is home, and no other agent would take
  /// the service over.
  void checkGivingBack(Path configuration, String service);

  /// Removes the service from coordination.
  void forget(Path configuration, String service);
}
