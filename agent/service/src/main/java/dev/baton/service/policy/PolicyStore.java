package dev.baton.service.policy;

import dev.baton.model.Json;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.PolicyRequest;
import dev.baton.model.view.PolicyView;
import dev.baton.service.control.Refused;
import dev.baton.service.views.PolicyBook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// This agent's copy of all policies and announcements, kept over restarts in one file. Any thread
/// may read and change, event loops too: the file is written on a thread of its own.
public final class PolicyStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyStore.class);

  private final Path file;
  private final Clock clock;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("policies").factory());
  private volatile PolicyBook book;

  private PolicyStore(Path file, Clock clock, PolicyBook book) {
    this.file = file;
    this.clock = clock;
    this.book = book;
  }

  /// @throws IOException when the file is there and cannot be read; the message names it
  public static PolicyStore open(Path file, Clock clock) throws IOException {
    if (!Files.exists(file)) {
      return new PolicyStore(file, clock, PolicyBook.EMPTY);
    }
    try {
      return new PolicyStore(
          file, clock, Json.MAPPER.readValue(Files.readString(file), PolicyBook.class));
    } catch (IOException | JacksonException e) {
      throw new IOException(
          "the policies in %s cannot be read (%s): mend the file, or move it away to begin with the defaults"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  public PolicyBook book() {
    return book;
  }

  /// Takes in what another agent has.
  public synchronized void merge(PolicyBook others) {
    if (others.equals(book)) {
      return; // as several times a second from each agent
    }
    PolicyBook merged = book.merge(others);
    if (!merged.equals(book)) {
      keep(merged);
    }
  }

  /// @throws Refused when the policy has changed since the caller saw it (409), or a value is out
  ///   of its bounds (400)
  public synchronized PolicyView change(String service, PolicyRequest request, String actor) {
    PolicyView before = book.policy(service);
    Long seen = request.version();
    if (seen != null && seen != before.policy().version()) {
      throw Refused.changed(
          "the policy of %s has version %d by now, changed by %s; look at it again"
              .formatted(service, before.policy().version(), before.changedBy()));
    }
    try {
      PolicyView after =
          new PolicyView(service, request.applyTo(before.policy()), actor, clock.instant());
      LOG.info("service={} policy changed by {}: {}", service, actor, after.policy());
      keep(book.with(after));
      return after;
    } catch (IllegalArgumentException e) {
      throw Refused.malformed(String.valueOf(e.getMessage()));
    }
  }

  /// Announces maintenance, changes or ends what was announced.
  public synchronized MaintenanceView announce(
      String host, MaintenanceRequest request, String actor) {
    MaintenanceView before = book.maintenance().get(host);
    Instant from = Objects.requireNonNullElseGet(request.from(), clock::instant);
    Instant until = request.until();
    if (until != null && until.isBefore(from) && request.from() != null) {
      throw Refused.malformed("the maintenance ends at " + until + " before it begins at " + from);
    }
    MaintenanceView after =
        new MaintenanceView(
            host,
            before == null ? 1 : before.version() + 1,
            from,
            until,
            Objects.requireNonNullElse(request.why(), before == null ? "" : before.why()),
            actor);
    LOG.info("host={} maintenance by {}: from={} until={}", host, actor, from, until);
    keep(book.with(after));
    return after;
  }

  /// When the disk fails the change counts until the agent ends, and other agents have it.
  private void keep(PolicyBook changed) {
    book = changed;
    writer.execute(() -> write(changed));
  }

  private void write(PolicyBook changed) {
    try {
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(
          fresh, Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(changed) + "\n");
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("the policies are not kept in {}: {}", file, e.toString());
    }
  }

  /// Returns when the last change is in the file.
  @Override
  public void close() {
    writer.close();
  }
}
