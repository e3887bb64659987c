package dev.baton.service.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who is refused by whom, and what is said of it.
class MutualTlsTest {
  private static final TestAuthority OURS = TestAuthority.named("ours");
  private static final TestAuthority THEIRS = TestAuthority.named("theirs");
  private static final int PORT = 6433;

  @TempDir private Path folder;

  private static MutualTls tls(TestAuthority authority, String cluster, String host)
      throws IOException {
    return MutualTls.open(new HostIdentity(cluster, host), authority.files(cluster, host));
  }

  @Test
  void hostsOfOneClusterBelieveEachOther() throws Exception {
    MutualTls a = tls(OURS, "test", "a");
    MutualTls b = tls(OURS, "test", "b");
    SSLEngine caller = a.caller("b", PORT);
    SSLEngine called = b.called();
    shakeHands(caller, called);
    assertThat(caller.getSession().getProtocol()).isEqualTo("TLSv1.3");
    b.mustBe("a", called);
    assertThatThrownBy(() -> b.mustBe("w", called))
        .isInstanceOf(CertificateRefused.class)
        .hasMessageContaining("claims to be host 'w' of cluster 'test'")
        .hasMessageContaining("is that of host 'a' of cluster 'test'")
        .hasMessageContaining("baton://test/w");
  }

  @Test
  void aHostThatAnswersForAnotherIsRefused() throws Exception {
    assertThat(callersRefusal(tls(OURS, "test", "a").caller("w", PORT), tls(OURS, "test", "b")))
        .contains("claims to be host 'w'", "is that of host 'b'");
  }

  @Test
  void anotherClusterOfTheSameAuthorityIsRefusedByBothSides() throws Exception {
    MutualTls a = tls(OURS, "test", "a");
    MutualTls other = tls(OURS, "shop", "b");
    assertThat(callersRefusal(a.caller("b", PORT), other))
        .contains("is that of host 'b' of cluster 'shop', and this is cluster 'test'");
    SSLEngine believing = new TrustingCaller(OURS.files("shop", "b")).engine("a");
    assertThat(refusal(believing, a.called()))
        .contains("is that of host 'b' of cluster 'shop', and this is cluster 'test'");
  }

  @Test
  void anotherAuthorityIsRefusedByName() throws Exception {
    assertThat(callersRefusal(tls(OURS, "test", "a").caller("b", PORT), tls(THEIRS, "test", "b")))
        .contains("comes from 'CN=Baton authority of theirs'")
        .contains("not in " + OURS.files("test", "a").ca())
        .contains("one authority on all hosts");
  }

  @Test
  void aCertificateThatHasEndedIsRefusedWithItsDateAndTheClock() throws Exception {
    MutualTls ended = MutualTls.open(new HostIdentity("test", "b"), OURS.ended("test", "b"));
    assertThat(callersRefusal(tls(OURS, "test", "a").caller("b", PORT), ended))
        .contains("its certificate, of host 'b' of cluster 'test', ended at 20")
        .contains("renew it there, or see to the clock");
  }

  @Test
  void aCallerWithoutACertificateIsRefused() throws Exception {
    SSLEngine nobody = new TrustingCaller(null).engine("a");
    assertThat(refusal(nobody, tls(OURS, "test", "a").called()))
        .contains("it shows no certificate");
  }

