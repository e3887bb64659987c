package dev.baton.service.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.service.tls.HostIdentity;
import dev.baton.service.tls.MutualTls;
import dev.baton.service.tls.TestAuthority;
import dev.baton.service.tls.TlsFiles;
import dev.baton.service.tls.TrustingCaller;
import dev.baton.testing.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Agents on real sockets that have to refuse each other, and say why on both sides.
class StrangersTest {
  private static final TestAuthority OURS = TestAuthority.named("ours");
  private static final TestAuthority THEIRS = TestAuthority.named("theirs");
  private final Agents agents = new Agents();

  @AfterEach
  void close() {
    agents.close();
  }

  private Agents.Agent agent(String cluster, String host, @Nullable TlsFiles files)
      throws IOException {
    MutualTls tls = files == null ? null : MutualTls.open(new HostIdentity(cluster, host), files);
    return agents.agent(new PeerIdentity(cluster, host, "secret", tls), null);
  }

  private static void refused(Agents.Agent from, String to, String... why) {
    from.network().connect(to);
    Await.until(
        "the refusal is known",
        () -> Objects.requireNonNullElse(from.network().refusals().get(to), "").contains(why[0]));
    assertThat(from.network().refusals().get(to)).contains(why);
    assertThat(from.network().connected()).isEmpty();
  }

  @Test
  void anotherAuthority() throws Exception {
    Agents.Agent a = agent("test", "a", OURS.files("test", "a"));
    Agents.Agent b = agent("test", "b", THEIRS.files("test", "b"));
    refused(a, "b", "Baton authority of theirs", "one authority on all hosts");
    refused(b, "a", "Baton authority of ours");
  }

  @Test
  void aCertificateThatHasEnded() throws Exception {
    Agents.Agent a = agent("test", "a", OURS.files("test", "a"));
    Agents.Agent b = agent("test", "b", OURS.ended("test", "b"));
    refused(a, "b", "ended at 20", "renew it there");
    refused(b, "a", "refuses this host's certificate");
  }

  @Test
  void anotherClusterWithTheSameAuthority() throws Exception {
    Agents.Agent a = agent("test", "a", OURS.files("test", "a"));
    agent("shop", "b", OURS.files("shop", "b"));
    refused(a, "b", "of cluster 'shop', and this is cluster 'test'");
  }

  @Test
  void aHostThatIsNotWhoWasCalled() throws Exception {
    Agents.Agent a = agent("test", "a", OURS.files("test", "a"));
    agent("test", "b", OURS.files("test", "b"));
    agents.addresses.put("w", Objects.requireNonNull(agents.addresses.get("b")));
    refused(a, "w", "claims to be host 'w'", "is that of host 'b'");
  }

  /// Its certificate is good, and it says in the hello that it is another host.
  @Test
  void aCallerThatIsNotWhoItSaysItIs() throws Exception {
    agent("test", "a", OURS.files("test", "a"));
    MutualTls ofB = MutualTls.open(new HostIdentity("test", "b"), OURS.files("test", "b"));
    Agents.Agent pretender = agents.agent(new PeerIdentity("test", "w", "secret", ofB), null);
    refused(pretender, "a", "NOT_AUTHENTIC", "claims to be host 'w'", "is that of host 'b'");
  }

  @Test
  void plainTextAndTlsTellEachOther() throws Exception {
    Agents.Agent tls = agent("test", "a", OURS.files("test", "a"));
    agent("test", "b", null);
    refused(tls, "b", "it does not speak TLS", "set peers.tls");
    assertThat(tls.network().connected()).isEmpty();
  }

  @Test
  void whoHasNoCertificateGetsNotAByteOfTheProtocol() throws Exception {
    Agents.Agent a = agent("test", "a", OURS.files("test", "a"));
    InetSocketAddress address = a.network().address();
    try (Socket socket =
        new TrustingCaller(null).connect(address.getHostString(), address.getPort())) {
      socket.getOutputStream().write(new byte[64]);
      assertThatThrownBy(() -> assertThat(socket.getInputStream().read()).isNegative())
          .hasMessageContaining("alert");
    }
  }

  @Test
  void certificatesThatAreReadAnewEndARefusal() throws Exception {
    MutualTls tls = MutualTls.open(new HostIdentity("test", "b"), OURS.ended("test", "b"));
    Agents.Agent a = agent("test", "a", OURS.files("test", "a"));
    Agents.Agent b = agents.agent(new PeerIdentity("test", "b", "secret", tls), null);
    refused(a, "b", "ended at 20");
    tls.prepare(OURS.files("test", "b")).run();
    Await.until("the link is there", () -> a.network().connected().contains("b"));
    assertThat(a.network().refusals()).isEmpty();
    b.network().connect("a");
    Await.until("the way back is, too", () -> b.network().connected().contains("a"));
  }

  @Test
  void withoutTlsOnlyTheLoopbackAddressIsListenedOn() {
    PeerIdentity plain = new PeerIdentity("test", "a", "secret", null);
    assertThatThrownBy(
            () ->
                new PeerServer(
                    plain,
                    agents.transport,
                    new InetSocketAddress("0.0.0.0", 0),
                    (host, connection) -> new io.netty.channel.ChannelInboundHandlerAdapter()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("without TLS: set peers.tls.certificate, peers.tls.privateKey")
        .hasMessageContaining("peers.bind: 127.0.0.1");
  }

  @Test
  void theSameOfTheSameAddressIsToldOnceInAWhile() {
    AtomicLong clock = new AtomicLong();
    RefusalLog log = new RefusalLog(clock::get);
    InetSocketAddress from = new InetSocketAddress("127.0.0.1", 50_000);
    InetSocketAddress again = new InetSocketAddress("127.0.0.1", 50_001);
    assertThat(log.refused(from, "no")).isTrue();
    assertThat(log.refused(again, "no")).isFalse();
    assertThat(log.refused(again, "not at all")).isTrue();
    assertThat(log.refused(new InetSocketAddress("127.0.0.2", 50_001), "no")).isTrue();
    clock.addAndGet(java.util.concurrent.TimeUnit.MINUTES.toNanos(6));
    assertThat(log.refused(again, "no")).isTrue();
  }
}
