package dev.baton.service.cli;

import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanView;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// Plans and moves for people.
final class MovesText {
  private MovesText() {}

  static List<String> history(List<MoveView> moves) {
    if (moves.isEmpty()) {
      return List.of("no move has ended yet");
    }
    Table table =
        new Table("")
            .text("SERVICE")
            .figure("MOVE")
            .text("STARTED", "KIND", "FROM", "TO")
            .figure("EPOCH", "DETECTED", "TOOK", "HELD", "REPLAYED", "FAILED")
            .text("OUTCOME", "BY", "REASON");
    for (MoveView move : moves) {
      String explanation = move.explanation();
      table.row(
          move.service(),
          move.id(),
          move.startedAt().truncatedTo(ChronoUnit.SECONDS),
          move.kind(),
          move.source(),
          move.target(),
          move.epoch(),
          Figures.millis(move.detectMillis()),
          Figures.millis(move.servedMillis()),
          move.clientsHeld(),
          move.transactionsReplayed(),
          move.clientsFailed(),
          move.outcome(),
          move.actor(),
          explanation == null ? move.reason() : move.reason() + ": " + explanation);
    }
    return table.lines();
  }

  static List<String> plan(PlanView plan) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s of %s from %s to %s   epoch %d -> %d   plan %s, good until %s"
            .formatted(
                plan.kind(),
                plan.service(),
                plan.source(),
                plan.target(),
                plan.epoch(),
                plan.epoch() + 1,
                plan.id(),
                plan.expiresAt()));
    Table table = new Table("  ").text("", "GUARDRAIL", "NOW", "THRESHOLD", "WHY");
    for (PlanView.Guardrail guardrail : plan.guardrails()) {
      table.row(
          switch (guardrail.verdict()) {
            case PASS -> "pass";
            case WARN -> "WARN";
            case BLOCK -> "BLOCK";
          },
          guardrail.name(),
          guardrail.value(),
          guardrail.threshold(),
          guardrail.verdict() == PlanView.Verdict.PASS
              ? guardrail.why()
              : guardrail.why() + "; remedy: " + guardrail.remedy());
    }
    lines.addAll(table.lines());
    PlanView.DataAtRisk risk = plan.dataAtRisk();
    boolean nothing = risk.transactions() == 0 && risk.bytes() == 0;
    lines.add(
        "  lost if the source died now: %s: %s"
            .formatted(
                nothing
                    ? "nothing"
                    : "%s transactions, %s, the last %s"
                        .formatted(
                            Figures.count(risk.transactions()),
                            Figures.bytes(risk.bytes()),
                            Figures.millis(risk.seconds() * 1e3)),
                risk.explanation()));
    lines.add(
        "  %s clients to hold, %s open transactions, %s sessions not movable, expected stall %s"
            .formatted(
                Figures.count(plan.clientsToHold()),
                Figures.count(plan.openTransactions()),
                Figures.count(plan.notMovable()),
                Figures.millis(plan.expectedStallMillis())));
    return lines.stream().map(Figures::printable).toList();
  }

  static String phase(MoveView.PhaseView phase) {
    return "  %-24s %10s".formatted(phase.name(), Figures.millis(phase.millis()));
  }

  static List<String> report(MoveView move) {
    List<String> lines = new ArrayList<>();
    String explanation = move.explanation();
    lines.add(
        "move %d of %s from %s to %s: %s%s"
            .formatted(
                move.id(),
                move.service(),
                move.source(),
                move.target(),
                move.outcome(),
                explanation == null ? "" : ": " + explanation));
    lines.add(
        "  took %s (detected in %s), %s clients held, %s transactions and %s requests replayed, %s keep-alives, %s clients failed"
            .formatted(
                Figures.millis(move.servedMillis()),
                Figures.millis(move.detectMillis()),
                Figures.count(move.clientsHeld()),
                Figures.count(move.transactionsReplayed()),
                Figures.count(move.requestsReplayed()),
                Figures.count(move.keepAlivesSent()),
                Figures.count(move.clientsFailed())));
    return lines.stream().map(Figures::printable).toList();
  }
}
