package dev.baton.service.control;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the control interface listens and whom it believes. Without TLS only a loopback address is
/// taken.
///
/// @param operatorTokenFile readable by its owner alone; its holder may do everything
/// @param tokensFile likewise; each line a role, a name, a token; null: there is none
/// @param tls null: plain HTTP
/// @param certificateRoles a role and the common name of a client's certificate, each
/// @param origins web origins (`https://host:port`) beside its own whose pages may use the
///   interface
/// @param streamInterval between two looks at the source for the stream, while somebody listens
public record ControlSettings(
    InetSocketAddress listen,
    Path operatorTokenFile,
    @Nullable Path tokensFile,
    @Nullable Tls tls,
    List<String> certificateRoles,
    List<String> origins,
    Duration streamInterval) {
  private static final Duration STREAM_INTERVAL = Duration.ofMillis(250);

  /// @param certificate PEM chain, the server's own first
  /// @param privateKey PEM, PKCS #8
  /// @param clientCa PEM; from one of these a client's certificate must come; null: none is asked
  ///   for
  public record Tls(Path certificate, Path privateKey, @Nullable Path clientCa) {}

  public ControlSettings {
    certificateRoles = List.copyOf(certificateRoles);
    origins = List.copyOf(origins);
  }

  /// As often told as is good for a person who looks.
  public ControlSettings(
      InetSocketAddress listen,
      Path operatorTokenFile,
      @Nullable Path tokensFile,
      @Nullable Tls tls,
      List<String> certificateRoles,
      List<String> origins) {
    this(listen, operatorTokenFile, tokensFile, tls, certificateRoles, origins, STREAM_INTERVAL);
  }

  /// Plain HTTP on a loopback address, and one token.
  public static ControlSettings loopback(int port, Path operatorTokenFile) {
    return new ControlSettings(
        new InetSocketAddress("127.0.0.1", port),
        operatorTokenFile,
        null,
        null,
        List.of(),
        List.of());
  }

  ControlSettings withTokensFile(Path file) {
    return new ControlSettings(
        listen, operatorTokenFile, file, tls, certificateRoles, origins, streamInterval);
  }
}
