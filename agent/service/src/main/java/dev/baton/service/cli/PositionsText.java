package dev.baton.service.cli;

import dev.baton.model.LogPosition;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.PositionsView.Rung;
import java.util.ArrayList;
import java.util.List;

/// `positions` for people: for each standby the ladder from the home's end of log downwards.
final class PositionsText {
  private PositionsText() {}

  static List<String> lines(List<PositionsView> services) {
    List<String> lines = new ArrayList<>();
    for (PositionsView view : services) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      lines.add(
          "%s   home %s   epoch %d   timeline %d   %s"
              .formatted(
                  view.service(), view.home(), view.epoch(), view.timeline(), view.measuredAt()));
      if (view.standbys().isEmpty()) {
        lines.add("  current  " + view.current() + "   no standby follows");
      }
      for (PositionsView.StandbyPositions standby : view.standbys()) {
        lines.add("  " + standby.host());
        lines.addAll(ladder(view.current(), standby.rungs()).lines());
      }
    }
    return lines.isEmpty() ? List.of("no service") : lines;
  }

  private static Table ladder(LogPosition current, List<Rung> rungs) {
    Table table =
        new Table("    ")
            .text("RUNG")
            .figure("POSITION", "SEQUENCE", "OFFSET", "STEP", "BEHIND", "AGE");
    table.row("current", current, current.sequence(), current.offset(), "", "", "");
    LogPosition above = current;
    for (Rung rung : rungs) {
      LogPosition position = rung.position();
      table.row(
          rung.name(),
          position,
          position.sequence(),
          position.offset(),
          step(above.bytesSince(position)),
          Figures.bytes(rung.lagBytes()),
          Figures.millis(rung.lagMillis()));
      above = position;
    }
    return table;
  }

  /// What lies between a rung and the one above it.
  private static String step(long bytes) {
    return bytes == 0 ? "=" : Figures.bytes(bytes);
  }
}
