package dev.baton.lab.demo;

import dev.baton.lab.fault.FaultReport;
import dev.baton.model.view.MoveView;
import java.util.List;

/// What a run has shown, for programs. Each figure is counted by clients' ledgers, by agents, or in
/// the databases; none is derived from another.
///
/// @param rowsDiffering -1 when there was no standby to compare with
/// @param stallMillisP99 over the clients' longest stalls
public record DemoReport(
    int clients,
    long transactionsAcknowledged,
    long transactionsRetried,
    long clientErrors,
    long clientReconnects,
    long clientsOfLostFront,
    long transactionsLost,
    long transactionsDuplicated,
    long rowsDiffering,
    double stallMillisMax,
    double stallMillisP99,
    long requestsStamped,
    long requestsPurged,
    long requestsForwarded,
    long replicationBytesReceived,
    long replicationBytesForwarded,
    long memoryBytesMax,
    List<FaultReport> faults,
    List<Move> moves) {

  public record Move(
      long id,
      String kind,
      String reason,
      String source,
      String target,
      long epoch,
      double detectMillis,
      double totalMillis,
      List<Phase> phases,
      int clientsHeld,
      int transactionsReplayed,
      int requestsReplayed,
      int keepAlivesSent,
      String outcome) {

    static Move of(MoveView view) {
      return new Move(
          view.id(),
          view.kind().toString(),
          view.reason(),
          view.source(),
          view.target(),
          view.epoch(),
          view.detectMillis(),
          view.totalMillis(),
          view.phases().stream()
              .map(phase -> new Phase(phase.name().toString(), phase.millis()))
              .toList(),
          view.clientsHeld(),
          view.transactionsReplayed(),
          view.requestsReplayed(),
          view.keepAlivesSent(),
          view.outcome());
    }
  }

  public record Phase(String name, double millis) {}

  /// Whether nobody was harmed and everything that was to go wrong did.
  public boolean clean() {
    return transactionsLost == 0 && nothingElseWrong();
  }

  /// Whether acknowledged transactions were lost, and nothing else is wrong: what durability
  /// `async` permits.
  boolean lostOnly() {
    return transactionsLost > 0 && nothingElseWrong();
  }

  private boolean nothingElseWrong() {
    return clientErrors == 0
        && clientReconnects == 0
        && transactionsDuplicated == 0
        && rowsDiffering == 0
        && faults.stream().allMatch(FaultReport::applied);
  }
}
