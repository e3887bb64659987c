package dev.baton.service.peer;

import dev.baton.service.tls.MutualTls;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Who an agent is to the others, and how it shows it. Any thread.
public final class PeerIdentity {
  private final String cluster;
  private final String host;
  private final SecretKeySpec secret;
  private final long clusterHash;
  private final @Nullable MutualTls tls;

  /// @param secret shared by all agents of the cluster, not empty
  /// @param tls null: in plain text, which is for the loopback address alone
  public PeerIdentity(String cluster, String host, String secret, @Nullable MutualTls tls) {
    this.tls = tls;
    if (cluster.isEmpty() || host.isEmpty() || secret.isEmpty()) {
      throw new IllegalArgumentException("cluster, host and secret of an agent must not be empty");
    }
    this.cluster = cluster;
    this.host = host;
    this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    this.clusterHash = hash(cluster);
  }

  public String cluster() {
    return cluster;
  }

  public String host() {
    return host;
  }

  @Nullable MutualTls tls() {
    return tls;
  }

  /// Names the cluster in every frame. No secret: it only keeps strangers from talking by mistake.
  long clusterHash() {
    return clusterHash;
  }

  private static long hash(String cluster) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(cluster.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  byte[] proof(byte[] transcript) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(secret);
      return mac.doFinal(transcript);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  @Override
  public String toString() {
    return host + "@" + cluster;
  }
}
