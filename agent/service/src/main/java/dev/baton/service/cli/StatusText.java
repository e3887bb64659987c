package dev.baton.service.cli;

import dev.baton.model.view.AlarmView;
import dev.baton.model.view.HostView;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.StatusView;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// `status` for people: what is abnormal first.
final class StatusText {
  private StatusText() {}

  static List<String> lines(StatusView status) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "cluster %s   asked agent %s %s   coordination %s   %s"
            .formatted(
                status.cluster(),
                status.host(),
                status.version(),
                status.coordination(),
                status.measuredAt()));
    warnings(status).forEach(lines::add);
    lines.add("");
    lines.addAll(services(status).lines());
    lines.add("");
    lines.addAll(hosts(status).lines());
    return lines;
  }

  private static List<String> warnings(StatusView status) {
    List<String> warnings = new ArrayList<>();
    if (!status.coordination().equals("connected")) {
      warnings.add(
          "! coordination is " + status.coordination() + ": nothing moves until it is back");
    }
    for (AlarmView alarm : status.alarms()) {
      warnings.add(
          "! %s of %s on %s since %s: %s; %s"
              .formatted(
                  alarm.name(),
                  alarm.service(),
                  alarm.host(),
                  alarm.since(),
                  alarm.what(),
                  alarm.remedy()));
    }
    for (ServiceView service : status.services()) {
      if (service.runningMove() != null) {
        warnings.add("> " + service.name() + " is moving (move " + service.runningMove() + ")");
      } else if (!service.phase().equals("open")) {
        warnings.add("! " + service.name() + " serves no clients: " + service.phase());
      }
      if (!service.protectedNow()) {
        String reason = service.unprotectedReason();
        warnings.add(
            "! "
                + service.name()
                + " is not protected: "
                + (reason == null ? "no reason told" : reason));
      }
    }
    for (HostView host : status.hosts()) {
      if (!host.agent().equals("up")) {
        warnings.add("! the agent of " + host.name() + " is " + host.agent());
      }
    }
    return warnings.stream().map(Figures::printable).toList();
  }

  private static Table services(StatusView status) {
    Table table =
        new Table("")
            .text("SERVICE", "HOME")
            .figure("EPOCH")
            .text("PHASE", "DURABILITY", "PROTECTED")
            .figure("CLIENTS", "COMMITS/S")
            .text("STANDBYS");
    for (ServiceView service : status.services()) {
      table.row(
          service.name(),
          service.home(),
          Figures.count(service.epoch()),
          service.phase(),
          service.durability(),
          service.protectedNow() ? "yes" : "NO",
          Figures.count(service.clients()),
          Figures.count(Math.round(service.transactionsPerSecond())),
          standbys(service) + Figures.staleness(service.measuredAt(), status.measuredAt()));
    }
    return table;
  }

  private static String standbys(ServiceView service) {
    return service.standbys().isEmpty()
        ? "none"
        : service.standbys().stream().map(StatusText::standby).collect(Collectors.joining("; "));
  }

  private static String standby(ServiceView.StandbyView standby) {
    String progress = standby.seedPercent() == null ? "" : " " + standby.seedPercent() + " %";
    String lag =
        standby.lagBytes() == null
            ? ""
            : ", %s (%s) behind"
                .formatted(Figures.bytes(standby.lagBytes()), Figures.millis(standby.lagMillis()));
    return standby.host() + " " + standby.state() + progress + lag;
  }

  private static Table hosts(StatusView status) {
    Table table =
        new Table("")
            .text("HOST", "AGENT")
            .figure("CLIENTS", "CPU", "OWN CPU", "MEMORY", "AGENT", "DISK WRITES")
            .text("CLIENT PORT", "INSTANCES");
    for (HostView host : status.hosts()) {
      HostView.LoadView load = host.load();
      String address = host.clientAddress();
      table.row(
          host.name(),
          host.agent(),
          Figures.count(host.clients()),
          load == null ? Figures.UNKNOWN : Figures.percent(load.cpuPercent()),
          load == null ? Figures.UNKNOWN : Figures.percent(load.processCpuPercent()),
          load == null
              ? Figures.UNKNOWN
              : Figures.bytes(load.memoryUsedBytes())
                  + " of "
                  + Figures.bytes(load.memoryTotalBytes()),
          load == null ? Figures.UNKNOWN : Figures.bytes(load.agentResidentBytes()),
          load == null ? Figures.UNKNOWN : Figures.bytes(load.diskWriteBytesPerSecond()) + "/s",
          address == null ? "none" : address,
          instances(host) + Figures.staleness(host.measuredAt(), status.measuredAt()));
    }
    return table;
  }

  private static String instances(HostView host) {
    return host.instances().isEmpty()
        ? "none"
        : host.instances().stream()
            .map(
                instance ->
                    "%s %s %s on %d"
                        .formatted(
                            instance.service(),
                            instance.role(),
                            instance.version(),
                            instance.port()))
            .collect(Collectors.joining("; "));
  }
}
