package dev.baton.console.model;

import dev.baton.model.view.SessionView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How many of a service's sessions could come along in a move now, and why the others could not.
///
/// @param sessionsPercent of the sessions could be moved now; null when there is none
public record Readiness(@Nullable Double sessionsPercent, List<Immovable> immovable) {
  public static Readiness of(ServiceModel service) {
    List<SessionView> sessions =
        service.cluster().sessions().stream()
            .filter(session -> session.service().equals(service.name()))
            .toList();
    long movable = sessions.stream().filter(session -> session.movability().movable()).count();
    return new Readiness(
        sessions.isEmpty() ? null : 100.0 * movable / sessions.size(), Immovable.of(sessions));
  }
}
