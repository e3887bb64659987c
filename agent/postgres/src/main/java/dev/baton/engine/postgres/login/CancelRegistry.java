package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.wire.SecretBytes;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Which session a CancelRequest means. A client keeps the process id and key of its login through
/// every move, so the key is made here and leads to the session, which knows its present backend.
/// Process ids of two hosts may be equal; the key tells such sessions apart. Safe for any thread.
public final class CancelRegistry {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ConcurrentHashMap<Integer, CopyOnWriteArrayList<Registration>> byProcessId =
      new ConcurrentHashMap<>();

  /// Cancels what a session runs now.
  @FunctionalInterface
  public interface Canceller {
    /// Called on any thread, so it hands over to the session's loop. Completes, normally or not,
    /// when the cancel was passed on or there was nothing to pass it to.
    CompletableFuture<Void> cancel();
  }

  /// What a client is told in BackendKeyData; closed when its session ends.
  public final class Registration implements AutoCloseable {
    private final int processId;
    private final SecretBytes key;
    private final Canceller canceller;

    private Registration(int processId, SecretBytes key, Canceller canceller) {
      this.processId = processId;
      this.key = key;
      this.canceller = canceller;
    }

    public int processId() {
      return processId;
    }

    public SecretBytes key() {
      return key;
    }

    @Override
    public void close() {
      byProcessId.computeIfPresent(
          processId,
          (_, registrations) -> {
            registrations.remove(this);
            return registrations.isEmpty() ? null : registrations;
          });
    }
  }

  /// @param processId of the first backend
  /// @param keyBytes [LoggedInClient#cancelKeyBytes()]
  public Registration register(int processId, int keyBytes, Canceller canceller) {
    byte[] key = new byte[keyBytes];
    RANDOM.nextBytes(key);
    Registration registration = new Registration(processId, SecretBytes.of(key), canceller);
    byProcessId.compute(
        processId,
        (_, present) -> {
          CopyOnWriteArrayList<Registration> registrations =
              present == null ? new CopyOnWriteArrayList<>() : present;
          registrations.add(registration);
          return registrations;
        });
    return registration;
  }

  Optional<Canceller> find(int processId, SecretBytes key) {
    CopyOnWriteArrayList<Registration> registrations = byProcessId.get(processId);
    if (registrations == null) {
      return Optional.empty();
    }
    Canceller found = null;
    for (Registration registration : registrations) {
      if (registration.key.equals(key)) {
        found = registration.canceller;
      }
    }
    return Optional.ofNullable(found);
  }
}
