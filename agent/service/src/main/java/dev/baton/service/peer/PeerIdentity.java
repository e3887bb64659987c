package dev.baton.service.peer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Who an agent is to the others. Immutable.
public final class PeerIdentity {
  private final String cluster;
  private final String host;
  private final SecretKeySpec secret;
  private final long clusterHash;

  /// @param secret shared by all agents of the cluster, not empty
  public PeerIdentity(String cluster, String host, String secret) {
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
