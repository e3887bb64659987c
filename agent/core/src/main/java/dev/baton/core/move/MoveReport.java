package dev.baton.core.move;

import dev.baton.model.MoveKind;
import dev.baton.model.view.MoveView.PhaseView;
import java.util.List;

/// The line that every move ends in, and what its view is made of.
///
/// @param outcome `running`, `done`, `undone` or `failed`
/// @param explanation one sentence
/// @param detectMillis from the source's last sign of life to the decision
/// @param totalMillis from the decision until now, or to the end
public record MoveReport(
    long id,
    MoveKind kind,
    MoveReason reason,
    String source,
    String target,
    long epoch,
    String outcome,
    String explanation,
    double detectMillis,
    double totalMillis,
    List<PhaseView> phases) {

  public MoveReport {
    phases = List.copyOf(phases);
  }
}
