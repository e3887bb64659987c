package dev.baton.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.Durability;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
  @Test
  void asyncSaysHowManyAcknowledgedTransactionsWereLost() {
    DemoReport report = report(3, 0);
    assertThat(printed(report, Durability.ASYNC))
        .contains("lost              3 acknowledged transactions")
        .contains("3 ACKNOWLEDGED TRANSACTIONS LOST, as durability async permits");
    assertThat(report.clean()).as("a figure of damage is not 0").isFalse();
  }

  @Test
  void underEveryOtherDurabilityALossIsHarm() {
    assertThat(printed(report(3, 0), Durability.REQUEST)).contains("HARM WAS DONE");
    assertThat(printed(report(3, 0), Durability.REPLICATION)).contains("HARM WAS DONE");
  }

  @Test
  void asyncPermitsNothingElse() {
    assertThat(printed(report(3, 1), Durability.ASYNC)).contains("HARM WAS DONE");
    assertThat(printed(report(0, 0), Durability.ASYNC)).contains("no harm done");
  }

  private static String printed(DemoReport report, Durability durability) {
    StringWriter out = new StringWriter();
    Summary.print(
        new PrintWriter(out),
        report,
        new Verification.Result(
            report.transactionsLost(), report.transactionsDuplicated(), 0, 10, 0, List.of()),
        durability);
    return out.toString();
  }

  private static DemoReport report(long lost, long duplicated) {
    return new DemoReport(
        8, 1000, 0, 0, 0, 0, lost, duplicated, 0, 1, 1, 1, 1, 1, 1, 1, 1, List.of(), List.of());
  }
}
