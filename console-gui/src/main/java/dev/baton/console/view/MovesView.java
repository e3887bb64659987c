package dev.baton.console.view;

import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.text.Text;
import dev.baton.model.view.MoveView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.scene.control.TableView;
import javafx.scene.layout.BorderPane;
import javafx.util.Subscription;
import org.eclipse.e4.ui.di.Focus;
import org.jspecify.annotations.Nullable;

/// The moves of the service that is looked at, newest first, with their phases and what became of
/// the clients.
final class MovesView {
  private final ConsoleModel console;
  private final TableView<MoveView> table = new TableView<>();
  private Subscription selection = Subscription.EMPTY;

  @Inject
  MovesView(ConsoleModel console) {
    this.console = console;
  }

  @PostConstruct
  void create(BorderPane parent) {
    table.setId("moves");
    table.getStyleClass().addAll("dense", "edge-to-edge");
    table.setAccessibleText(Text.MOVES_ACCESSIBLE.of());
    table.setPlaceholder(Labels.muted(Text.MOVES_NONE.of()));
    MoveColumns.add(table, false);
    parent.setCenter(table);
    selection = console.selectedProperty().subscribe(this::follow);
  }

  @PreDestroy
  void destroy() {
    selection.unsubscribe();
  }

  @Focus
  void focus() {
    table.requestFocus();
  }

  private void follow(@Nullable ServiceModel service) {
    ObservableList<MoveView> moves =
        service == null ? FXCollections.observableArrayList() : service.cluster().moves();
    table.setItems(
        new FilteredList<>(moves, m -> service != null && m.service().equals(service.name())));
  }
}
