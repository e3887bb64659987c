package dev.baton.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.lab.fault.FaultOrder;
import dev.baton.lab.load.Workload;
import dev.baton.model.Durability;
import dev.baton.service.agent.AgentConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoFilesTest {
  private @TempDir Path directory;

  @Test
  void writesConfigurationsThatAnAgentTakes() throws Exception {
    try (DemoFiles files = DemoFiles.create(options(directory))) {
      for (DemoHost host : files.hosts()) {
        AgentConfig config = AgentConfig.read(host.configuration());
        assertThat(config.host()).isEqualTo(host.name());
        assertThat(config.ports().clients()).isEqualTo(host.clientPort());
        assertThat(config.services())
            .singleElement()
            .satisfies(
                service -> {
                  assertThat(service.home()).isEqualTo("a");
                  assertThat(service.durability()).isEqualTo(Durability.REQUEST);
                  assertThat(service.carriesInstance()).isEqualTo(host.hasDatabase());
                  assertThat(service.dataDirectory())
                      .isEqualTo(host.hasDatabase() ? host.dataDirectory() : null);
                });
        assertThat(AgentConfig.secret(config.secretFile())).hasSize(48);
        assertThat(AgentConfig.secret(config.operatorTokenFile())).hasSize(48);
      }
      assertThat(files.host("a").databasePort()).isEqualTo(20_008);
      assertThat(files.host("b").clientPort()).isEqualTo(20_010);
    }
  }

  @Test
  void touchesNoFolderThatIsNotItsOwn() throws Exception {
    Files.writeString(directory.resolve("precious"), "mine");
    assertThatThrownBy(() -> DemoFiles.create(options(directory)).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no demo made");
    assertThat(directory.resolve("precious")).exists();
  }

  @Test
  void beginsAnewInItsOwnFolder() throws Exception {
    DemoFiles.create(options(directory)).close();
    Files.writeString(directory.resolve("demo.json"), "old");
    DemoFiles.create(options(directory)).close();
    assertThat(directory.resolve("demo.json")).doesNotExist();
  }

  @Test
  void refusesOptionsThatContradict() {
    assertThatThrownBy(() -> new FaultLengths(30))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("after --seconds");
  }

  /// A fault that would come when all is over.
  private record FaultLengths(int atSeconds) {
    private FaultLengths {
      new DemoOptions(
          Path.of("unused"),
          20_000,
          Duration.ofSeconds(20),
          4,
          "b",
          Workload.LEDGER,
          0,
          Durability.REPLICATION,
          true,
          List.of(FaultOrder.parse("kill-database@" + atSeconds + "s")),
          null,
          null);
    }
  }

  private static DemoOptions options(Path directory) {
    return new DemoOptions(
        directory,
        20_000,
        Duration.ofSeconds(20),
        4,
        "b",
        Workload.LEDGER,
        0,
        Durability.REQUEST,
        true,
        List.of(),
        null,
        null);
  }
}
