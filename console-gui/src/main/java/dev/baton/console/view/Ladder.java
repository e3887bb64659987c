package dev.baton.console.view;

import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.LogPosition;
import dev.baton.model.view.PositionsView;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// The ladder of one standby, a rung a line: where the log stands there, how far behind the home's
/// current end, and how far behind the rung above. The bar grows with the logarithm of the bytes
/// behind, so that 100 bytes and 100 megabytes can both be seen.
final class Ladder {
  private static final double BAR_MAX = 160;
  private static final double BYTES_MAX_LOG = 9; // a gigabyte fills the bar

  private final String standby;
  private final Label title = Labels.title("");
  private final GridPane grid = new GridPane();
  private final VBox box = new VBox(title, grid);
  private final List<Row> rows = new ArrayList<>();

  private record Row(
      Label name, Label position, Label bytes, Label millis, Label step, Region bar) {
    Row() {
      this(
          new Label(),
          Labels.styled("", "mono"),
          Labels.styled("", "mono", "right"),
          Labels.styled("", "mono", "right"),
          Labels.styled("", "mono", "right"),
          new Region());
      bar.getStyleClass().add("lag-bar");
      bar.setMinHeight(8);
      bar.setMaxHeight(8);
      for (Label label : List.of(bytes, millis, step)) {
        label.setMaxWidth(Double.MAX_VALUE);
      }
    }
  }

  Ladder(String standby) {
    this.standby = standby;
    grid.getStyleClass().add("ladder");
    grid.setId("ladder-" + standby);
    ColumnConstraints rest = new ColumnConstraints();
    rest.setHgrow(Priority.ALWAYS);
    for (int column = 0; column < 5; column++) {
      ColumnConstraints fits = new ColumnConstraints();
      fits.setMinWidth(Region.USE_PREF_SIZE); // the bar gives way, never a figure
      grid.getColumnConstraints().add(fits);
    }
    grid.getColumnConstraints().add(rest);
    grid.addRow(
        0,
        Labels.muted(Text.POSITIONS_RUNG.of()),
        Labels.muted(Text.POSITIONS_POSITION.of()),
        heading(Text.POSITIONS_BYTES),
        heading(Text.POSITIONS_MILLIS),
        heading(Text.POSITIONS_STEP));
  }

  private static Label heading(Text text) {
    Label label = Labels.styled(text.of(), "muted", "right");
    label.setMaxWidth(Double.MAX_VALUE);
    return label;
  }

  Node node() {
    return box;
  }

  void show(String home, LogPosition current, List<PositionsView.Rung> rungs) {
    title.setText(Text.POSITIONS_LADDER.of(home, standby));
    while (rows.size() < rungs.size() + 1) {
      Row row = new Row();
      rows.add(row);
      grid.addRow(
          rows.size(),
          row.name(),
          row.position(),
          row.bytes(),
          row.millis(),
          row.step(),
          row.bar());
    }
    fill(rows.getFirst(), Text.POSITIONS_CURRENT.of(), current, 0, 0.0, 0);
    LogPosition above = current;
    for (int i = 0; i < rungs.size(); i++) {
      PositionsView.Rung rung = rungs.get(i);
      fill(
          rows.get(i + 1),
          nameOf(rung.name()),
          rung.position(),
          rung.lagBytes(),
          rung.lagMillis(),
          above.bytesSince(rung.position()));
      above = rung.position();
    }
    for (int i = 0; i < rows.size(); i++) {
      boolean used = i <= rungs.size();
      Row row = rows.get(i);
      for (Node node :
          List.of(row.name(), row.position(), row.bytes(), row.millis(), row.step(), row.bar())) {
        node.setVisible(used);
        node.setManaged(used);
      }
    }
  }

  private static void fill(
      Row row, String name, LogPosition at, long bytes, @Nullable Double millis, long step) {
    row.name().setText(name);
    row.position()
        .setText(
            Text.POSITIONS_AT.of(
                at.toString(), Long.toString(at.sequence()), Long.toString(at.offset())));
    row.bytes().setText(Units.bytes(bytes));
    row.millis().setText(millis == null ? "–" : Units.millis(millis));
    row.step().setText(step == 0 ? "0" : "+" + Units.bytes(step));
    double part = bytes <= 0 ? 0 : Math.log10(bytes + 1.0) / BYTES_MAX_LOG;
    row.bar().setMaxWidth(BAR_MAX * Math.min(1, part));
    row.bar().setPrefWidth(row.bar().getMaxWidth());
  }

  /// The agents' names of the rungs, in the operator's language; an unknown one as it came.
  private static String nameOf(String rung) {
    return switch (rung) {
      case "sent" -> Text.POSITIONS_SENT.of();
      case "received" -> Text.POSITIONS_RECEIVED.of();
      case "in memory" -> Text.POSITIONS_IN_MEMORY.of();
      case "relayed" -> Text.POSITIONS_RELAYED.of();
      case "flushed" -> Text.POSITIONS_FLUSHED.of();
      case "replayed" -> Text.POSITIONS_REPLAYED.of();
      default -> rung;
    };
  }
}
