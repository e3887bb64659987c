package dev.baton.service.drill;

import dev.baton.model.DrillKind;
import dev.baton.model.view.AlarmView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.ServiceView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// What drills need of the agent they run in.
public interface DrillSite {
  /// Whether this agent's configuration allows drills, now.
  boolean armed();

  /// What a switchover of the service would meet now.
  ///
  /// @throws RuntimeException when it cannot be planned at all; the message says why
  PlanView plan(String service, String actor);

  Optional<ServiceView> service(String name);

  List<AlarmView> alarms();

  /// Newest first.
  List<MoveView> moves();

  /// Does it to the local instance, or orders the move. Blocks.
  ///
  /// @return what was done
  String harm(DrillKind kind, String service, String actor) throws IOException;

  /// Takes back what is left of it. Blocks.
  ///
  /// @return what was done
  String heal(String service) throws IOException;
}
