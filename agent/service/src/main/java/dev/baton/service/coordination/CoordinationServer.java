package dev.baton.service.coordination;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/// A coordination server within this process, on the loopback address. Its log is synced to disk at
/// each write, as is ZooKeeper's default: what was recorded and acted on must outlive a power
/// failure.
public final class CoordinationServer implements AutoCloseable {
  private static final int TICK_MILLIS = 500;
  private static final int MAX_CONNECTIONS = 256;

  private final ServerCnxnFactory connections;
  private final ZooKeeperServer server;

  private CoordinationServer(ServerCnxnFactory connections, ZooKeeperServer server) {
    this.connections = connections;
    this.server = server;
  }

  /// Listens at once and answers when it has read what `directory` holds.
  ///
  /// @param port 0 chooses a free one
  /// @throws IOException when the port is taken or the directory cannot be used; the message says
  ///   so
  public static CoordinationServer open(Path directory, int port) throws IOException {
    System.setProperty("zookeeper.admin.enableServer", "false");
    // the log is made in steps of this many kB; 64 MB, the default, is much for one small record
    System.setProperty("zookeeper.preAllocSize", "1024");
    Files.createDirectories(directory);
    try {
      ZooKeeperServer server =
          new ZooKeeperServer(directory.toFile(), directory.toFile(), TICK_MILLIS);
      ServerCnxnFactory connections =
          ServerCnxnFactory.createFactory(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MAX_CONNECTIONS);
      connections.startup(server);
      return new CoordinationServer(connections, server);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the coordination server started", e);
    } catch (IOException e) {
      throw new IOException(
          "the coordination server cannot run in " + directory + " on port " + port + ": " + e, e);
    }
  }

  public int port() {
    return connections.getLocalPort();
  }

  /// Returns when the server has ended.
  public void await() throws InterruptedException {
    connections.join();
  }

  @Override
  public void close() {
    connections.shutdown();
    server.shutdown();
  }
}
