package dev.baton.service.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;

/// The hello of every connection, so that both sides know whom they talk to and nobody who listened
/// can repeat it:
///
/// 1. caller: HELLO, versions it speaks, its host, what the connection is for, a fresh nonce
/// 2. server: CHALLENGE, the version to use, its host, its nonce, its proof
/// 3. caller: PROOF
/// 4. server: WELCOME
///
/// A proof is an HMAC with the cluster's secret over the side's name and all that both have said.
/// The server proves first: a caller never gives a proof to a stranger.
final class Handshake {
  /// Of what is said in frames; a side speaks a range and both use the highest in common.
  static final int OLDEST_VERSION = 1;

  static final int NEWEST_VERSION = 1;
  static final int NONCE_BYTES = 16;
  static final int PROOF_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Handshake() {}

  static byte[] nonce() {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    return nonce;
  }

  static boolean same(byte[] proof, byte[] expected) {
    return MessageDigest.isEqual(proof, expected);
  }

  /// What both sides have said.
  static final class Said {
    private final String callerHost;
    private final Connection connection;
    private final byte[] callerNonce;
    private final int version;
    private final String serverHost;
    private final byte[] serverNonce;

    Said(
        String callerHost,
        Connection connection,
        byte[] callerNonce,
        int version,
        String serverHost,
        byte[] serverNonce) {
      this.callerHost = callerHost;
      this.connection = connection;
      this.callerNonce = callerNonce;
      this.version = version;
      this.serverHost = serverHost;
      this.serverNonce = serverNonce;
    }

    String callerHost() {
      return callerHost;
    }

    Connection connection() {
      return connection;
    }

    private byte[] proof(PeerIdentity self, String side) {
      ByteBuf bytes = Unpooled.buffer();
      for (String text :
          new String[] {side, self.cluster(), callerHost, serverHost, connection.name()}) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes.writeInt(utf8.length).writeBytes(utf8);
      }
      bytes.writeInt(version).writeBytes(callerNonce).writeBytes(serverNonce);
      byte[] transcript = new byte[bytes.readableBytes()];
      bytes.readBytes(transcript);
      return self.proof(transcript);
    }

    byte[] serverProof(PeerIdentity self) {
      return proof(self, "server");
    }

    byte[] callerProof(PeerIdentity self) {
      return proof(self, "caller");
    }
  }
}
