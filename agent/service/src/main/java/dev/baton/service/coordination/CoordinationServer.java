package dev.baton.service.coordination;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/// A coordination server within this process, on the loopback address.
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

  @Override
  public void close() {
    connections.shutdown();
    server.shutdown();
  }
}