  @Test
  void filesThatAreOfNoUseToThisHostAreNotTaken() throws Exception {
    HostIdentity a = new HostIdentity("test", "a");
    TlsFiles own = OURS.files("test", "a");
    assertThatThrownBy(() -> MutualTls.open(a, OURS.files("test", "b")))
        .hasMessageContaining("is of no use to host 'a' of cluster 'test'")
        .hasMessageContaining("put the certificate of baton://test/a there");
    assertThatThrownBy(() -> MutualTls.open(a, OURS.files("shop", "b")))
        .hasMessageContaining("is that of host 'b' of cluster 'shop'");
    TlsFiles otherKey =
        new TlsFiles(own.certificate(), OURS.files("test", "b").privateKey(), own.ca());
    assertThatThrownBy(() -> MutualTls.open(a, otherKey))
        .hasMessageContaining("is not the key of the certificate in " + own.certificate());
    TlsFiles otherAuthority =
        new TlsFiles(own.certificate(), own.privateKey(), THEIRS.files("test", "b").ca());
    assertThatThrownBy(() -> MutualTls.open(a, otherAuthority))
        .hasMessageContaining("comes from 'CN=Baton authority of ours'");
    Path open = Files.copy(own.privateKey(), folder.resolve("open.key"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> MutualTls.open(a, new TlsFiles(own.certificate(), open, own.ca())))
        .hasMessageContaining("run: chmod 600 " + open);
    assertThatThrownBy(
            () -> MutualTls.open(a, new TlsFiles(own.privateKey(), own.privateKey(), own.ca())))
        .hasMessageContaining(own.privateKey() + " holds no certificate");
  }

  @Test
  void whatIsReadAnewCountsForTheNextConnectionAndABrokenFileForNone() throws Exception {
    MutualTls a = tls(OURS, "test", "a");
    TlsFiles theirs = THEIRS.files("test", "b");
    Path certificate = folder.resolve("b.crt");
    Path key = folder.resolve("b.key");
    Path ca = folder.resolve("ca.crt");
    TlsFiles files = new TlsFiles(certificate, key, ca);
    copy(theirs, files);
    MutualTls b = MutualTls.open(new HostIdentity("test", "b"), files);
    assertThat(callersRefusal(a.caller("b", PORT), b)).contains("theirs");
    copy(OURS.files("test", "b"), files);
    Runnable inForce = b.prepare(files);
    assertThat(callersRefusal(a.caller("b", PORT), b)).as("not yet").contains("theirs");
    inForce.run();
    shakeHands(a.caller("b", PORT), b.called());
    Files.writeString(certificate, "nothing");
    assertThatThrownBy(() -> b.prepare(files)).hasMessageContaining(certificate.toString());
    shakeHands(a.caller("b", PORT), b.called());
  }

  private static void copy(TlsFiles from, TlsFiles to) throws IOException {
    Files.copy(from.certificate(), to.certificate(), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(
        from.privateKey(),
        to.privateKey(),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(from.ca(), to.ca(), StandardCopyOption.REPLACE_EXISTING);
  }

  private static String callersRefusal(SSLEngine caller, MutualTls called) {
    return refusal(caller, called.called());
  }

  private static String refusal(SSLEngine caller, SSLEngine called) {
    try {
      shakeHands(caller, called);
    } catch (SSLException e) {
      return MutualTls.refusal(e).orElseThrow();
    }
    throw new AssertionError("they believed each other");
  }

  /// Hands each side's bytes to the other until both are through.
  private static void shakeHands(SSLEngine caller, SSLEngine called) throws SSLException {
    ByteBuffer toCalled = ByteBuffer.allocate(1 << 16);
    ByteBuffer toCaller = ByteBuffer.allocate(1 << 16);
    for (int round = 0; round < 100; round++) {
      step(caller, toCalled, toCaller);
      step(called, toCaller, toCalled);
      if (done(caller) && done(called) && toCalled.position() == 0 && toCaller.position() == 0) {
        return;
      }
    }
    throw new AssertionError("no end of the handshake");
  }

  private static boolean done(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
        && !engine.getSession().getProtocol().equals("NONE");
  }

  private static void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
    if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
        && engine.getSession().getProtocol().equals("NONE")) {
      engine.beginHandshake();
    }
    ByteBuffer plain = ByteBuffer.allocate(1 << 16);
    in.flip();
    boolean moved = true;
    while (moved) {
      SSLEngineResult read = engine.unwrap(in, plain);
      tasks(engine);
      int before = out.position();
      if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        engine.wrap(ByteBuffer.allocate(0), out);
        tasks(engine);
      }
      moved = read.bytesConsumed() > 0 || out.position() > before;
    }
    in.compact();
  }

  private static void tasks(SSLEngine engine) {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }
}
