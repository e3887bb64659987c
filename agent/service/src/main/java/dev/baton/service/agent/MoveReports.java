package dev.baton.service.agent;

import dev.baton.core.cluster.RoleCommand;
import dev.baton.core.move.MoveReport;
import dev.baton.model.MovePhase;
import dev.baton.model.view.MoveView;
import dev.baton.net.Front.MoveTally;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what the role machine reports of its moves in the history, with what the fronts did for
/// them, and writes the line that each move ends in.
final class MoveReports {
  private static final Logger LOG = LoggerFactory.getLogger(MoveReports.class);

  private final String service;
  private final MoveHistory history;
  private final FrontTallies tallies;

  MoveReports(String service, MoveHistory history, FrontTallies tallies) {
    this.service = service;
    this.history = history;
    this.tallies = tallies;
  }

  void report(RoleCommand.Report command) {
    MoveReport report = command.report();
    if (report.outcome().equals("running")) {
      keep(report, FrontTallies.none(report.epoch()));
      return;
    }
    if (report.phases().getLast().name() == MovePhase.REJOIN) {
      history.find(service, report.id()).ifPresent(ended -> rejoined(ended, report));
      return;
    }
    tallies
        .ask(report.epoch())
        .exceptionally(error -> FrontTallies.none(report.epoch()))
        .thenAccept(
            tally -> {
              keep(report, tally);
              LOG.info(
                  "service={} move {} {} {} -> {} {}: {} detectMillis={} totalMillis={} phases={}"
                      + " clientsHeld={} transactionsReplayed={} requestsReplayed={} failed={}",
                  service,
                  report.id(),
                  report.kind(),
                  report.source(),
                  report.target(),
                  report.outcome(),
                  report.explanation(),
                  Math.round(report.detectMillis()),
                  Math.round(report.totalMillis()),
                  report.phases(),
                  tally.clientsHeld(),
                  tally.transactionsReplayed(),
                  tally.requestsReplayed(),
                  tally.failed());
            });
  }

  /// What the fronts did is known already.
  private void rejoined(MoveView ended, MoveReport report) {
    LOG.info(
        "service={} move {}: {} rejoinMillis={}",
        service,
        report.id(),
        report.explanation(),
        Math.round(report.phases().getLast().millis()));
    history.put(
        new MoveView(
            ended.id(),
            service,
            ended.kind(),
            ended.reason(),
            ended.actor(),
            ended.source(),
            ended.target(),
            ended.epoch(),
            ended.detectMillis(),
            report.totalMillis(),
            report.phases(),
            ended.clientsHeld(),
            ended.transactionsReplayed(),
            ended.requestsReplayed(),
            ended.keepAlivesSent(),
            ended.clientsFailed(),
            ended.outcome(),
            report.explanation(),
            ended.startedAt(),
            Instant.now()));
  }

  private void keep(MoveReport report, MoveTally tally) {
    Instant now = Instant.now();
    history.put(
        new MoveView(
            report.id(),
            service,
            report.kind(),
            report.reason().explanation(),
            report.reason().actor(),
            report.source(),
            report.target(),
            report.epoch(),
            report.detectMillis(),
            report.totalMillis(),
            report.phases(),
            tally.clientsHeld(),
            tally.transactionsReplayed(),
            tally.requestsReplayed(),
            tally.keepAlivesSent(),
            tally.failed(),
            report.outcome(),
            report.explanation(),
            now.minusNanos((long) (report.totalMillis() * 1e6)),
            now));
  }
}
