package dev.baton.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baton.lab.demo.FaultMatrix.Cell;
import dev.baton.lab.fault.FaultOrder;
import dev.baton.lab.load.Workload;
import dev.baton.model.Durability;
import dev.baton.testing.FreePorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Promises 1 to 3 and 5 with real processes: whatever is done to a cluster, what clients were told
/// holds, nobody is told what cannot be, and all of it is whole again afterwards, by itself. A
/// sample always; as much of the matrix as fits into `-Dbaton.faults.minutes`, beginning with what
/// was run least often, written to docs/faults.md.
class FaultMatrixIT {
  static final Path DOCUMENT = Path.of("../../docs/faults.md");
  private static final Duration BUDGET =
      Duration.ofMinutes(Long.getLong("baton.faults.minutes", 0));

  @TempDir Path folder;

  /// A home that is alone and lives: another takes over, the old one serves nobody, and follows
  /// when the network is whole. Then home and standby lose sight of each other alone: nothing
  /// moves.
  @Test
  @Timeout(240)
  void partitionsHarmNobody() throws Exception {
    Run run =
        run(
            folder.resolve("sample"),
            "w",
            List.of(FaultOrder.parse("isolate-host:a@2"), FaultOrder.parse("cut-peer:b@17")),
            30);
    assertThat(run.verdict()).as(run.said()).isEqualTo(FaultRecord.HELD);
    assertThat(run.targets()).containsExactly("b");
  }

  @Test
  void everyCellHolds() throws Exception {
    assumeTrue(BUDGET.isPositive(), "the whole matrix runs in the profile nightly");
    SplittableRandom random = new SplittableRandom();
    Instant until = Instant.now().plus(BUDGET);
    List<Cell> cells = FaultMatrix.cells();
    FaultRecord record = FaultRecord.read(DOCUMENT, cells.stream().map(Cell::name).toList());
    List<String> broken = new ArrayList<>();
    for (int number = 0; Instant.now().isBefore(until); number++) {
      String name = record.next();
      Cell cell = cells.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
      List<FaultOrder> orders = cell.orders(random);
      Run run = run(folder.resolve("run" + number), cell.through(), orders, cell.seconds());
      record.add(name, run.verdict(), commit(), now());
      if (!run.verdict().equals(FaultRecord.HELD)) {
        broken.add(name + " " + orders + ": " + run.verdict() + "\n" + run.said());
      }
    }
    assertThat(broken).isEmpty();
  }

  /// @param targets of the moves that there were
  private record Run(String verdict, List<String> targets, String said) {}

  private Run run(Path directory, String through, List<FaultOrder> faults, int seconds)
      throws Exception {
    // the database's own user must get to its files
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    StringWriter said = new StringWriter();
    DemoOptions options =
        new DemoOptions(
            directory,
            FreePorts.row(SmallDemo.PORTS),
            Duration.ofSeconds(seconds),
            4,
            through,
            Workload.HISTORIES,
            1_000,
            Durability.REPLICATION,
            true,
            faults,
            null,
            null);
    try (Demo demo = new Demo(options, new PrintWriter(said, true))) {
      demo.start();
      DemoReport report = demo.run();
      List<String> targets = report.moves().stream().map(DemoReport.Move::target).toList();
      return new Run(verdict(report), targets, said.toString());
    } catch (IOException e) {
      String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      return new Run("no result: " + first.replace('|', '/'), List.of(), e.toString());
    }
  }

  private static String verdict(DemoReport report) {
    List<String> wrong = new ArrayList<>();
    say(wrong, report.transactionsLost(), "lost");
    say(wrong, report.transactionsDuplicated(), "doubled");
    say(wrong, report.rowsDiffering(), "rows differ");
    say(wrong, report.clientErrors(), "client errors");
    say(wrong, report.clientReconnects(), "reconnects");
    say(wrong, report.faults().stream().filter(fault -> !fault.applied()).count(), "not applied");
    return wrong.isEmpty() ? FaultRecord.HELD : String.join(", ", wrong);
  }

  private static void say(List<String> wrong, long count, String what) {
    if (count != 0) {
      wrong.add(count + " " + what);
    }
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.MINUTES).toString();
  }

  private static String commit() throws IOException {
    Process git =
        new ProcessBuilder("git", "rev-parse", "--short", "HEAD").redirectErrorStream(true).start();
    try (var said = git.inputReader()) {
      return said.lines().limit(1).collect(Collectors.joining());
    }
  }
}
