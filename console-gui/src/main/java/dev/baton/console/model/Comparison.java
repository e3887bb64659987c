package dev.baton.console.model;

import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.HostView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;

/// Hardware, software and load of hosts side by side. Where hosts that carry the service's data
/// differ in what matters when one takes over from another, the row says so. A pure function.
public record Comparison(List<String> hosts, List<Row> rows) {
  private static final double SIMILAR = 0.02;

  /// @param values one for each host, in the order of the hosts
  /// @param differs between hosts that carry the data, in more than a trifle
  /// @param matters what the difference means on failover; empty for what changes from second to
  ///   second
  public record Row(String name, List<String> values, boolean differs, String matters) {}

  /// @param service whose hosts are compared; others are shown as well
  public static Comparison of(ServiceModel service) {
    List<HostView> hosts =
        service.cluster().hosts().stream().map(host -> host.view().value()).toList();
    List<Boolean> carries =
        hosts.stream()
            .map(
                host ->
                    host.instances().stream()
                        .anyMatch(instance -> instance.service().equals(service.name())))
            .toList();
    List<Row> rows = new ArrayList<>();
    Table table = new Table(hosts, carries, rows);
    table.live(Text.COMPARE_ROLE, host -> role(host, service.name()));
    table.live(Text.COMPARE_AGENT, HostView::agent);
    table.fixed(
        Text.COMPARE_DATABASE, host -> database(host, service.name()), Text.COMPARE_M_DATABASE);
    table.fixed(Text.COMPARE_SYSTEM, configured(c -> c.operatingSystem()), Text.COMPARE_M_SYSTEM);
    table.fixed(Text.COMPARE_PROCESSOR, configured(c -> c.processor()), Text.COMPARE_M_CORES);
    table.fixed(
        Text.COMPARE_CORES, configured(c -> Integer.toString(c.cores())), Text.COMPARE_M_CORES);
    table.amount(
        Text.COMPARE_MEMORY, HostView.ConfigurationView::memoryBytes, Text.COMPARE_M_MEMORY);
    table.amount(
        Text.COMPARE_DISK_FREE, HostView.ConfigurationView::diskFreeBytes, Text.COMPARE_M_DISK);
    table.live(Text.HOST_CPU, loaded(l -> Units.percent(l.cpuPercent())));
    table.live(Text.COMPARE_LOAD_AVERAGE, loaded(l -> Units.whole(l.loadAverage())));
    table.live(
        Text.COMPARE_MEMORY_USED,
        loaded(l -> Units.bytes(l.memoryUsedBytes()) + " / " + Units.bytes(l.memoryTotalBytes())));
    table.live(
        Text.COMPARE_DISK_WRITE,
        loaded(l -> Units.bytesPerSecond((double) l.diskWriteBytesPerSecond())));
    table.live(
        Text.COMPARE_DISK_READ,
        loaded(l -> Units.bytesPerSecond((double) l.diskReadBytesPerSecond())));
    table.live(Text.COMPARE_AGENT_MEMORY, loaded(l -> Units.bytes(l.agentResidentBytes())));
    table.live(Text.COMPARE_CLIENTS, host -> Units.count(host.clients()));
    return new Comparison(hosts.stream().map(HostView::name).toList(), List.copyOf(rows));
  }

  private static String role(HostView host, String service) {
    return host.instances().stream()
        .filter(instance -> instance.service().equals(service))
        .map(HostView.InstanceView::role)
        .findFirst()
        .orElse("–");
  }

  private static String database(HostView host, String service) {
    return host.instances().stream()
        .filter(instance -> instance.service().equals(service))
        .map(HostView.InstanceView::version)
        .findFirst()
        .orElse("–");
  }

  private static Function<HostView, String> configured(
      Function<HostView.ConfigurationView, String> value) {
    return host -> {
      HostView.ConfigurationView configuration = host.configuration();
      return configuration == null ? "–" : value.apply(configuration);
    };
  }

  private static Function<HostView, String> loaded(Function<HostView.LoadView, String> value) {
    return host -> {
      HostView.LoadView load = host.load();
      return load == null ? "–" : value.apply(load);
    };
  }

  private record Table(List<HostView> hosts, List<Boolean> carries, List<Row> rows) {
    void live(Text name, Function<HostView, String> value) {
      rows.add(new Row(name.of(), hosts.stream().map(value).toList(), false, ""));
    }

    void fixed(Text name, Function<HostView, String> value, Text matters) {
      List<String> values = hosts.stream().map(value).toList();
      HashSet<String> distinct = new HashSet<>();
      for (int i = 0; i < values.size(); i++) {
        if (carries.get(i)) {
          distinct.add(values.get(i));
        }
      }
      rows.add(new Row(name.of(), values, distinct.size() > 1, matters.of()));
    }

    void amount(Text name, Function<HostView.ConfigurationView, Long> value, Text matters) {
      double least = Double.MAX_VALUE;
      double most = 0;
      for (int i = 0; i < hosts.size(); i++) {
        HostView.ConfigurationView configuration = hosts.get(i).configuration();
        if (carries.get(i) && configuration != null) {
          least = Math.min(least, (double) value.apply(configuration));
          most = Math.max(most, (double) value.apply(configuration));
        }
      }
      List<String> values =
          hosts.stream().map(configured(c -> Units.bytes(value.apply(c)))).toList();
      rows.add(new Row(name.of(), values, most - least > SIMILAR * most, matters.of()));
    }
  }
}
