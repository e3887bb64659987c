package dev.baton.service.coordination;

import dev.baton.service.config.Addresses;
import java.io.IOException;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A coordination server within this process, alone or one voter among several; without TLS on the
/// loopback address only. Its log is synced to disk at each write, as is ZooKeeper's default: what
/// was recorded and acted on must outlive a power failure.
public final class CoordinationServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CoordinationServer.class);
  private static final int TICK_MILLIS = 500;
  private static final int BACKLOG_OF_THE_SYSTEM = -1;
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

  /// Where a server listens for its clients.
  ///
  /// @param port 0 chooses a free one, for a server that is alone
  /// @param tls null: plain text. Settings of TLS are the process's: there is one server with it
  public record Listen(String address, int port, @Nullable CoordinationTls tls) {
    /// @throws IllegalArgumentException when others could listen in; the message says what to do
    public Listen {
      checkReach(address, tls);
    }

    static Listen loopback(int port) {
      return new Listen("127.0.0.1", port, null);
    }

    private InetSocketAddress socket() {
      return new InetSocketAddress(address, port);
    }
  }

  private static void checkReach(String address, @Nullable CoordinationTls tls) {
    if (tls == null && Addresses.fromElsewhere(address)) {
      throw new IllegalArgumentException(
          address
              + " can be reached by other hosts, and coordination is spoken there by TLS only:"
              + " give --certificate, --key and --ca, or the loopback address 127.0.0.1");
    }
  }

  /// On the loopback address in plain text, see [#open(Path,Listen)].
  public static CoordinationServer open(Path directory, int port) throws IOException {
    return open(directory, Listen.loopback(port));
  }

  /// Listens at once and answers when it has read what `directory` holds.
  ///
  /// @throws IOException when the port is taken or the directory cannot be used; the message says
  ///   so
  public static CoordinationServer open(Path directory, Listen listen) throws IOException {
    prepare(directory, listen);
    try {
      ZooKeeperServer server =
          new ZooKeeperServer(directory.toFile(), directory.toFile(), TICK_MILLIS);
      ServerCnxnFactory connections = ServerCnxnFactory.createFactory();
      connections.configure(
          listen.socket(), MAX_CONNECTIONS, BACKLOG_OF_THE_SYSTEM, listen.tls() != null);
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
      throw unusable(directory, listen, e);
    }
  }

  /// One of several; answers while a majority of `voters` is reached.
  ///
  /// @param id of this one among `voters`
  /// @throws IOException when the directory cannot be used or `voters` make no ensemble
  /// @throws IllegalArgumentException when `id` is not among them, or they are an even number: as
  ///   many may fail as with one less; or they are on other hosts and there is no TLS
  public static CoordinationServer join(Path directory, Listen listen, int id, List<Voter> voters)
      throws IOException {
    if (voters.stream().noneMatch(voter -> voter.id() == id) || voters.size() % 2 == 0) {
      throw new IllegalArgumentException(
          "voter "
              + id
              + " of "
              + voters
              + ": name an odd number of voters, and itself among them");
    }
    for (Voter voter : voters) {
      checkReach(voter.host(), listen.tls()); // what voters say to each other is the same
    }
    prepare(directory, listen);
    Files.writeString(directory.resolve("myid"), id + "\n");
    QuorumPeerMain main = new QuorumPeerMain();
    CountDownLatch ended = new CountDownLatch(1);
    try {
      QuorumPeerConfig config = new QuorumPeerConfig();
      config.parseProperties(properties(directory, listen, voters));
      Thread.ofPlatform()
          .daemon()
          .name("voter-" + id)
          .start(
              () -> {
                try {
                  main.runFromConfig(config);
                } catch (IOException | AdminServerException e) {
                  LOG.error("voter {} on port {} has ended: {}", id, listen.port(), e.toString());
                } finally {
                  ended.countDown();
                }
              });
    } catch (ConfigException | IOException e) {
      throw unusable(directory, listen, e);
    }
    return new CoordinationServer(listen.port(), main::close, ended);
  }

  private static Properties properties(Path directory, Listen listen, List<Voter> voters) {
    Properties properties = new Properties();
    properties.setProperty("dataDir", directory.toString());
    boolean secure = listen.tls() != null;
    properties.setProperty(
        secure ? "secureClientPortAddress" : "clientPortAddress", listen.address());
    properties.setProperty(
        secure ? "secureClientPort" : "clientPort", Integer.toString(listen.port()));
    if (secure) {
      properties.setProperty("sslQuorum", "true");
      properties.setProperty("sslQuorumReloadCertFiles", "true");
    }
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

  private static void prepare(Path directory, Listen listen) throws IOException {
    CoordinationTls tls = listen.tls();
    if (tls != null) {
      tls.server().forEach(System::setProperty);
    }
    System.setProperty("zookeeper.admin.enableServer", "false");
    // the log is made in steps of this many kB; 64 MB, the default, is much for one small record
    System.setProperty("zookeeper.preAllocSize", "1024");
    Files.createDirectories(directory);
  }

  private static IOException unusable(Path directory, Listen listen, Exception e) {
    return new IOException(
        "the coordination server cannot run in " + directory + " on " + listen.socket() + ": " + e,
        e);
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
