package dev.baton.service.control;

import dev.baton.model.view.AlarmView;
import dev.baton.model.view.HostView;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.SessionView;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// `/metrics`: what this agent has measured of itself, and how it sees its services. Other hosts'
/// own figures are left to their own agents, or every sum over the cluster would count them twice.
/// Base units only: seconds, bytes, ratios.
final class Metrics {
  static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  /// Counted by the control interface itself.
  final LongAdder requests = new LongAdder();

  /// By HTTP status.
  private final Map<Integer, LongAdder> refusals = new ConcurrentSkipListMap<>();

  final LongAdder slowReadersDropped = new LongAdder();
  final AtomicLong streamReaders = new AtomicLong();

  void refused(int status) {
    refusals.computeIfAbsent(status, _ -> new LongAdder()).increment();
  }

  CompletionStage<String> text(ControlSource source) {
    String host = source.local().host();
    var status = source.status().toCompletableFuture();
    var services = source.services().toCompletableFuture();
    var hosts = source.hosts().toCompletableFuture();
    var sessions = source.sessions().toCompletableFuture();
    var positions = source.positions().toCompletableFuture();
    var memory = source.memory().toCompletableFuture();
    var moves = source.moves().toCompletableFuture();
    return CompletableFuture.allOf(status, services, hosts, sessions, positions, memory, moves)
        .thenApply(
            _ -> {
              MetricFamilies families = new MetricFamilies();
              services.join().forEach(service -> addService(families, service));
              hosts.join().stream()
                  .filter(view -> view.name().equals(host))
                  .forEach(view -> addHost(families, view));
              addSessions(families, ofFront(host, sessions.join()));
              positions.join().forEach(view -> addPositions(families, host, view));
              memory.join().stream()
                  .filter(view -> view.host().equals(host))
                  .forEach(view -> addMemory(families, view));
              addAlarms(families, host, status.join().alarms());
              addMoves(families, moves.join());
              source.series().figures().forEach(each -> ServiceMetrics.add(families, each));
              addControl(families);
              families.counter(
                  "baton_audit_entries_lost",
                  "Entries of the audit log that could not be written.",
                  source.audit().lost());
              return write(families);
            });
  }

