package dev.baton.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.lab.fault.FaultReport;
import dev.baton.model.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoReportTest {
  private static final FaultReport APPLIED = new FaultReport("kill-database", "a", 10, true);
  private static final FaultReport MISSED = new FaultReport("kill-database", "a", 10, false);

  @Test
  void isCleanOnlyWhenNothingWasHarmedAndEveryFaultHappened() {
    assertThat(report(0, 0, 0, 0, 0, APPLIED).clean()).isTrue();
    assertThat(report(1, 0, 0, 0, 0, APPLIED).clean()).isFalse();
    assertThat(report(0, 1, 0, 0, 0, APPLIED).clean()).isFalse();
    assertThat(report(0, 0, 1, 0, 0, APPLIED).clean()).isFalse();
    assertThat(report(0, 0, 0, 1, 0, APPLIED).clean()).isFalse();
    assertThat(report(0, 0, 0, 0, 1, APPLIED).clean()).isFalse();
    assertThat(report(0, 0, 0, 0, -1, APPLIED).clean()).isFalse();
    assertThat(report(0, 0, 0, 0, 0, MISSED).clean()).isFalse();
  }

  @Test
  void hasExactlyTheFieldsThatWereAgreed() {
    Map<?, ?> json =
        Json.MAPPER.readValue(
            Json.MAPPER.writeValueAsString(report(0, 0, 0, 0, 0, APPLIED)), Map.class);
    assertThat(json.keySet().stream().map(String::valueOf))
        .containsExactlyInAnyOrder(
            "clients",
            "transactionsAcknowledged",
            "transactionsRetried",
            "clientErrors",
            "clientReconnects",
            "clientsOfLostFront",
            "transactionsLost",
            "transactionsDuplicated",
            "rowsDiffering",
            "stallMillisMax",
            "stallMillisP99",
            "requestsStamped",
            "requestsPurged",
            "requestsForwarded",
            "replicationBytesReceived",
            "replicationBytesForwarded",
            "memoryBytesMax",
            "faults",
            "moves");
  }

  private static DemoReport report(
      long errors, long reconnects, long lost, long duplicated, long differing, FaultReport fault) {
    return new DemoReport(
        8,
        1000,
        3,
        errors,
        reconnects,
        0,
        lost,
        duplicated,
        differing,
        120,
        110,
        1,
        1,
        1,
        1,
        1,
        1,
        List.of(fault),
        List.of());
  }
}
