package dev.baton.service.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.service.cli.CommandFailed;
import dev.baton.service.config.HangUp;
import dev.baton.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentProcessTest {
  private static final String TEXT =
      """
      cluster: demo
      host: a
      bind: 127.0.0.1
      ports: {clients: 6432, peers: 6433, control: 6434}
      directory: agent
      coordination: 127.0.0.1:6435
      secretFile: %1$s
      operatorTokenFile: %1$s
      services:
        - name: app
          home: a
          dataDirectory: data
          port: 6440
          relayPort: 6441
          adminPasswordFile: %1$s
          access:
            - hostssl all all all scram-sha-256
            - host all all 10.0.0.0/8 reject
      """;

  @TempDir Path folder;
  private Path secret = Path.of("");

  @BeforeEach
  void writeSecret() throws IOException {
    secret = folder.resolve("secret");
    Files.writeString(secret, "not-to-be-guessed-by-anybody\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aGoodConfigurationIsForAHostAndItsServices() throws Exception {
    assertThat(new AgentProcess().check(write(TEXT)))
        .endsWith("can be used: host a of cluster demo, services [app]");
  }

  @Test
  void rulesAreCheckedByTheEngineAndSecretsByTheirPermissions() throws Exception {
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    Path file = write(TEXT.replace("10.0.0.0/8 reject", "10.0.0.0/8 ldap"));
    assertThatThrownBy(() -> new AgentProcess().check(file))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("run: chmod 600 " + secret)
        .hasMessageContaining("agent.yaml line 18: ldap is not offered");
  }

  @Test
  void tokensOfOperatorsAreCheckedToo() throws Exception {
    Path tokens = folder.resolve("tokens");
    Files.writeString(tokens, "boss alice not-to-be-guessed-by-anybody\n");
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
    Path file =
        write(TEXT.replace("services:", "control: {tokensFile: '" + tokens + "'}\nservices:"));
    assertThatThrownBy(() -> new AgentProcess().check(file))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining(tokens + " line 1: the role must be viewer, operator or admin");
  }

  @Test
  void theSignalIsTaken() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    HangUp.on(taken::countDown);
    Class<?> signal = Class.forName("sun.misc.Signal");
    signal
        .getMethod("raise", signal)
        .invoke(null, signal.getConstructor(String.class).newInstance("HUP"));
    assertThat(taken.await(Await.BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  private Path write(String text) throws IOException {
    Path file = folder.resolve("agent.yaml");
    Files.writeString(file, text.formatted(secret));
    return file;
  }
}
