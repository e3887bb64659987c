package dev.baton.console.model;

import dev.baton.model.MovePhase;
import dev.baton.model.view.MoveView;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// How long each phase took in earlier moves that were done, of the same service and kind: what a
/// move is held against.
public final class MedianPhases {
  private final Map<MovePhase, List<Double>> millis = new EnumMap<>(MovePhase.class);
  private int moves;

  /// @param all of which those are taken that began before `move`
  public static MedianPhases before(MoveView move, List<MoveView> all) {
    MedianPhases medians = new MedianPhases();
    for (MoveView other : all) {
      if (other.service().equals(move.service())
          && other.kind() == move.kind()
          && other.id() < move.id()
          && other.outcome().equals("done")) {
        medians.moves++;
        for (MoveView.PhaseView phase : other.phases()) {
          medians.millis.computeIfAbsent(phase.name(), _ -> new ArrayList<>()).add(phase.millis());
        }
      }
    }
    return medians;
  }

  /// How many moves there are to compare with.
  public int moves() {
    return moves;
  }

  /// NaN when no earlier move had the phase.
  public double of(MovePhase phase) {
    List<Double> all = millis.get(phase);
    if (all == null) {
      return Double.NaN;
    }
    List<Double> sorted = all.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
