package dev.baton.console.view;

import java.util.function.Function;
import javafx.scene.control.TableCell;
import org.jspecify.annotations.Nullable;

/// A table cell that shows a value as text.
final class TextCell<S, T extends @Nullable Object> extends TableCell<S, T> {
  private final Function<T, String> shown;

  TextCell(Function<T, String> shown) {
    this.shown = shown;
  }

  @Override
  protected void updateItem(T item, boolean empty) {
    super.updateItem(item, empty);
    setText(
        empty || getTableRow() == null || getTableRow().getItem() == null
            ? null
            : shown.apply(item));
  }
}
