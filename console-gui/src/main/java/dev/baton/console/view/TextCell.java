package dev.baton.console.view;

import java.util.function.Function;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import org.jspecify.annotations.Nullable;

/// A table cell that shows a value as text; under the mouse the whole of it, since a narrow column
/// cuts it off.
final class TextCell<S, T extends @Nullable Object> extends TableCell<S, T> {
  private static final double LEAST_LAST = 120;
  private static final int WORTH_A_TOOLTIP = 12;
  private static final double TOOLTIP_WIDTH = 480;

  private final Function<T, String> shown;

  TextCell(Function<T, String> shown) {
    this.shown = shown;
  }

  @Override
  protected void updateItem(T item, boolean empty) {
    super.updateItem(item, empty);
    String text =
        empty || getTableRow() == null || getTableRow().getItem() == null
            ? null
            : shown.apply(item);
    setText(text);
    if (text == null || text.length() < WORTH_A_TOOLTIP) {
      setTooltip(null);
    } else if (getTooltip() == null) {
      Tooltip whole = new Tooltip(text);
      whole.setWrapText(true);
      whole.setMaxWidth(TOOLTIP_WIDTH);
      setTooltip(whole);
    } else {
      getTooltip().setText(text);
    }
  }

  /// The last column takes what the others leave: no empty column, and no scrolling sideways.
  static void fill(TableView<?> table) {
    table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    TableColumn<?, ?> last = table.getColumns().getLast();
    last.setMinWidth(LEAST_LAST);
  }
}
