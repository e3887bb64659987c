package dev.baton.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.instance.ServerProcesses;
import dev.baton.engine.postgres.instance.Signals;
import dev.baton.model.view.ServiceView;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A service with two standbys, both in sync: each can take over, and when home and the next home
/// are lost at once, the third host has every commit.
@Timeout(240)
class ThreeHostsIT {
  private static final Duration BOUND = Duration.ofSeconds(90);

  @TempDir private Path folder;

  @Test
  void theThirdHostHasEveryCommit() throws Exception {
    DemoOptions options = SmallDemo.quiet(folder);
    try (DemoFiles files = DemoFiles.create(options, List.of("a", "b", "w", DemoHost.THIRD));
        DemoCluster cluster = new DemoCluster(files, _ -> StartupCache.inUse())) {
      cluster.start();
      cluster.prepareDatabase(BOUND);
      cluster.await("in sync on both", BOUND, service -> inSync(service).equals(Set.of("b", "c")));
      cluster.awaitProtected(BOUND);
      try (Connection client =
              DriverManager.getConnection(
                  files.host("w").jdbcUrl(), DemoFiles.USER, DemoFiles.PASSWORD);
          Statement statement = client.createStatement()) {
        statement.execute("CREATE TABLE step (n int)");
        statement.execute("INSERT INTO step VALUES (1)");
        killDatabase(files, "a");
        statement.execute("INSERT INTO step VALUES (2)");
        ServiceView moved =
            cluster.await(
                "in sync on both others",
                BOUND,
                service -> service.home().equals("b") && inSync(service).equals(Set.of("a", "c")));
        assertThat(moved.epoch()).isEqualTo(2);

        for (String host : List.of("a", "b")) {
          cluster.staysDown(host);
          Signals.send(cluster.agentId(host), Signals.KILL);
          killDatabase(files, host);
        }
        statement.execute("INSERT INTO step VALUES (3)");
        assertThat(ForeignServer.ask(client, "SELECT n FROM step ORDER BY n"))
            .containsExactly("1", "2", "3");
      }
      assertThat(cluster.await("home at c", BOUND, each -> each.home().equals("c")).epoch())
          .isEqualTo(3);
      cluster.await("in sync again", BOUND, service -> inSync(service).equals(Set.of("a", "b")));
    }
  }

  private static void killDatabase(DemoFiles files, String host) throws Exception {
    Path data = files.host(host).dataDirectory();
    Signals.send(ServerProcesses.main(data).orElseThrow(), Signals.KILL);
    ServerProcesses.kill(data);
  }

  private static Set<String> inSync(ServiceView service) {
    return service.standbys().stream()
        .filter(standby -> standby.state().equals("in-sync"))
        .map(ServiceView.StandbyView::host)
        .collect(Collectors.toSet());
  }
}
