package dev.baton.service.cli;

import dev.baton.model.MovePhase;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.MoveView.PhaseView;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// A move as a person sees it run: every phase with a mark and a bar. Pure; the same move gives the
/// same number of lines as long as its kind is the same, so that it can be drawn over itself.
final class PhaseDisplay {
  private static final int BAR_CHARS = 30;

  private PhaseDisplay() {}

  /// @param ended false: the last phase still grows
  static List<String> lines(MoveView move, boolean ended) {
    Map<MovePhase, Double> millis = new EnumMap<>(MovePhase.class);
    double longest = 1;
    for (PhaseView phase : move.phases()) {
      millis.merge(phase.name(), phase.millis(), Double::sum);
      longest = Math.max(longest, phase.millis());
    }
    MovePhase now = move.phases().isEmpty() ? MovePhase.PLAN : move.phases().getLast().name();
    List<String> lines = new ArrayList<>();
    for (MovePhase phase : MovePhase.values()) {
      Double took = millis.get(phase);
      boolean runs = !ended && phase == now;
      String mark = runs ? "[>]" : took != null ? "[x]" : phase.compareTo(now) < 0 ? "[-]" : "[ ]";
      String bar = took == null ? "" : "#".repeat((int) Math.ceil(BAR_CHARS * took / longest));
      lines.add(
          "  %s %-22s %9s  %s"
              .formatted(mark, phase, took == null ? "" : Figures.millis(took), bar)
              .stripTrailing());
    }
    return lines;
  }
}
