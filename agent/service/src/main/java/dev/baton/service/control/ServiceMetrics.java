package dev.baton.service.control;

import dev.baton.core.engine.Probe;
import dev.baton.service.monitor.RequestTimes;
import dev.baton.service.monitor.ServiceGauge.Figures;

/// Metrics of what clients feel, and of the local instance's activity.
final class ServiceMetrics {
  private ServiceMetrics() {}

  static void add(MetricFamilies to, Figures figures) {
    RequestTimes.Snapshot times = figures.times();
    to.histogram(
        "baton_client_request_duration_seconds",
        "From the first message of a client's request to the end of its answer, moves included.",
        times.bounds(),
        times.counts(),
        times.sumSeconds(),
        "service",
        figures.service());
    Probe.Activity activity = figures.activity();
    if (activity != null) {
      activity(to, activity, "service", figures.service());
    }
  }

  private static void activity(MetricFamilies to, Probe.Activity activity, String... labels) {
    backends(to, "active", activity.active(), labels);
    backends(to, "idle_in_transaction", activity.idleInTransaction(), labels);
    backends(to, "waiting_for_lock", activity.waitingForLocks(), labels);
    to.gauge(
        "baton_instance_connections",
        "Connections of clients to the local instance.",
        activity.connections(),
        labels);
    to.gauge(
        "baton_instance_connections_limit",
        "Connections that the local instance takes.",
        activity.maxConnections(),
        labels);
    to.gauge(
        "baton_instance_oldest_transaction_seconds",
        "Since the oldest open transaction began; 0: none is open.",
        activity.oldestTransactionSeconds(),
        labels);
    to.counter(
        "baton_instance_blocks_read",
        "Blocks read from outside the instance's own cache.",
        activity.blocksRead(),
        labels);
    to.counter(
        "baton_instance_blocks_hit",
        "Blocks found in the instance's own cache.",
        activity.blocksHit(),
        labels);
    to.counter(
        "baton_instance_temporary_bytes",
        "Written to temporary files.",
        activity.temporaryBytes(),
        labels);
    to.counter("baton_instance_deadlocks", "Deadlocks.", activity.deadlocks(), labels);
  }

  private static void backends(MetricFamilies to, String state, int number, String... labels) {
    to.gauge(
        "baton_instance_backends",
        "Backends of clients at the local instance, by what they do.",
        number,
        labels[0],
        labels[1],
        "state",
        state);
  }
}
