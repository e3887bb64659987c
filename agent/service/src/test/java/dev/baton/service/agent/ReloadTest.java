package dev.baton.service.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.baton.model.view.SessionView;
import dev.baton.net.AccessPolicy;
import dev.baton.net.ClientLatency;
import dev.baton.net.Front;
import dev.baton.service.audit.AuditEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
  private static final String TEXT =
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
        - {name: app, home: a, dataDirectory: d, port: 1, relayPort: 2, adminPasswordFile: p,
           access: [host all all all md5]}
        - {name: shop, home: a, dataDirectory: e, port: 3, relayPort: 4, adminPasswordFile: p,
           clientPort: 5}
      """;

  @TempDir Path folder;
  private final RecordingFront app = new RecordingFront();
  private final RecordingFront shop = new RecordingFront();
  private final List<AuditEvent> audit = new ArrayList<>();
  private final List<AgentConfig> control = new ArrayList<>();
  private Reload reload;

  @BeforeEach
  void start() throws Exception {
    AgentConfig.Loaded loaded = AgentConfig.load(write(TEXT));
    reload =
        new Reload(
            loaded,
            Map.of("app", app, "shop", shop),
            Map.of("app", AccessPolicies.of(loaded, 0), "shop", AccessPolicies.of(loaded, 1)),
            next -> {
              if (next.control().origins().contains("broken")) {
                throw new IOException("no such origin");
              }
              control.add(next);
            },
            audit::add);
  }

  @Test
  void whatIsLiveCountsAndTheRestIsNamed() throws Exception {
    write(TEXT.replace("md5", "reject").replace("port: 3", "port: 33").replace("6434", "6444"));
    assertThat(reload.run())
        .isEqualTo(
            new Reload.Outcome(
                List.of(),
                List.of("services[0].access"),
                List.of("ports.control", "services[1].port")));
    assertThat(app.policies.getLast().rules().getFirst().text())
        .isEqualTo("host all all all reject");
    assertThat(audit)
        .extracting(AuditEvent::action, AuditEvent::result, AuditEvent::detail)
        .containsExactly(tuple("reload", "done", "applied [services[0].access]"));
  }

  @Test
  void whatWaitsForARestartIsNamedUntilItIsTakenBack() throws Exception {
    write(TEXT.replace("6434", "6444"));
    reload.run();
    assertThat(reload.run().waiting()).containsExactly("ports.control");
    write(TEXT);
    assertThat(reload.run()).isEqualTo(new Reload.Outcome(List.of(), List.of(), List.of()));
  }

  @Test
  void aBrokenFileChangesNothing() throws Exception {
    write(TEXT.replace("md5", "reject").replace("bind", "bnid"));
    assertThat(reload.run().problems()).singleElement().asString().contains("did you mean 'bind'");
    assertThat(app.policies).isEmpty();
  }

  @Test
  void onePolicyThatCannotBeUsedTakesTheOthersBack() throws Exception {
    write(TEXT.replace("md5", "reject"));
    shop.broken = true;
    app.broken = true;
    assertThat(reload.run().problems()).singleElement().asString().contains("no such rule");
    app.broken = false;
    assertThat(reload.run().problems()).hasSize(1);
    assertThat(app.inForce()).isIn("", "host all all all md5");
    shop.broken = false;
    assertThat(reload.run().applied()).containsExactly("services[0].access");
    assertThat(app.inForce()).isEqualTo("host all all all reject");
  }

  @Test
  void credentialsOfOperatorsAreReadAnewWithTheRest() throws Exception {
    write(TEXT.replace("services:", "control: {origins: ['https://ops.example']}\nservices:"));
    assertThat(reload.run().applied()).containsExactly("control.origins");
    assertThat(control.getLast().control().origins()).containsExactly("https://ops.example");
    write(
        TEXT.replace("services:", "control: {origins: [broken]}\nservices:")
            .replace("md5", "reject"));
    assertThat(reload.run().problems()).containsExactly("no such origin");
    assertThat(app.inForce()).isEqualTo("host all all all md5");
  }

  @Test
  void filesAreReadAnewThoughNoKeyHasChanged() {
    reload.run();
    assertThat(app.policies).hasSize(1);
    assertThat(shop.policies).hasSize(1);
  }

  @Test
  void aServiceThatIsNewWaitsForARestart() throws Exception {
    write(
        TEXT
            + "  - {name: new, home: a, dataDirectory: f, port: 7, relayPort: 8,"
            + " adminPasswordFile: p, clientPort: 9}\n");
    assertThat(reload.run().waiting()).containsExactly("services");
  }

  private Path write(String text) throws IOException {
    Path file = folder.resolve("agent.yaml");
    Files.writeString(file, text);
    return file;
  }

  private static final class RecordingFront implements Front {
    private final List<AccessPolicy> policies = new ArrayList<>();
    private boolean broken;

    String inForce() {
      return policies.isEmpty() ? "" : policies.getLast().rules().getFirst().text();
    }

    @Override
    public void reload(AccessPolicy access) throws IOException {
      if (broken) {
        throw new IOException("no such rule");
      }
      policies.add(access);
    }

    @Override
    public InetSocketAddress address() {
      return new InetSocketAddress(0);
    }

    @Override
    public List<SessionView> sessions() {
      return List.of();
    }

    @Override
    public Counters counters() {
      return new Counters(0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public ClientLatency latency() {
      return new ClientLatency();
    }

    @Override
    public MoveTally tally(long epoch) {
      return new MoveTally(epoch, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public boolean disconnect(String sessionId) {
      return false;
    }

    @Override
    public void close() {}
  }
}
