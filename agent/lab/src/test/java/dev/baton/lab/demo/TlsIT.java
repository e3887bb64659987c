package dev.baton.lab.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.engine.postgres.instance.Signals;
import dev.baton.lab.demo.DemoReport.Move;
import dev.baton.lab.fault.FaultOrder;
import dev.baton.lab.load.Workload;
import dev.baton.model.Durability;
import dev.baton.service.tls.Authority;
import dev.baton.service.tls.HostIdentity;
import dev.baton.service.tls.NamedServer;
import dev.baton.service.tls.Pem;
import dev.baton.service.tls.TlsFiles;
import dev.baton.testing.FreePorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Hosts with addresses, keys and certificates of their own: agents, and coordination with its
/// quorum, speak TLS, and clients notice as little as in plain text.
@Timeout(300)
class TlsIT {
  private static final Duration BOUND = Duration.ofSeconds(90);
  private static final int BOUND_MILLIS = 10_000;
  private static final int HANG_UP = 1;

  /// More than the head of a record of TLS, so that the other side need not wait for the rest.
  private static final byte[] QUESTION = "srvr\r\n".getBytes(US_ASCII);

  @TempDir private Path folder;

  @BeforeEach
  void openFolder() throws IOException {
    // the database's own user must get to its files
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void aKilledDatabaseIsNotNoticed() throws Exception {
    assertThat(survived("kill-database@3s").reason()).contains("has ended");
  }

  /// Agent, database and coordination server of the home at once.
  @Test
  void aLostHostIsNotNoticedByClientsOfAGateway() throws Exception {
    assertThat(survived("kill-host@3s").reason()).contains("silent until its lease ended");
  }

  private Move survived(String fault) throws Exception {
    StringWriter said = new StringWriter();
    DemoReport report;
    try (Demo demo =
        new Demo(
            options(6, Duration.ofSeconds(8), List.of(FaultOrder.parse(fault))),
            new PrintWriter(said, true))) {
      demo.start();
      report = demo.run();
    }
    assertThat(report.clean()).as(said.toString()).isTrue();
    assertThat(report.transactionsAcknowledged()).isPositive();
    assertThat(report.replicationBytesForwarded()).isPositive();
    assertThat(report.moves()).hasSize(1);
    assertThat(report.moves().getFirst().target()).isEqualTo("b");
    return report.moves().getFirst();
  }

  private DemoOptions options(int clients, @Nullable Duration length, List<FaultOrder> faults)
      throws IOException {
    return new DemoOptions(
        folder.resolve("demo"),
        FreePorts.row(SmallDemo.PORTS),
        length,
        clients,
        "w",
        Workload.LEDGER,
        1_000,
        Durability.REPLICATION,
        true,
        faults,
        null,
        null,
        true);
  }

  @Test
  void strangersAreRefusedAtEveryPortAndCertificatesAreReadAnew() throws Exception {
    try (DemoFiles files = DemoFiles.create(options(0, null, List.of()));
        DemoCluster cluster = new DemoCluster(files, _ -> StartupCache.inUse())) {
      cluster.start();
      cluster.prepareDatabase(BOUND);
      cluster.awaitProtected(BOUND);
      DemoHost b = files.host("b");
      List<InetSocketAddress> ports =
          List.of(
              new InetSocketAddress(b.address(), b.peerPort()),
              new InetSocketAddress(b.address(), b.coordinationPort()));
      Authority other = Authority.open(folder.resolve("other"), "demo");
      TlsFiles stranger =
          new TlsFiles(
              folder.resolve("stranger.crt"),
              folder.resolve("stranger.key"),
              files.authorityCertificate());
      other.issue(
          new HostIdentity("demo", "a"),
          List.of("127.0.0.1"),
          stranger.certificate(),
          stranger.privateKey());
      for (InetSocketAddress port : ports) {
        assertThatThrownBy(() -> ask(NamedServer.connect(stranger, port, BOUND_MILLIS)))
            .as("of another authority, at %s", port)
            .hasMessageContaining("certificate_unknown");
        assertThat(plainAnswer(port)).as("in plain text, at %s", port).doesNotContain("Mode");
      }

      Authority.open(files.directory().resolve("authority"), "demo")
          .issue(
              new HostIdentity("demo", "b"), List.of(b.address()), b.certificate(), b.privateKey());
      TlsFiles own = new TlsFiles(b.certificate(), b.privateKey(), files.authorityCertificate());
      for (InetSocketAddress port : ports) {
        assertThat(shown(own, port)).as("before the signal").isNotEqualTo(serial(own));
      }
      Signals.send(cluster.agentId("b"), HANG_UP);
      Signals.send(cluster.voters().id("b"), HANG_UP);
      for (InetSocketAddress port : ports) {
        awaitShown(own, port);
      }
      cluster.awaitProtected(BOUND);
    }
  }

  private static void awaitShown(TlsFiles own, InetSocketAddress port) throws Exception {
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (!shown(own, port).equals(serial(own))) {
      assertThat(System.nanoTime() - deadline).as("the old one is shown at %s", port).isNegative();
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private static BigInteger serial(TlsFiles own) throws IOException {
    return Pem.certificates(own.certificate()).getFirst().getSerialNumber();
  }

  private static BigInteger shown(TlsFiles own, InetSocketAddress port) throws IOException {
    try (SSLSocket socket = NamedServer.connect(own, port, BOUND_MILLIS)) {
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }
  }

  private static int ask(SSLSocket socket) throws IOException {
    try (socket) {
      socket.getOutputStream().write(QUESTION);
      return socket.getInputStream().read();
    }
  }

  private static String plainAnswer(InetSocketAddress port) throws IOException {
    try (Socket socket = new Socket(port.getAddress(), port.getPort())) {
      socket.setSoTimeout(BOUND_MILLIS);
      socket.getOutputStream().write(QUESTION);
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    } catch (SocketException e) {
      return "reset";
    }
  }
}
