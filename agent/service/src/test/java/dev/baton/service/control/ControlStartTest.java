package dev.baton.service.control;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// With what a control server does not start.
final class ControlStartTest extends ControlStage {
  @Test
  void doesNotStartWithATokenThatOthersCanRead() throws Exception {
    Path file = folder.resolve("open.token");
    Files.writeString(file, "x".repeat(30));
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Files.getFileStore(file).supportsFileAttributeView("posix"), "needs POSIX permissions");
    for (String permissions : List.of("rw-r-----", "rw----r--", "rw--w----")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      assertThatThrownBy(
              () -> ControlServer.open(ControlSettings.loopback(0, file), source, transport))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("chmod 600");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "has a blank in its middle, though long"})
  void doesNotStartWithAWeakToken(String weak) throws Exception {
    Path file = folder.resolve("weak.token");
    OperatorToken.create(file);
    Files.writeString(file, weak);
    assertThatThrownBy(
            () -> ControlServer.open(ControlSettings.loopback(0, file), source, transport))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("at least 20");
  }

  @Test
  void doesNotListenBeyondTheLoopbackWithoutTls() {
    ControlSettings settings =
        new ControlSettings(
            new InetSocketAddress("0.0.0.0", 0),
            folder.resolve("operator.token"),
            null,
            null,
            List.of(),
            List.of());
    assertThatThrownBy(() -> ControlServer.open(settings, source, transport))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("without TLS");
  }
}
