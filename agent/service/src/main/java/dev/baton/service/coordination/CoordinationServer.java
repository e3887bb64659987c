package dev.baton.service.coordination;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.admin.AdminServer.AdminServerException;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig.ConfigException;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/// A coordination server within this process, on the loopback address, alone or one voter among
/// several. Its log is synced to disk at each write, as is ZooKeeper's default: what was recorded
/// and acted on must outlive a power failure.
public final class CoordinationServer implements AutoCloseable {
  private static final int TICK_MILLIS = 500;
  private static final int MAX_CONNECTIONS = 256;

  /// In ticks: for a voter to connect to the leader, and to get what it lacks.
  private static final int INIT_TICKS = 20;

  /// In ticks: without a word of its leader, or of a majority, a voter looks for a new one.
  private static final int SYNC_TICKS = 2;

  private final int port;
  private final Runnable shutdown;
  private final CountDownLatch ended;

  private CoordinationServer(int port, Runnable shutdown, CountDownLatch ended) {
    this.port = port;
    this.shutdown = shutdown;
    this.ended = ended;
  }

  /// A server that decides together with others.
  ///
  /// @param id rising from 1, each voter's own
  /// @param quorumPort where the leader is followed
  /// @param electionPort where a leader is chosen
  public record Voter(int id, String host, int quorumPort, int electionPort) {
    private static final Pattern FORM =
        Pattern.compile("(\\d{1,3})@([^@:]+):(\\d{1,5}):(\\d{1,5})");

    /// @throws IllegalArgumentException with the form that is wanted
    public static Voter parse(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "'"
                + text
                + "' is no voter: write ID@HOST:QUORUM:ELECTION, like 1@127.0.0.1:6436:6437");
      }
      return new Voter(
          Integer.parseInt(matcher.group(1)),
          matcher.group(2),
          Integer.parseInt(matcher.group(3)),
          Integer.parseInt(matcher.group(4)));
    }
  }

  /// Listens at once and answers when it has read what `directory` holds.
  ///
  /// @param port 0 chooses a free one
  /// @throws IOException when the port is taken or the directory cannot be used; the message says
  ///   so
  public static CoordinationServer open(Path directory, int port) throws IOException {
    prepare(directory);
    try {
      ZooKeeperServer server =
          new ZooKeeperServer(directory.toFile(), directory.toFile(), TICK_MILLIS);
      ServerCnxnFactory connections =
          ServerCnxnFactory.createFactory(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MAX_CONNECTIONS);
      connections.startup(server);
      CountDownLatch ended = new CountDownLatch(1);
      Thread.startVirtualThread(
          () -> {
            try {
              connections.join();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            ended.countDown();
          });
      return new CoordinationServer(
          connections.getLocalPort(),
          () -> {
            connections.shutdown();
            server.shutdown();
          },
          ended);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the coordination server started", e);
    } catch (IOException e) {
      throw unusable(directory, port, e);
    }
  }

  /// One of several; answers while a majority of `voters` is reached.
  ///
  /// @param id of this one among `voters`
  /// @throws IOException when the directory cannot be used or `voters` make no ensemble
  /// @throws IllegalArgumentException when `id` is not among them, or they are an even number: as
  ///   many may fail as with one less
  public static CoordinationServer join(Path directory, int port, int id, List<Voter> voters)
      throws IOException {
    if (voters.stream().noneMatch(voter -> voter.id() == id) || voters.size() % 2 == 0) {
      throw new IllegalArgumentException(
          "voter "
              + id
              + " of "
              + voters
              + ": name an odd number of voters, and itself among them");
    }
    prepare(directory);
    Files.writeString(directory.resolve("myid"), id + "\n");
    QuorumPeerMain main = new QuorumPeerMain();
    CountDownLatch ended = new CountDownLatch(1);
    try {
      QuorumPeerConfig config = new QuorumPeerConfig();
      config.parseProperties(properties(directory, port, voters));
      Thread.ofPlatform()
          .daemon()
          .name("voter-" + id)
          .start(
              () -> {
                try {
                  main.runFromConfig(config);
                } catch (IOException | AdminServerException e) {
                  org.slf4j.LoggerFactory.getLogger(CoordinationServer.class)
                      .error("voter {} on port {} has ended: {}", id, port, e.toString());
                } finally {
                  ended.countDown();
                }
              });
    } catch (ConfigException | IOException e) {
      throw unusable(directory, port, e);
    }
    return new CoordinationServer(port, main::close, ended);
  }

  private static Properties properties(Path directory, int port, List<Voter> voters) {
    Properties properties = new Properties();
    properties.setProperty("dataDir", directory.toString());
    properties.setProperty("clientPortAddress", "127.0.0.1");
    properties.setProperty("clientPort", Integer.toString(port));
    properties.setProperty("tickTime", Integer.toString(TICK_MILLIS));
    properties.setProperty("initLimit", Integer.toString(INIT_TICKS));
    properties.setProperty("syncLimit", Integer.toString(SYNC_TICKS));
    properties.setProperty("maxClientCnxns", Integer.toString(MAX_CONNECTIONS));
    for (Voter voter : voters) {
      properties.setProperty(
          "server." + voter.id(),
          voter.host() + ":" + voter.quorumPort() + ":" + voter.electionPort());
    }
    return properties;
  }

  private static void prepare(Path directory) throws IOException {
    System.setProperty("zookeeper.admin.enableServer", "false");
    // the log is made in steps of this many kB; 64 MB, the default, is much for one small record
    System.setProperty("zookeeper.preAllocSize", "1024");
    Files.createDirectories(directory);
  }

  private static IOException unusable(Path directory, int port, Exception e) {
    return new IOException(
        "the coordination server cannot run in " + directory + " on port " + port + ": " + e, e);
  }

  public int port() {
    return port;
  }

  /// Returns when the server has ended.
  public void await() throws InterruptedException {
    ended.await();
  }

  @Override
  public void close() {
    shutdown.run();
  }
}
