package dev.baton.console.view;

import dev.baton.console.model.Severity;
import dev.baton.console.text.Text;
import dev.baton.model.view.HostView;
import dev.baton.model.view.ServiceView;

/// What a host is for a service and how it does, in words.
///
/// @param carries it has an instance of the service, or a vote and a front only when false
record HostHealth(boolean carries, String role, String words, Severity severity) {
  static HostHealth of(HostView host, ServiceView service) {
    boolean home = service.home().equals(host.name());
    String standby =
        service.standbys().stream()
            .filter(s -> s.host().equals(host.name()))
            .map(ServiceView.StandbyView::state)
            .findFirst()
            .orElse("");
    String role =
        home ? Text.HOST_HOME.of() : standby.isEmpty() ? without(host) : Text.HOST_STANDBY.of();
    boolean carries = home || !standby.isEmpty();
    if (!host.agent().equals("up")) {
      return new HostHealth(
          carries,
          role,
          Text.HOST_UNREACHABLE.of(),
          carries ? Severity.CRITICAL : Severity.WARNING);
    }
    String instance =
        host.instances().stream()
            .filter(i -> i.service().equals(service.name()))
            .map(HostView.InstanceView::role)
            .findFirst()
            .orElse("");
    if (carries && (instance.equals("down") || instance.isEmpty())) {
      return new HostHealth(true, role, Text.HOST_DATABASE_DOWN.of(), Severity.CRITICAL);
    }
    if (!home && carries && !standby.equals("in-sync")) {
      return new HostHealth(true, role, standby, Severity.WARNING);
    }
    String words =
        home ? Text.HOST_SERVES.of() : carries ? Text.HOST_IN_SYNC.of() : Text.HOST_UP.of();
    return new HostHealth(carries, role, words, Severity.NORMAL);
  }

  /// A host without the service's data takes clients, or has a vote only.
  private static String without(HostView host) {
    return host.clientAddress() == null ? Text.HOST_WITNESS.of() : Text.HOST_GATEWAY.of();
  }
}
