package dev.baton.service.agent;

import dev.baton.core.cluster.Coordination;
import dev.baton.core.cluster.Coordination.WriteResult;
import dev.baton.core.cluster.RoleCommand;
import dev.baton.core.cluster.RoleEvent;
import dev.baton.core.cluster.ServiceRecord;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads and writes a service's record. A write whose outcome is unknown is followed by reads until
/// one succeeds, so that the machine never waits for nothing.
final class RecordHands {
  private static final Logger LOG = LoggerFactory.getLogger(RecordHands.class);
  private static final long READ_AGAIN_MILLIS = 100;

  private final Coordination coordination;
  private final String service;
  private final ScheduledExecutorService timer;
  private final Consumer<RoleEvent> events;

  RecordHands(
      Coordination coordination,
      String service,
      ScheduledExecutorService timer,
      Consumer<RoleEvent> events) {
    this.coordination = coordination;
    this.service = service;
    this.timer = timer;
    this.events = events;
  }

  void write(RoleCommand.Write command) {
    coordination
        .compareAndSet(command.expectedVersion(), command.record())
        .whenComplete(
            (result, error) -> {
              if (result instanceof WriteResult.Written(ServiceRecord record)) {
                ended(command.ticket(), record);
              } else if (result instanceof WriteResult.Conflict(ServiceRecord present)) {
                LOG.info(
                    "service={} not written: the record is version={}, expected={}",
                    service,
                    present.version(),
                    command.expectedVersion());
                ended(command.ticket(), present);
              } else {
                LOG.warn(
                    "service={} outcome of writing the record is unknown: {}",
                    service,
                    error == null ? String.valueOf(result) : error.toString());
                readUntilKnown(command.ticket());
              }
            });
  }

  private void ended(long ticket, ServiceRecord record) {
    events.accept(new RoleEvent.RecordSeen(record));
    events.accept(new RoleEvent.WriteEnded(ticket));
  }

  private void readUntilKnown(long ticket) {
    coordination
        .read(service)
        .whenComplete(
            (record, error) -> {
              if (error == null) {
                seen(record);
                events.accept(new RoleEvent.WriteEnded(ticket));
              } else {
                timer.schedule(
                    () -> readUntilKnown(ticket), READ_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
              }
            });
  }

  void read() {
    coordination
        .read(service)
        .whenComplete(
            (record, error) -> {
              if (error == null) {
                seen(record);
              } else {
                LOG.warn("service={} the record cannot be read: {}", service, error.toString());
              }
            });
  }

  private void seen(Optional<ServiceRecord> record) {
    events.accept(new RoleEvent.RecordSeen(record.orElse(null)));
  }
}