  private static String write(MetricFamilies families) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create()
          .write(out, families.snapshots(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static List<SessionView> ofFront(String host, List<SessionView> sessions) {
    return sessions.stream().filter(session -> session.front().equals(host)).toList();
  }

  private static void addService(MetricFamilies to, ServiceView view) {
    String name = view.name();
    to.gauge(
        "baton_service_epoch",
        "Epoch of the service; rises with every move.",
        view.epoch(),
        "service",
        name);
    to.gauge(
        "baton_service_open",
        "1 when clients are served, 0 during a take-over.",
        bit(view.phase().equals("open")),
        "service",
        name);
    to.gauge(
        "baton_service_protected",
        "1 when at least one standby is in sync.",
        bit(view.protectedNow()),
        "service",
        name);
    to.gauge(
        "baton_service_home",
        "1 for the host that is home.",
        1,
        "service",
        name,
        "home",
        view.home());
    to.gauge(
        "baton_service_clients",
        "Connections of clients through all known fronts.",
        view.clients(),
        "service",
        name);
    to.gauge(
        "baton_service_transactions_per_second",
        "Commits a second at the home, over the last second.",
        view.transactionsPerSecond(),
        "service",
        name);
    to.gauge(
        "baton_service_moving",
        "1 while a move runs.",
        bit(view.runningMove() != null),
        "service",
        name);
    for (ServiceView.StandbyView standby : view.standbys()) {
      String[] labels = {"service", name, "standby", standby.host()};
      to.gauge(
          "baton_standby_in_sync",
          "1 when the standby may take over without loss.",
          bit(standby.state().equals("in-sync")),
          labels);
      to.gauge(
          "baton_standby_generation",
          "Generation of the standby's memory.",
          standby.generation(),
          labels);
      if (standby.lagBytes() != null) {
        to.gauge(
            "baton_standby_lag_bytes",
            "Log from the home's end to what is replayed.",
            standby.lagBytes(),
            labels);
      }
      if (standby.lagMillis() != null) {
        to.gauge(
            "baton_standby_lag_seconds",
            "Age of the oldest log that is not replayed.",
            standby.lagMillis() / 1e3,
            labels);
      }
    }
  }

  private static void addHost(MetricFamilies to, HostView view) {
    to.gauge("baton_host_clients", "Clients connected through this host's front.", view.clients());
    for (HostView.InstanceView instance : view.instances()) {
      to.gauge(
          "baton_instance_role",
          "1 for the present role of the local instance.",
          1,
          "service",
          instance.service(),
          "role",
          instance.role());
    }
    HostView.LoadView load = view.load();
    if (load != null) {
      to.gauge("baton_host_cpu_ratio", "Busy part of all cores, 0 to 1.", load.cpuPercent() / 100);
      to.gauge(
          "baton_processes_cpu_ratio",
          "Part of all cores that the agent and its instances use.",
          load.processCpuPercent() / 100);
      to.gauge(
          "baton_host_memory_used_bytes", "Memory in use on the host.", load.memoryUsedBytes());
      to.gauge("baton_host_memory_total_bytes", "Memory of the host.", load.memoryTotalBytes());
      to.gauge(
          "baton_agent_resident_bytes",
          "Memory of the agent's process.",
          load.agentResidentBytes());
      to.gauge(
          "baton_host_disk_read_bytes_per_second",
          "Read from all disks of the host.",
          load.diskReadBytesPerSecond());
      to.gauge(
          "baton_host_disk_write_bytes_per_second",
          "Written to all disks of the host.",
          load.diskWriteBytesPerSecond());
      to.gauge(
          "baton_host_load_average", "Runnable tasks, one minute's average.", load.loadAverage());
    }
    HostView.ConfigurationView configuration = view.configuration();
    if (configuration != null) {
      to.gauge(
          "baton_host_disk_free_bytes",
          "Free where the instances keep their data.",
          configuration.diskFreeBytes());
    }
  }

  private static void addAlarms(MetricFamilies to, String host, List<AlarmView> alarms) {
    alarms.stream()
        .filter(alarm -> alarm.host().equals(host))
        .forEach(
            alarm ->
                to.gauge(
                    "baton_alarm_since_seconds",
                    "An alarm that stands: when it was raised, in seconds since 1970.",
                    alarm.since().toEpochMilli() / 1e3,
                    "service",
                    alarm.service(),
                    "alarm",
                    alarm.name()));
  }

  private static void addSessions(MetricFamilies to, List<SessionView> sessions) {
    for (SessionView session : sessions) {
      to.count(
          "baton_sessions",
          "Sessions of this front by state.",
          "service",
          session.service(),
          "state",
          session.state());
      to.countIf(
          !session.movability().movable(),
          "baton_sessions_not_movable",
          "Sessions that a move now would break.",
          "service",
          session.service());
      to.countIf(
          session.hasTwin(),
          "baton_sessions_with_twin",
          "Sessions with a spare backend on a standby.",
          "service",
          session.service());
    }
  }

  private static void addPositions(MetricFamilies to, String host, PositionsView view) {
    if (view.home().equals(host)) {
      to.gauge(
          "baton_log_position_bytes",
          "End of the home's log, as a number.",
          view.current().bits(),
          "service",
          view.service());
    }
    for (PositionsView.StandbyPositions standby : view.standbys()) {
      if (!standby.host().equals(host)) {
        continue;
      }
      for (PositionsView.Rung rung : standby.rungs()) {
        String[] labels = {"service", view.service(), "rung", rung.name().replace(' ', '_')};
        to.gauge(
            "baton_log_lag_bytes",
            "How far this standby is behind the home's log.",
            rung.lagBytes(),
            labels);
        if (rung.lagMillis() != null) {
          to.gauge(
              "baton_log_lag_seconds",
              "Age of the first byte that this rung lacks.",
              rung.lagMillis() / 1e3,
              labels);
        }
      }
    }
  }

  private static void addMemory(MetricFamilies to, MemoryView view) {
    String[] labels = {"service", view.service()};
    to.counter(
        "baton_memory_requests_stamped",
        "Requests that came in with a stamp.",
        view.requestsStamped(),
        labels);
    to.counter(
        "baton_memory_requests_purged",
        "Requests dropped as redundant.",
        view.requestsPurged(),
        labels);
    to.counter(
        "baton_memory_requests_forwarded",
        "Requests sent to this host's instance at a take-over.",
        view.requestsForwarded(),
        labels);
    to.counter(
        "baton_memory_replication_received_bytes",
        "Log received from the home.",
        view.replicationBytesReceived(),
        labels);
    to.counter(
        "baton_memory_replication_forwarded_bytes",
        "Log forwarded to this host's instance.",
        view.replicationBytesForwarded(),
        labels);
    to.counter(
        "baton_memory_replication_purged_bytes",
        "Log that counted for nothing after a take-over.",
        view.replicationBytesPurged(),
        labels);
    to.counter(
        "baton_memory_commits_indexed",
        "Commit records found in the log.",
        view.commitsIndexed(),
        labels);
    to.gauge(
        "baton_memory_requests_held", "Requests in the memory now.", view.requestsHeld(), labels);
    to.gauge("baton_memory_held_bytes", "Log and requests in RAM.", view.bytesHeld(), labels);
    to.gauge("baton_memory_held_max_bytes", "Most that was ever in RAM.", view.bytesMax(), labels);
    to.gauge(
        "baton_memory_bound_bytes", "Bound of what is held in RAM.", view.bytesBound(), labels);
    to.gauge(
        "baton_memory_spilled_bytes",
        "On disk, beyond what is in RAM.",
        view.spilledBytes(),
        labels);
    to.gauge("baton_memory_generation", "Generation of this memory.", view.generation(), labels);
  }

  /// Moves come newest first; of each service the first that has ended is its last.
  private static void addMoves(MetricFamilies to, List<MoveView> moves) {
    for (MoveView move : moves) {
      to.count(
          "baton_moves",
          "Moves in the history.",
          "service",
          move.service(),
          "kind",
          move.kind().toString(),
          "outcome",
          move.outcome());
      if (move.outcome().equals("running") || !to.first("last move of " + move.service())) {
        continue;
      }
      String[] labels = {"service", move.service()};
      to.gauge(
          "baton_last_move_start_timestamp_seconds",
          "When the last move began.",
          move.startedAt().toEpochMilli() / 1e3,
          labels);
      to.gauge(
          "baton_last_move_duration_seconds",
          "From the decision to the first request served.",
          move.servedMillis() / 1e3,
          labels);
      to.gauge(
          "baton_last_move_detection_seconds",
          "From the source's last sign of life to the decision.",
          move.detectMillis() / 1e3,
          labels);
      to.gauge(
          "baton_last_move_clients_held",
          "Clients held by the last move.",
          move.clientsHeld(),
          labels);
      to.gauge(
          "baton_last_move_clients_failed",
          "Clients that got an error because of it.",
          move.clientsFailed(),
          labels);
      to.gauge(
          "baton_last_move_transactions_replayed",
          "Transactions it replayed.",
          move.transactionsReplayed(),
          labels);
    }
  }

  private void addControl(MetricFamilies to) {
    to.counter(
        "baton_control_requests", "Requests answered by the control interface.", requests.sum());
    refusals.forEach(
        (status, count) ->
            to.counter(
                "baton_control_refusals",
                "Requests answered with a status of 400 or more.",
                count.sum(),
                "status",
                status.toString()));
    to.counter(
        "baton_control_slow_readers_dropped",
        "Stream readers dropped for not reading.",
        slowReadersDropped.sum());
    to.gauge("baton_control_stream_readers", "Readers of the stream.", streamReaders.get());
  }

  private static double bit(boolean value) {
    return value ? 1 : 0;
  }
}
