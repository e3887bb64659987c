package dev.baton.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baton.lab.demo.DemoReport.Move;
import dev.baton.lab.demo.DemoReport.Phase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The whole of it: two agents, two databases, coordination, each a process; clients with real
/// drivers at the second host's agent; the first database goes, and they go on, on the same
/// connections.
@Timeout(300)
class DemoIT {
  private static final int SECONDS = 8;

  /// A need must last before it counts.
  private static final int NEED_SECONDS = 14;

  @TempDir Path folder;

  /// Claims 9, 10: agent, database and coordination server of the home at once; nobody is left to
  /// attest it, so its lease runs out first.
  @Test
  void aLostHostIsNotNoticedByClientsOfAGateway() throws Exception {
    Move move = survived("w", "kill-host@3s", SECONDS);
    assertThat(move.kind()).isEqualTo("failover");
    assertThat(move.reason()).contains("silent until its lease ended");
    assertThat(move.phases()).extracting(Phase::name).contains("rejoin");
  }

  /// Clients that know both hosts: those of the lost one come back through the other, and what they
  /// were told agrees with what is there.
  @Test
  void clientsOfALostHostFindTheirTransactionsSettled() throws Exception {
    DemoReport report = run("a,b", "kill-host@3s", SECONDS);
    assertThat(report.clientsOfLostFront()).isEqualTo(3);
    assertThat(report.moves()).extracting(Move::outcome).containsExactly("done");
  }

  /// Claims 12 to 14, 22 to 24: the home's host is loaded, the standby's is not.
  @Test
  void aLoadedHostIsLeftByItsPolicy() throws Exception {
    Move move = survived("overload@3s", NEED_SECONDS);
    assertThat(move.kind()).isEqualTo("switchover");
    assertThat(move.reason()).contains("a is used to");
  }

  /// Claims 15, 16, 25, 26.
  @Test
  void aHostWithWorseHardwareIsLeftByItsPolicy() throws Exception {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "there is no core to take away");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/taskset")), "there is no taskset");
    Move move = survived("degrade@3s", NEED_SECONDS);
    assertThat(move.kind()).isEqualTo("switchover");
    assertThat(move.reason()).contains("1 cores against");
  }

  /// Claims 11 and 21: announced, not begun by somebody at the database.
  @Test
  void announcedMaintenanceIsEvaded() throws Exception {
    Move move = survived("maintenance@3s", NEED_SECONDS);
    assertThat(move.kind()).isEqualTo("switchover");
    assertThat(move.reason()).contains("a drill");
  }

  private Move survived(String fault, int seconds) throws Exception {
    return survived("b", fault, seconds);
  }

  private Move survived(String through, String fault, int seconds) throws Exception {
    DemoReport report = run(through, fault, seconds);
    assertThat(report.moves()).hasSize(1);
    Move move = report.moves().getFirst();
    assertThat(move.source()).isEqualTo("a");
    assertThat(move.target()).isEqualTo("b");
    assertThat(move.outcome()).isEqualTo("done");
    assertThat(move.clientsHeld()).isPositive();
    assertThat(move.phases().stream().mapToDouble(Phase::millis).sum())
        .as("phases add up")
        .isCloseTo(move.totalMillis(), within(5.0));
    return move;
  }

  private DemoReport run(String through, String fault, int seconds) throws Exception {
    StringWriter said = new StringWriter();
    DemoOptions options = SmallDemo.loaded(folder, through, seconds, fault);
    DemoReport report;
    try (Demo demo = new Demo(options, new PrintWriter(said, true))) {
      demo.start();
      report = demo.run();
    }
    assertThat(report.clean()).as(said.toString()).isTrue();
    assertThat(report.transactionsAcknowledged()).isPositive();
    assertThat(report.requestsPurged()).as("the log covers most requests").isPositive();
    assertThat(report.replicationBytesForwarded()).isPositive();
    return report;
  }
}
