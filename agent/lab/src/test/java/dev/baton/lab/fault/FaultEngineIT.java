package dev.baton.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.instance.InstanceHarm;
import dev.baton.model.MoveKind;
import dev.baton.model.view.PolicyRequest;
import dev.baton.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On processes that stand for an agent and a database.
class FaultEngineIT {
  private @TempDir Path directory;
  private Process agent;
  private Process database;
  private Process voter;
  private FaultEngine engine;
  private boolean told;
  private final List<String> asked = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    agent = new ProcessBuilder("sleep", "600").start();
    database = new ProcessBuilder("sleep", "600").start();
    voter = new ProcessBuilder("sleep", "600").start();
    DemoFile.Host host =
        new DemoFile.Host("", "", agent.pid(), database.pid(), 1, directory.toString());
    new DemoFile(Map.of("a", host), Map.of("app", new DemoFile.Service("a", List.of("b"))), "token")
        .write(directory);
    engine =
        new FaultEngine(
            directory,
            new FaultEngine.Cluster() {
              @Override
              public boolean move(String service, MoveKind kind) {
                return service.equals("app");
              }

              @Override
              public boolean isProtected(String service) {
                return true;
              }

              @Override
              public void agentGoes(String host) {
                told = true;
              }

              @Override
              public void hostGoes(String host) {
                told = true;
              }

              @Override
              public long voter(String host) {
                return voter.pid();
              }

              @Override
              public List<Long> voters() {
                return List.of(voter.pid());
              }

              @Override
              public int cut(Cut cut, String host) {
                asked.add(host + " loses " + cut);
                return 1;
              }

              @Override
              public void mend(Cut cut, String host) {
                asked.add(host + " has " + cut);
              }

              @Override
              public void policy(String service, PolicyRequest change) {
                asked.add(service + " " + change.mode());
              }

              @Override
              public void announce(String host, boolean begins) {
                asked.add(host + (begins ? " begins" : " ends"));
              }

              @Override
              public String home(String service) {
                return asked.size() > 1 || Files.exists(processes("a")) ? "b" : "a";
              }

              @Override
              public Path processes(String host) {
                return directory.resolve("processes");
              }
            });
  }

  @AfterEach
  void end() {
    agent.destroyForcibly();
    database.destroyForcibly();
    voter.destroyForcibly();
  }

  @Test
  void killsTheHomesDatabase() throws Exception {
    FaultReport report = apply("kill-database@1s");
    assertThat(report.applied()).isTrue();
    assertThat(report.host()).isEqualTo("a");
    assertThat(database.waitFor()).isEqualTo(128 + 9);
    assertThat(agent.isAlive()).isTrue();
  }

  @Test
  void aKillOfWhatIsDeadAlreadyWasNotApplied() throws Exception {
    database.destroyForcibly().waitFor();
    assertThat(apply("kill-database@1s").applied()).isFalse();
  }

  @Test
  void aFreezeWithoutADatabaseWasNotApplied() throws Exception {
    assertThat(apply("freeze-database@1s").applied()).isFalse();
  }

  @Test
  void aFaultOnAHostThatIsNotThereWasNotApplied() throws Exception {
    assertThat(apply("kill-database:z@1s").applied()).isFalse();
    assertThat(database.isAlive()).isTrue();
  }

  @Test
  void pausesTheAgentAndLetsItGoOn() throws Exception {
    assertThat(apply("pause-agent@1s").applied()).isTrue();
    assertThat(InstanceHarm.isStopped(agent.pid())).isFalse();
    assertThat(agent.isAlive()).isTrue();
  }

  @Test
  void saysWhichAgentGoesBeforeItKillsIt() throws Exception {
    assertThat(apply("kill-agent:a@1s").applied()).isTrue();
    assertThat(told).isTrue();
    assertThat(agent.waitFor()).isEqualTo(128 + 9);
  }

  @Test
  void aHostGoesWithAllThatRunsOnIt() throws Exception {
    assertThat(apply("kill-host@1s").applied()).isTrue();
    assertThat(told).isTrue();
    assertThat(agent.waitFor()).isEqualTo(128 + 9);
    assertThat(voter.waitFor()).isEqualTo(128 + 9);
  }

  @Test
  void announcesMaintenanceUntilTheHomeHasLeft() throws Exception {
    assertThat(apply("maintenance@1s").applied()).isTrue();
    assertThat(asked).containsExactly("app automatic", "a begins", "a ends");
  }

  @Test
  void loadsTheHostUntilTheHomeHasLeft() throws Exception {
    assertThat(apply("overload@1s").applied()).isTrue();
    assertThat(asked).containsExactly("app automatic");
    assertThat(directory.resolve("processes")).doesNotExist();
    Await.until(
        "what loaded it has ended",
        () ->
            ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .noneMatch(child -> child.info().commandLine().orElse("").contains("while :")));
  }

  private FaultReport apply(String order) throws InterruptedException {
    return engine.apply(FaultOrder.parse(order), System.nanoTime());
  }
}
