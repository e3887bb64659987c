package dev.baton.core.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A coordination service within this process, for tests, simulations and a single agent. All of it
/// happens on the executor that it is given, which must run one task at a time; with
/// `Runnable::run` everything has happened when a call returns, and one thread must do all calls.
public final class InMemoryCoordination {
  private final Executor executor;
  private final Map<String, ServiceRecord> records = new HashMap<>();
  private final SortedMap<String, HostRecord> hosts = new TreeMap<>();
  private final List<Client> clients = new ArrayList<>();

  public InMemoryCoordination(Executor executor) {
    this.executor = executor;
  }

  /// The connection of one agent.
  public Client connect() {
    Client client = new Client();
    executor.execute(() -> clients.add(client));
    return client;
  }

  /// What stands there for `service`; to be asked on the executor.
  public Optional<ServiceRecord> present(String service) {
    return Optional.ofNullable(records.get(service));
  }

  private Coordination.WriteResult write(int expectedVersion, ServiceRecord record) {
    ServiceRecord present = records.get(record.service());
    int version = present == null ? 0 : present.version();
    if (version != expectedVersion) {
      return present == null
          ? new Coordination.WriteResult.Unknown(
              "expected version " + expectedVersion + " of " + record.service() + ", is absent")
          : new Coordination.WriteResult.Conflict(present);
    }
    ServiceRecord written = record.withVersion(version + 1);
    records.put(record.service(), written);
    List.copyOf(clients).forEach(client -> client.tell(written));
    return new Coordination.WriteResult.Written(written);
  }

  private void hostsChanged() {
    List<HostRecord> present = List.copyOf(hosts.values());
    List.copyOf(clients).forEach(client -> client.tellHosts(present));
  }

  /// What becomes of the next write of a client.
  public enum Answer {
    GIVEN,
    /// Done, but the answer is lost.
    LOST_AFTER_WRITING,
    /// Neither done nor answered.
    LOST_BEFORE_WRITING
  }

  /// One agent's connection, which a test can break.
  public final class Client implements Coordination {
    private final Map<String, List<Consumer<ServiceRecord>>> watches = new HashMap<>();
    private final List<Consumer<List<HostRecord>>> hostWatches = new ArrayList<>();
    private final List<Consumer<Connection>> connectionWatches = new ArrayList<>();
    private volatile Connection connection = Connection.CONNECTED;
    private Answer nextAnswer = Answer.GIVEN;
    private @Nullable HostRecord registered;

    private Client() {}

    /// Changes the connection; while it is not connected nothing is told and every call fails.
    public void become(Connection changed) {
      executor.execute(
          () -> {
            connection = changed;
            if (changed == Connection.LOST) {
              leave();
            }
            List.copyOf(connectionWatches).forEach(watch -> watch.accept(changed));
            if (changed == Connection.CONNECTED) {
              catchUp();
            }
          });
    }

    public void nextAnswer(Answer answer) {
      executor.execute(() -> nextAnswer = answer);
    }

    @Override
    public CompletionStage<Optional<ServiceRecord>> read(String service) {
      return connected(() -> Optional.ofNullable(records.get(service)));
    }

    @Override
    public CompletionStage<WriteResult> compareAndSet(int expectedVersion, ServiceRecord record) {
      return connected(
          () -> {
            Answer answer = nextAnswer;
            nextAnswer = Answer.GIVEN;
            return switch (answer) {
              case GIVEN -> write(expectedVersion, record);
              case LOST_AFTER_WRITING -> {
                write(expectedVersion, record);
                yield new WriteResult.Unknown("the answer was lost");
              }
              case LOST_BEFORE_WRITING -> new WriteResult.Unknown("the answer was lost");
            };
          });
    }

    @Override
    public Watch watch(String service, Consumer<ServiceRecord> listener) {
      executor.execute(
          () -> {
            watches.computeIfAbsent(service, key -> new ArrayList<>()).add(listener);
            ServiceRecord present = records.get(service);
            if (present != null && connection == Connection.CONNECTED) {
              listener.accept(present);
            }
          });
      return () ->
          executor.execute(() -> watches.getOrDefault(service, List.of()).remove(listener));
    }

    @Override
    public CompletionStage<Void> register(HostRecord host) {
      return this.<Optional<Void>>connected(
              () -> {
                registered = host;
                hosts.put(host.name(), host);
                hostsChanged();
                return Optional.empty();
              })
          .thenAccept(done -> {});
    }

    @Override
    public Watch watchHosts(Consumer<List<HostRecord>> listener) {
      executor.execute(
          () -> {
            hostWatches.add(listener);
            listener.accept(List.copyOf(hosts.values()));
          });
      return () -> executor.execute(() -> hostWatches.remove(listener));
    }

    @Override
    public Connection connection() {
      return connection;
    }

    @Override
    public Watch watchConnection(Consumer<Connection> listener) {
      executor.execute(
          () -> {
            connectionWatches.add(listener);
            listener.accept(connection);
          });
      return () -> executor.execute(() -> connectionWatches.remove(listener));
    }

    @Override
    public void close() {
      executor.execute(
          () -> {
            leave();
            registered = null;
            clients.remove(this);
          });
    }

    private void leave() {
      if (registered != null && hosts.remove(registered.name()) != null) {
        hostsChanged();
      }
    }

    private void catchUp() {
      watches.keySet().stream()
          .map(records::get)
          .filter(record -> record != null)
          .forEach(this::tell);
      if (registered != null && hosts.put(registered.name(), registered) == null) {
        hostsChanged();
      }
    }

    private void tell(ServiceRecord record) {
      if (connection == Connection.CONNECTED) {
        List.copyOf(watches.getOrDefault(record.service(), List.of()))
            .forEach(watch -> watch.accept(record));
      }
    }

    private void tellHosts(List<HostRecord> present) {
      if (connection == Connection.CONNECTED) {
        List.copyOf(hostWatches).forEach(watch -> watch.accept(present));
      }
    }

    private <T> CompletionStage<T> connected(java.util.function.Supplier<T> action) {
      CompletableFuture<T> answer = new CompletableFuture<>();
      executor.execute(
          () -> {
            if (connection == Connection.CONNECTED) {
              answer.complete(action.get());
            } else {
              answer.completeExceptionally(
                  new IOException("coordination is " + connection + ": no answer"));
            }
          });
      return answer;
    }
  }
}
