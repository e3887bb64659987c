package dev.baton.console.view;

import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.Export;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.text.Text;
import dev.baton.model.view.MoveView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javafx.application.Platform;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.geometry.Orientation;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.util.Subscription;
import org.controlsfx.control.textfield.TextFields;
import org.eclipse.e4.ui.di.Focus;
import org.jspecify.annotations.Nullable;

/// Every move as evidence: the list with a filter, the chosen one in full, who has acknowledged it;
/// exported as CSV or JSON.
final class HistoryView {
  private final ConsoleModel console;
  private final Appearance appearance;
  private final SavedFiles files;
  private final TextField filter = TextFields.createClearableTextField();
  private final TableView<MoveView> table = new TableView<>();
  private final MoveDetail detail = new MoveDetail();
  private final Button acknowledge = new Button(Text.HISTORY_ACKNOWLEDGE.of());
  private final Button csv = new Button(Text.HISTORY_CSV.of());
  private final Button json = new Button(Text.HISTORY_JSON.of());
  private final Label said = Labels.styled("", "muted");
  private ObservableList<MoveView> source = FXCollections.observableArrayList();
  private FilteredList<MoveView> filtered = new FilteredList<>(source);
  private @Nullable MoveKey chosen; // rows are replaced when a move changes
  private Subscription pulse = Subscription.EMPTY;

  private record MoveKey(String service, long id) {
    static MoveKey of(MoveView move) {
      return new MoveKey(move.service(), move.id());
    }
  }

  @Inject
  HistoryView(ConsoleModel console, Appearance appearance, SavedFiles files) {
    this.console = console;
    this.appearance = appearance;
    this.files = files;
  }

  @PostConstruct
  void create(BorderPane parent) {
    filter.setId("history-filter");
    filter.setPromptText(Text.HISTORY_FILTER.of());
    filter.setAccessibleText(Text.HISTORY_FILTER.of());
    filter.setPrefColumnCount(24);
    filter.textProperty().subscribe(_ -> filtered.setPredicate(this::matches));
    table.setId("history");
    table.getStyleClass().addAll("dense", "edge-to-edge");
    table.setAccessibleText(Text.MOVES_ACCESSIBLE.of());
    table.setPlaceholder(Labels.muted(Text.MOVES_NONE.of()));
    MoveColumns.add(table, true);
    table
        .getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (_, _, move) -> {
              if (move != null) {
                chosen = MoveKey.of(move);
                show();
              }
            });
    acknowledge.setId("history-acknowledge");
    acknowledge.setOnAction(_ -> ask());
    csv.setId("history-csv");
    csv.setOnAction(
        _ -> files.save(table, "moves.csv", () -> Export.movesAsCsv(List.copyOf(filtered)), said));
    json.setId("history-json");
    json.setOnAction(
        _ ->
            files.save(table, "moves.json", () -> Export.movesAsJson(List.copyOf(filtered)), said));
    HBox head = new HBox(filter, said, Labels.spring(), acknowledge, csv, json);
    head.getStyleClass().add("part-head");
    ScrollPane scroll = new ScrollPane(detail.node());
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("edge-to-edge");
    SplitPane split = new SplitPane(table, scroll);
    split.setOrientation(Orientation.VERTICAL);
    split.setDividerPositions(0.45);
    parent.setTop(head);
    parent.setCenter(split);
    pulse =
        console
            .selectedProperty()
            .subscribe(this::follow)
            .and(Shown.watch(console, parent, this::show));
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  @Focus
  void focus() {
    table.requestFocus();
  }

  private void follow(@Nullable ServiceModel service) {
    source = service == null ? FXCollections.observableArrayList() : service.cluster().moves();
    filtered = new FilteredList<>(source, this::matches);
    table.setItems(filtered);
    show();
  }

  private boolean matches(MoveView move) {
    String wanted = filter.getText() == null ? "" : filter.getText().strip();
    if (wanted.isEmpty()) {
      return true;
    }
    String all =
        String.join(
            " ",
            move.service(),
            move.kind().toString(),
            move.source(),
            move.target(),
            move.reason(),
            move.actor(),
            move.outcome(),
            Objects.requireNonNullElse(move.explanation(), ""));
    return all.toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT));
  }

  /// The chosen move as it is known now; the newest when none was chosen.
  private @Nullable MoveView current() {
    MoveKey key = chosen;
    return filtered.stream()
        .filter(move -> key == null || MoveKey.of(move).equals(key))
        .findFirst()
        .orElse(filtered.isEmpty() ? null : filtered.getFirst());
  }

  private void show() {
    MoveView move = current();
    ServiceModel service = console.selected();
    boolean live = service != null && service.cluster().linkState().live();
    acknowledge.setDisable(move == null || !live || move.outcome().equals("running"));
    csv.setDisable(filtered.isEmpty());
    json.setDisable(filtered.isEmpty());
    detail.show(move, source);
  }

  private void ask() {
    MoveView move = current();
    ServiceModel service = console.selected();
    if (move == null || service == null) {
      return;
    }
    Confirmation.ask(
        table.getScene().getWindow(),
        appearance,
        Text.HISTORY_ACKNOWLEDGE.of(),
        Text.HISTORY_ACKNOWLEDGE_ASK.of(
            Long.toString(move.id()), move.service(), move.source(), move.target(), move.outcome()),
        Text.HISTORY_COMMENT.of(),
        false,
        comment ->
            service
                .cluster()
                .operations()
                .acknowledge(move, comment)
                .whenCompleteAsync(
                    (_, failure) -> said.setText(failure == null ? "" : Notices.failure(failure)),
                    Platform::runLater));
  }
}
