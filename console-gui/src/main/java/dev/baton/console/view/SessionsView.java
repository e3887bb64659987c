package dev.baton.console.view;

import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.Export;
import dev.baton.console.model.LinkState;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.model.SessionRow;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.SessionView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import javafx.application.Platform;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.collections.transformation.SortedList;
import javafx.event.EventTarget;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
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
  private static final int NAMED = 3;

  private final ConsoleModel console;
  private final TextField filter = TextFields.createClearableTextField();
  private final Label count = Labels.styled("", "muted");
  private final TableView<SessionRow> table = new TableView<>();
  private ObservableList<SessionRow> source = FXCollections.observableArrayList();
  private FilteredList<SessionRow> filtered = new FilteredList<>(source);
  private Subscription pulse = Subscription.EMPTY;

  private final SessionFocus sought;
  private final Cargo cargo;
  private final Appearance appearance;
  private final SavedFiles files;
  private final Button move = new Button(Text.SESSIONS_MOVE.of());
  private final Button disconnect = new Button(Text.SESSIONS_DISCONNECT.of());
  private final Button export = new Button(Text.SESSIONS_EXPORT.of());
  private final Label age = Labels.styled("", "age");
  private final Label said = Labels.styled("", "muted");

  @Inject
  SessionsView(
      ConsoleModel console,
      SessionFocus sought,
      Cargo cargo,
      Appearance appearance,
      SavedFiles files) {
    this.sought = sought;
    this.console = console;
    this.cargo = cargo;
    this.appearance = appearance;
    this.files = files;
  }

  @PostConstruct
  void create(BorderPane parent) {
    filter.setId("session-filter");
    filter.setPromptText(Text.SESSIONS_FILTER.of());
    filter.setAccessibleText(Text.SESSIONS_FILTER.of());
    filter.setPrefColumnCount(28);
    filter
        .textProperty()
        .subscribe(text -> filtered.setPredicate(row -> matches(row.view(), text)));
    table.setId("sessions");
    table.getStyleClass().addAll("dense", "edge-to-edge");
    table.setAccessibleText(Text.SESSIONS_ACCESSIBLE.of());
    table.setPlaceholder(Labels.muted(Text.SESSIONS_NONE.of()));
    column(Text.SESSIONS_CLIENT, 150, SessionView::client);
    column(Text.SESSIONS_USER, 80, SessionView::user);
    column(Text.SESSIONS_DATABASE, 80, SessionView::database);
    column(Text.SESSIONS_APPLICATION, 110, SessionView::application);
    column(Text.SESSIONS_STATE, 110, SessionView::state);
    column(
        Text.SESSIONS_TRANSACTION_AGE, 100, SessionView::transactionAgeMillis, SessionsView::age);
    column(Text.SESSIONS_HOME, 60, SessionView::home);
    column(Text.SESSIONS_FRONT, 60, SessionView::front);
    column(Text.SESSIONS_REQUESTS, 80, SessionView::requests, Units::count);
    column(Text.SESSIONS_MOVES, 70, SessionView::movesSurvived, Object::toString);
    column(Text.SESSIONS_MOVABLE, 240, SessionsView::movable);
    List.of(5, 8, 9).forEach(i -> table.getColumns().get(i).getStyleClass().add("number"));
    TextCell.fill(table);
    table.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
    cargo.from(table, console::selected, this::dragged);
    move.setId("sessions-move");
    move.setOnAction(_ -> moveChosen());
    disconnect.setId("sessions-disconnect");
    disconnect.setOnAction(_ -> askToDisconnect());
    export.setId("sessions-export");
    export.setOnAction(
        _ ->
            files.save(
                table,
                "sessions.csv",
                () ->
                    Export.sessionsAsCsv(table.getItems().stream().map(SessionRow::view).toList()),
                said));
    HBox head = new HBox(filter, count, said, Labels.spring(), age, move, disconnect, export);
    head.getStyleClass().add("part-head");
    parent.setTop(head);
    parent.setCenter(table);
    pulse =
        console
            .selectedProperty()
            .subscribe(this::follow)
            .and(sought.wantedProperty().subscribe(this::lookFor))
            .and(Shown.watch(console, parent, this::counted));
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
    source =
        service == null ? FXCollections.observableArrayList() : service.cluster().sessionRows();
    filtered = new FilteredList<>(source, row -> matches(row.view(), filter.getText()));
    SortedList<SessionRow> sorted = new SortedList<>(filtered);
    sorted.comparatorProperty().bind(table.comparatorProperty());
    table.setItems(sorted);
    counted();
  }

  private void counted() {
    count.setText(Text.SESSIONS_COUNT.of(Units.count(filtered.size()), Units.count(source.size())));
    ServiceModel service = console.selected();
    boolean live = service != null && service.cluster().linkState().live();
    boolean past = service != null && service.cluster().linkState() instanceof LinkState.Past;
    Labels.age(age, service == null ? null : service.view(), console.nowMillis());
    Labels.stale(table, !live && !past);
    boolean any = !chosen().isEmpty();
    move.setDisable(!any || service == null || !service.situation().mayPlan());
    disconnect.setDisable(!any || !live);
  }

  private void lookFor(String words) {
    if (!words.isEmpty()) {
      filter.setText(words);
    }
  }

  private List<SessionView> chosen() {
    return table.getSelectionModel().getSelectedItems().stream().map(SessionRow::view).toList();
  }

  /// The chosen ones when one of them is taken hold of, else the one that is.
  private List<SessionView> dragged(EventTarget at) {
    List<SessionView> all = chosen();
    for (Node node = at instanceof Node hit ? hit : null; node != null; node = node.getParent()) {
      if (node instanceof TableRow<?> row && row.getItem() instanceof SessionRow held) {
        SessionView one = held.view();
        return all.stream().anyMatch(each -> each.id().equals(one.id())) ? all : List.of(one);
      }
    }
    return all;
  }

  private void moveChosen() {
    ServiceModel service = console.selected();
    String target = service == null ? null : service.situation().target();
    if (service != null && target != null) {
      cargo.plan(service, target, chosen());
    }
  }

  private void askToDisconnect() {
    ServiceModel service = console.selected();
    List<SessionView> gone = chosen();
    if (service == null || gone.isEmpty()) {
      return;
    }
    String clients =
        gone.stream()
            .limit(NAMED)
            .map(session -> session.user() + "@" + session.client())
            .collect(Collectors.joining(", "));
    Confirmation.ask(
        table.getScene().getWindow(),
        appearance,
        Text.SESSIONS_DISCONNECT.of(),
        Text.SESSIONS_DISCONNECT_ASK.of(Units.count(gone.size()), clients),
        null,
        true,
        _ -> gone.forEach(session -> disconnect(service, session)));
  }

  private void disconnect(ServiceModel service, SessionView session) {
    service
        .cluster()
        .operations()
        .disconnect(session.id())
        .whenCompleteAsync(
            (_, failure) ->
                said.setText(
                    failure == null
                        ? Text.SESSIONS_DISCONNECTED.of(session.client())
                        : Notices.failure(failure)),
            Platform::runLater);
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
    TableColumn<SessionRow, T> column = new TableColumn<>(title.of());
    column.setPrefWidth(width);
    column.setCellValueFactory(cell -> cell.getValue().viewProperty().map(value));
    column.setCellFactory(_ -> new TextCell<>(shown));
    table.getColumns().add(column);
  }
}
