package dev.baton.core.route;

import dev.baton.model.Durability;
import java.util.List;

/// Where a service's work goes now. Changes are told to every front in order; `epoch` never falls.
public sealed interface RouteState {
  long epoch();

  /// Work goes to `home`. A session whose backend is of an older epoch restores itself there first.
  ///
  /// @param standbys hosts on which a twin may be kept, in order of preference
  record Open(long epoch, String home, List<String> standbys, Durability durability)
      implements RouteState {}

  /// A planned move is near: requests within an open transaction go on for `graceMillis`, requests
  /// that would begin a new one are held. `home` still serves.
  record Draining(long epoch, String home, long graceMillis) implements RouteState {}

  /// Nothing is passed on. The backend of `epoch` is gone or must be dropped; the next `Open` has a
  /// higher epoch, unless the move is undone.
  record Held(long epoch, String reason) implements RouteState {}
}
