package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.scram.Credential;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.Map;

/// A client that has proved who it is, or whom a rule believes. It has been sent
/// AuthenticationSASLFinal where it has proved a password, and nothing since: AuthenticationOk,
/// ParameterStatus, BackendKeyData and ReadyForQuery, or an ErrorResponse, are the session's to
/// send when it has a backend.
///
/// The pipeline ends with a `MessageDecoder` for what the client sends (before it, with TLS, the
/// TLS handler). Reading is on.
///
/// @param protocolMinor what was agreed on: 0 or 2
/// @param parameters of the start-up packet as byte strings, in order, `user` and `database` always
///   among them, without `_pq_.` options and `replication`; they go into each backend's start-up
/// @param remote the client's address
public record LoggedInClient(
    Channel channel,
    int protocolMinor,
    Map<String, String> parameters,
    Credential credential,
    boolean tls,
    InetSocketAddress remote) {
  public String user() {
    return parameters.getOrDefault("user", "");
  }

  public String database() {
    return parameters.getOrDefault("database", user());
  }

  /// Bytes of the cancel key that its protocol version has.
  public int cancelKeyBytes() {
    return protocolMinor >= 2 ? 32 : 4;
  }
}
