package dev.baton.service.coordination;

import dev.baton.core.cluster.Coordination;
import dev.baton.core.cluster.HostRecord;
import dev.baton.core.cluster.ServiceRecord;
import dev.baton.model.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.framework.recipes.nodes.PersistentNode;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.utils.ZookeeperFactory;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/// Coordination over a ZooKeeper ensemble, through Curator. Calls wait on virtual threads of their
/// own, never on an event loop; Curator's connection and its retries are bounded.
///
/// A node's version counts from 0 with its creation; a record's counts writes, so it is one more.
public final class ZooKeeperCoordination implements Coordination {
  private static final int SESSION_MILLIS = 3_000;
  private static final int CONNECT_MILLIS = 1_000;
  private static final int RETRIES = 2;
  private static final int RETRY_PAUSE_MILLIS = 100;

  private final CuratorFramework client;
  private final String root;
  private final ExecutorService calls =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("coordination-", 0).factory());
  private final List<PersistentNode> registrations =
      new java.util.concurrent.CopyOnWriteArrayList<>();
  private final ConnectionWatchers connection = new ConnectionWatchers();

  private ZooKeeperCoordination(CuratorFramework client, String cluster) {
    this.client = client;
    this.root = "/baton/" + cluster;
  }

  /// In plain text, see [#open(String,String,CoordinationTls)].
  public static ZooKeeperCoordination open(String connectString, String cluster) {
    return open(connectString, cluster, null);
  }

  /// Connects in the background; until then calls fail and the connection is suspended.
  ///
  /// @param connectString `host:port`, several separated by commas, tried in this order
  /// @param tls null: plain text
  public static ZooKeeperCoordination open(
      String connectString, String cluster, @Nullable CoordinationTls tls) {
    List<InetSocketAddress> servers = new ConnectStringParser(connectString).getServerAddresses();
    CuratorFramework client =
        CuratorFrameworkFactory.builder()
            .connectString(connectString)
            .zkClientConfig(tls == null ? new ZKClientConfig() : tls.client())
            .zookeeperFactory(new Factory(servers))
            .ensembleTracker(false) // what is configured counts
            .sessionTimeoutMs(SESSION_MILLIS)
            .connectionTimeoutMs(CONNECT_MILLIS)
            .retryPolicy(new RetryNTimes(RETRIES, RETRY_PAUSE_MILLIS))
            .build();
    ZooKeeperCoordination coordination = new ZooKeeperCoordination(client, cluster);
    client
        .getConnectionStateListenable()
        .addListener((changed, state) -> coordination.connection.changed(of(state)));
    client.start();
    return coordination;
  }

  private record Factory(List<InetSocketAddress> servers) implements ZookeeperFactory {
    @Override
    public ZooKeeper newZooKeeper(
        String connectString, int sessionMillis, Watcher watcher, boolean canBeReadOnly)
        throws IOException {
      return newZooKeeper(
          connectString, sessionMillis, watcher, canBeReadOnly, new ZKClientConfig());
    }

    @Override
    public ZooKeeper newZooKeeper(
        String connectString,
        int sessionMillis,
        Watcher watcher,
        boolean canBeReadOnly,
        ZKClientConfig settings)
        throws IOException {
      return new ZooKeeper(
          connectString, sessionMillis, watcher, canBeReadOnly, new InOrder(servers), settings);
    }
  }

  private static Connection of(ConnectionState state) {
    return switch (state) {
      case CONNECTED, RECONNECTED -> Connection.CONNECTED;
      case SUSPENDED, READ_ONLY -> Connection.SUSPENDED; // nothing can be recorded
      case LOST -> Connection.LOST;
    };
  }

  private String path(String service) {
    return root + "/services/" + service;
  }

  @FunctionalInterface
  private interface Call<T> {
    T run() throws Exception;
  }

  private <T> CompletionStage<T> call(Call<T> call) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    calls.execute(
        () -> {
          try {
            answer.complete(call.run());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.completeExceptionally(new IOException("interrupted", e));
          } catch (Exception e) {
            answer.completeExceptionally(
                new IOException("coordination does not answer: " + e.getMessage(), e));
          }
        });
    return answer;
  }

  @Override
  public CompletionStage<Optional<ServiceRecord>> read(String service) {
    return call(
        () -> {
          client.sync().forPath(path(service));
          return present(service);
        });
  }

  private Optional<ServiceRecord> present(String service) throws Exception {
    try {
      Stat stat = new Stat();
      byte[] data = client.getData().storingStatIn(stat).forPath(path(service));
      return Optional.of(record(data, stat));
    } catch (KeeperException.NoNodeException e) {
      return Optional.empty();
    }
  }

  private static ServiceRecord record(byte[] data, Stat stat) {
    return Json.MAPPER.readValue(data, ServiceRecord.class).withVersion(stat.getVersion() + 1);
  }

  /// Removes a service's record if it is still this one; for a service that is given up.
  public CompletionStage<Void> forget(ServiceRecord record) {
    return call(
        () -> client.delete().withVersion(record.version() - 1).forPath(path(record.service())));
  }

  /// Names of the agents that are there now.
  public CompletionStage<List<String>> hostNames() {
    return call(
        () -> {
          try {
            return client.getChildren().forPath(root + "/hosts");
          } catch (KeeperException.NoNodeException e) {
            return List.of();
          }
        });
  }

  /// Agents that are there now.
  public CompletionStage<List<HostRecord>> hosts() {
    return hostNames().thenCompose(names -> call(() -> hosts(names)));
  }

  private List<HostRecord> hosts(List<String> names) throws Exception {
    List<HostRecord> hosts = new ArrayList<>();
    for (String name : names) {
      try {
        byte[] data = client.getData().forPath(root + "/hosts/" + name);
        hosts.add(Json.MAPPER.readValue(data, HostRecord.class));
      } catch (KeeperException.NoNodeException e) {
        // it has gone since
      }
    }
    return hosts;
  }

  @Override
  public CompletionStage<WriteResult> compareAndSet(int expectedVersion, ServiceRecord record) {
    return call(() -> write(expectedVersion, record));
  }

  private WriteResult write(int expectedVersion, ServiceRecord record) throws Exception {
    String path = path(record.service());
    byte[] data = Json.MAPPER.writeValueAsBytes(record);
    try {
      if (expectedVersion == 0) {
        client.create().creatingParentsIfNeeded().forPath(path, data);
        return new WriteResult.Written(record.withVersion(1));
      }
      Stat stat = client.setData().withVersion(expectedVersion - 1).forPath(path, data);
      return new WriteResult.Written(record.withVersion(stat.getVersion() + 1));
    } catch (KeeperException.BadVersionException | KeeperException.NodeExistsException e) {
      return present(record.service())
          .<WriteResult>map(WriteResult.Conflict::new)
          .orElseGet(() -> new WriteResult.Unknown("the record has gone"));
    } catch (KeeperException e) {
      return new WriteResult.Unknown(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Watch watch(String service, Consumer<ServiceRecord> listener) {
    String path = path(service);
    CuratorCache cache = CuratorCache.build(client, path, CuratorCache.Options.SINGLE_NODE_CACHE);
    cache
        .listenable()
        .addListener(
            CuratorCacheListener.builder()
                .forCreates(node -> listener.accept(record(node.getData(), node.getStat())))
                .forChanges(
                    (before, node) -> listener.accept(record(node.getData(), node.getStat())))
                .build());
    cache.start();
    return cache::close;
  }

  @Override
  public CompletionStage<Void> register(HostRecord host) {
    return call(() -> keepNode(host)).thenAccept(registrations::add);
  }

  private PersistentNode keepNode(HostRecord host) {
    PersistentNode node =
        new PersistentNode(
            client,
            CreateMode.EPHEMERAL,
            false,
            root + "/hosts/" + host.name(),
            Json.MAPPER.writeValueAsBytes(host),
            true);
    node.start();
    return node;
  }

  @Override
  public Watch watchHosts(Consumer<List<HostRecord>> listener) {
    String parent = root + "/hosts";
    ConcurrentHashMap<String, HostRecord> present = new ConcurrentHashMap<>();
    CuratorCache cache = CuratorCache.build(client, parent);
    cache
        .listenable()
        .addListener(
            CuratorCacheListener.builder()
                .forAll(
                    (type, before, now) -> {
                      take(parent, present, before, now);
                      listener.accept(
                          present.values().stream()
                              .sorted(Comparator.comparing(HostRecord::name))
                              .toList());
                    })
                .build());
    listener.accept(List.of());
    cache.start();
    return cache::close;
  }

  private static void take(
      String parent,
      ConcurrentHashMap<String, HostRecord> present,
      @Nullable ChildData before,
      @Nullable ChildData now) {
    if (now == null && before != null) {
      present.remove(before.getPath());
    } else if (now != null && !now.getPath().equals(parent) && now.getData().length > 0) {
      present.put(now.getPath(), Json.MAPPER.readValue(now.getData(), HostRecord.class));
    }
  }

  @Override
  public Connection connection() {
    return connection.present();
  }

  @Override
  public Watch watchConnection(Consumer<Connection> listener) {
    connection.add(listener);
    return () -> connection.remove(listener);
  }

  @Override
  public void close() {
    registrations.forEach(
        node -> {
          try {
            node.close();
          } catch (IOException e) {
            // its session ends with the client, and the node with it
            org.slf4j.LoggerFactory.getLogger(ZooKeeperCoordination.class).debug("closing", e);
          }
        });
    client.close();
    calls.shutdownNow();
  }
}
