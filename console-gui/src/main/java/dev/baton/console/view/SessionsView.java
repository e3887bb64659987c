package dev.baton.console.view;

import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.SessionView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.collections.transformation.SortedList;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.util.Subscription;
import org.controlsfx.control.textfield.TextFields;
import org.eclipse.e4.ui.di.Focus;
import org.jspecify.annotations.Nullable;

/// The sessions of the service that is looked at: a virtualised table with a filter over all its
/// columns, and whether each session could be moved now, or why not.
public final class SessionsView {
  private final ConsoleModel console;
  private final TextField filter = TextFields.createClearableTextField();
  private final Label count = Labels.styled("", "muted");
  private final TableView<SessionView> table = new TableView<>();
  private ObservableList<SessionView> source = FXCollections.observableArrayList();
  private FilteredList<SessionView> filtered = new FilteredList<>(source);
  private Subscription pulse = Subscription.EMPTY;

  @Inject
  SessionsView(ConsoleModel console) {
    this.console = console;
  }

  @PostConstruct
  void create(BorderPane parent) {
    filter.setId("session-filter");
    filter.setPromptText(Text.SESSIONS_FILTER.of());
    filter.setAccessibleText(Text.SESSIONS_FILTER.of());
    filter.setPrefColumnCount(28);
    filter.textProperty().subscribe(text -> filtered.setPredicate(row -> matches(row, text)));
    table.setId("sessions");
    table.getStyleClass().addAll("dense", "edge-to-edge");
    table.setAccessibleText(Text.SESSIONS_ACCESSIBLE.of());
    table.setPlaceholder(Labels.muted(Text.SESSIONS_NONE.of()));
    column(Text.SESSIONS_CLIENT, 150, SessionView::client);
    column(Text.SESSIONS_USER, 80, SessionView::user);
    column(Text.SESSIONS_DATABASE, 80, SessionView::database);
    column(Text.SESSIONS_APPLICATION, 110, SessionView::application);
    column(Text.SESSIONS_STATE, 110, SessionView::state);
    column(Text.SESSIONS_TRANSACTION_AGE, 90, SessionView::transactionAgeMillis, SessionsView::age);
    column(Text.SESSIONS_HOME, 60, SessionView::home);
    column(Text.SESSIONS_FRONT, 60, SessionView::front);
    column(Text.SESSIONS_REQUESTS, 80, SessionView::requests, Units::count);
    column(Text.SESSIONS_MOVES, 70, SessionView::movesSurvived, Object::toString);
    column(Text.SESSIONS_MOVABLE, 360, SessionsView::movable);
    HBox head = new HBox(filter, count);
    head.getStyleClass().add("part-head");
    parent.setTop(head);
    parent.setCenter(table);
    pulse = console.selectedProperty().subscribe(this::follow).and(console.eachTick(this::counted));
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  @Focus
  public void focus() {
    filter.requestFocus();
  }

  private void follow(@Nullable ServiceModel service) {
    source = service == null ? FXCollections.observableArrayList() : service.cluster().sessions();
    filtered = new FilteredList<>(source, row -> matches(row, filter.getText()));
    SortedList<SessionView> sorted = new SortedList<>(filtered);
    sorted.comparatorProperty().bind(table.comparatorProperty());
    table.setItems(sorted);
    counted();
  }

  private void counted() {
    count.setText(Text.SESSIONS_COUNT.of(Units.count(filtered.size()), Units.count(source.size())));
    ServiceModel service = console.selected();
    Labels.stale(table, service == null || !service.cluster().linkState().live());
  }

  private boolean matches(SessionView row, @Nullable String text) {
    ServiceModel service = console.selected();
    if (service != null && !row.service().equals(service.name())) {
      return false;
    }
    if (text == null || text.isBlank()) {
      return true;
    }
    String all =
        String.join(
            " ",
            row.client(),
            row.user(),
            row.database(),
            row.application(),
            row.state(),
            row.home(),
            row.front(),
            movable(row));
    String lower = all.toLowerCase(Locale.ROOT);
    for (String word : text.toLowerCase(Locale.ROOT).strip().split("\\s+")) {
      if (!lower.contains(word)) {
        return false;
      }
    }
    return true;
  }

  private static String movable(SessionView row) {
    if (row.movability().movable()) {
      return Text.SESSIONS_MOVABLE_YES.of();
    }
    String reason = Objects.requireNonNullElse(row.movability().reason(), "");
    String remedy = Objects.requireNonNullElse(row.movability().remedy(), "");
    return Text.SESSIONS_MOVABLE_NO.of(reason, remedy);
  }

  private static String age(@Nullable Double millis) {
    return millis == null ? "" : Units.millis(millis);
  }

  private void column(Text title, double width, Function<SessionView, String> value) {
    column(title, width, value, Function.identity());
  }

  /// Sorted by the value, shown as text.
  private <T extends @Nullable Object> void column(
      Text title, double width, Function<SessionView, T> value, Function<T, String> shown) {
    TableColumn<SessionView, T> column = new TableColumn<>(title.of());
    column.setPrefWidth(width);
    column.setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(value.apply(cell.getValue())));
    column.setCellFactory(_ -> new TextCell<>(shown));
    table.getColumns().add(column);
  }
}
