package dev.baton.lab.demo;

import dev.baton.model.Durability;
import dev.baton.model.MovePhase;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;

/// The report, for people.
final class Summary {
  private Summary() {}

  static void print(
      PrintWriter out, DemoReport report, Verification.Result result, Durability durability) {
    out.println();
    line(
        out,
        "clients",
        report.clients()
            + ", "
            + report.clientErrors()
            + " errors, "
            + report.clientReconnects()
            + " reconnects");
    line(
        out,
        "transactions",
        report.transactionsAcknowledged()
            + " acknowledged, "
            + report.transactionsRetried()
            + " repeated after 40001");
    line(out, "lost", lost(report, durability));
    line(out, "doubled", Long.toString(report.transactionsDuplicated()));
    line(out, "home and standby", compared(report, result));
    line(
        out,
        "longest stall",
        String.format(
            Locale.ROOT,
            "%.1f ms (99%% of clients: %.1f ms)",
            report.stallMillisMax(),
            report.stallMillisP99()));
    line(
        out,
        "requests",
        report.requestsStamped()
            + " stamped, "
            + report.requestsPurged()
            + " purged, "
            + report.requestsForwarded()
            + " forwarded");
    line(
        out,
        "log",
        report.replicationBytesReceived()
            + " bytes received, "
            + report.replicationBytesForwarded()
            + " forwarded; memory at most "
            + report.memoryBytesMax()
            + " bytes");
    report.moves().forEach(move -> line(out, "move " + move.id(), move(move)));
    report
        .faults()
        .forEach(
            fault ->
                line(
                    out,
                    "fault",
                    String.format(
                        Locale.ROOT,
                        "%s on %s at %.1f s: %s",
                        fault.name(),
                        fault.host(),
                        fault.atSeconds(),
                        fault.applied() ? "applied" : "NOT APPLIED")));
    result.words().forEach(word -> line(out, "WRONG", word));
    line(out, "result", outcome(report, durability));
    out.flush();
  }

  private static String lost(DemoReport report, Durability durability) {
    return durability == Durability.ASYNC
        ? report.transactionsLost()
            + " acknowledged transactions (durability async answers a commit before any memory has"
            + " it)"
        : Long.toString(report.transactionsLost());
  }

  private static String outcome(DemoReport report, Durability durability) {
    if (report.clean()) {
      return "no harm done";
    }
    return durability == Durability.ASYNC && report.lostOnly()
        ? report.transactionsLost() + " ACKNOWLEDGED TRANSACTIONS LOST, as durability async permits"
        : "HARM WAS DONE";
  }

  private static String compared(DemoReport report, Verification.Result result) {
    return report.rowsDiffering() < 0
        ? "NOT COMPARED, no standby came back"
        : report.rowsDiffering() + " of " + result.rowsCompared() + " rows differ";
  }

  private static String move(DemoReport.Move move) {
    return String.format(
            Locale.ROOT,
            "%s %s -> %s, %s; noticed after %.0f ms, then %.0f ms; %d clients held,"
                + " %d transactions replayed; ",
            move.kind(),
            move.source(),
            move.target(),
            move.outcome(),
            move.detectMillis(),
            move.totalMillis() - rejoinMillis(move),
            move.clientsHeld(),
            move.transactionsReplayed())
        + move.phases().stream()
            .map(phase -> String.format(Locale.ROOT, "%s %.0f", phase.name(), phase.millis()))
            .collect(Collectors.joining(", "));
  }

  /// Clients are served meanwhile.
  private static double rejoinMillis(DemoReport.Move move) {
    return move.phases().stream()
        .filter(phase -> phase.name().equals(MovePhase.REJOIN.toString()))
        .mapToDouble(DemoReport.Phase::millis)
        .sum();
  }

  private static void line(PrintWriter out, String name, String text) {
    out.printf("%-18s%s%n", name, text);
  }
}
