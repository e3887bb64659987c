package dev.baton.service.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.model.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentConfigTest {
  private static final String GOOD =
      """
      cluster: demo
      host: a
      bind: 127.0.0.1
      ports: {clients: 6432, peers: 6433, control: 6434}
      directory: agent
      coordination: 127.0.0.1:6435
      secretFile: secret
      operatorTokenFile: token
      services:
        - name: app
          home: a
          dataDirectory: data
          port: 6440
          relayPort: 6441
          adminPasswordFile: password
      """;

  @TempDir Path folder;

  @Test
  void fillsInWhatIsUsual() throws Exception {
    AgentConfig config = read(GOOD);
    assertThat(config.ports().peers()).isEqualTo(6433);
    AgentConfig.Service service = config.services().getFirst();
    assertThat(service.engine()).isEqualTo("postgresql");
    assertThat(service.durability()).isEqualTo(Durability.REPLICATION);
    assertThat(service.memoryBytes()).isEqualTo(256L << 20);
    assertThat(service.twins()).isTrue();
  }

  @Test
  void namesTheLineOfAnUnknownKey() {
    assertThatThrownBy(() -> read(GOOD.replace("bind:", "bnid:")))
        .isInstanceOf(AgentConfig.ConfigurationException.class)
        .hasMessageContaining("line 3")
        .hasMessageContaining("bnid");
  }

  @Test
  void namesTheKeyThatIsMissing() {
    assertThatThrownBy(() -> read(GOOD.replace("cluster: demo\n", "")))
        .hasMessageContaining("'cluster' is missing");
    assertThatThrownBy(() -> read(GOOD.replace("    port: 6440\n", "")))
        .hasMessageContaining("'port' and 'relayPort'");
  }

  @Test
  void namesTheModesWhenOneIsUnknown() {
    assertThatThrownBy(() -> read(GOOD + "    durability: always\n"))
        .hasMessageContaining("replication, request or async");
  }

  @Test
  void refusesASecretThatOthersCanRead() throws IOException {
    Path secret = folder.resolve("secret");
    Files.writeString(secret, "x\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> AgentConfig.secret(secret)).hasMessageContaining("chmod 600");
  }

  @Test
  void readsASecretWithoutItsLineEnd() throws Exception {
    Path secret = folder.resolve("secret");
    Files.writeString(secret, "x\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    assertThat(AgentConfig.secret(secret)).isEqualTo("x");
  }

  private AgentConfig read(String text) throws Exception {
    Path file = folder.resolve("agent.yaml");
    Files.writeString(file, text);
    return AgentConfig.read(file);
  }
}
