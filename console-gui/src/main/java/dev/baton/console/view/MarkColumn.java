package dev.baton.console.view;

import dev.baton.console.model.Severity;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import org.jspecify.annotations.Nullable;

/// A narrow column with the mark of each row's severity.
final class MarkColumn<T> extends TableColumn<T, Severity> {
  private static final double WIDTH = 28;

  MarkColumn(Function<T, Severity> severity) {
    setMinWidth(WIDTH);
    setMaxWidth(WIDTH);
    setSortable(false);
    setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(severity.apply(cell.getValue())));
    setCellFactory(_ -> new MarkCell<>());
  }

  private static final class MarkCell<T> extends TableCell<T, Severity> {
    private final Mark mark = new Mark();

    @Override
    protected void updateItem(@Nullable Severity severity, boolean empty) {
      super.updateItem(severity, empty);
      if (empty || severity == null) {
        setGraphic(null);
      } else {
        mark.show(severity);
        setGraphic(mark);
      }
    }
  }
}
