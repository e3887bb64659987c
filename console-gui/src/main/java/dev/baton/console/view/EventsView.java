package dev.baton.console.view;

import dev.baton.console.model.ClusterModel;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.EventLog;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.util.Subscription;
import org.eclipse.e4.ui.di.Focus;

/// What happened in all clusters since the console looks, newest first, with a filter.
final class EventsView {
  private static final double MOST = 1.5; // of a short column's width; the last takes the rest

  private final ConsoleModel console;
  private final WordFilter filter =
      new WordFilter("event-filter", Text.EVENTS_FILTER.of(), this::refresh);
  private final Label count = Labels.styled("", "muted");
  private final TableView<EventLog.Event> table = new TableView<>();
  private final DateTimeFormatter time =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
  private List<EventLog.Event> shown = List.of();
  private Subscription pulse = Subscription.EMPTY;

  @Inject
  EventsView(ConsoleModel console) {
    this.console = console;
  }

  @PostConstruct
  void create(BorderPane parent) {
    table.setId("events");
    table.getStyleClass().addAll("dense", "edge-to-edge");
    table.setAccessibleText(Text.EVENTS_ACCESSIBLE.of());
    table.setPlaceholder(Labels.muted(Text.EVENTS_NONE.of()));
    table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    table.getColumns().add(new MarkColumn<>(EventLog.Event::severity));
    column(Text.EVENTS_TIME, 80, event -> time.format(Instant.ofEpochMilli(event.atMillis())));
    column(Text.EVENTS_CLUSTER, 110, EventLog.Event::cluster);
    column(Text.EVENTS_SUBJECT, 110, EventLog.Event::subject);
    column(Text.EVENTS_WHAT, 600, EventLog.Event::text);
    HBox head = new HBox(filter.field(), count);
    head.getStyleClass().add("part-head");
    parent.setTop(head);
    parent.setCenter(table);
    pulse = Shown.watch(console, parent, this::refresh);
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  @Focus
  void focus() {
    filter.field().requestFocus();
  }

  private void refresh() {
    List<EventLog.Event> all = new ArrayList<>();
    for (ClusterModel cluster : console.clusters()) {
      all.addAll(cluster.events());
    }
    List<EventLog.Event> some =
        all.stream()
            .filter(
                event ->
                    filter.finds(
                        event.cluster(),
                        event.subject(),
                        event.text(),
                        event.severity().toString()))
            .sorted(Comparator.comparingLong(EventLog.Event::atMillis).reversed())
            .toList();
    if (!some.equals(shown)) {
      shown = some;
      table.getItems().setAll(some);
    }
    count.setText(Text.EVENTS_COUNT.of(Units.count(some.size()), Units.count(all.size())));
  }

  private void column(Text title, double width, Function<EventLog.Event, String> value) {
    TableColumn<EventLog.Event, String> column = new TableColumn<>(title.of());
    column.setPrefWidth(width);
    if (title != Text.EVENTS_WHAT) {
      column.setMaxWidth(width * MOST);
    }
    column.setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(value.apply(cell.getValue())));
    table.getColumns().add(column);
  }
}
