package dev.baton.service.control;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where the control interface listens and whom it believes. Without a certificate only a loopback
/// address is taken.
///
/// @param operatorTokenFile readable by its owner alone
/// @param certificate PEM chain; null: plain HTTP
/// @param privateKey PEM; null with `certificate`
/// @param origins web origins (`https://host:port`) beside its own whose pages may use the
///   interface
/// @param streamInterval between two looks at the source for the stream, while somebody listens
public record ControlSettings(
    InetSocketAddress listen,
    Path operatorTokenFile,
    @Nullable Path certificate,
    @Nullable Path privateKey,
    Set<String> origins,
    Duration streamInterval) {

  /// Plain HTTP on a loopback address.
  public static ControlSettings loopback(int port, Path operatorTokenFile) {
    return new ControlSettings(
        new InetSocketAddress("127.0.0.1", port),
        operatorTokenFile,
        null,
        null,
        Set.of(),
        Duration.ofMillis(250));
  }
}
