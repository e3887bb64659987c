package dev.baton.console.view;

import dev.baton.console.chart.StripChart;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.model.Timed;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.PositionsView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.eclipse.e4.ui.di.Focus;

/// For each standby the ladder of log positions, and below it the lag over time.
final class LadderView {
  private static final long SPAN_MILLIS = 120_000;

  private final ConsoleModel console;
  private final Appearance appearance;
  private final Label head = Labels.styled("", "section-title");
  private final Label age = Labels.styled("", "age");
  private final VBox ladders = new VBox();
  private final StripChart bytes =
      new StripChart(Text.POSITIONS_CHART_BYTES.of(), Units::bytes, 10_000, SPAN_MILLIS);
  private final StripChart millis =
      new StripChart(Text.POSITIONS_CHART_MILLIS.of(), Units::millis, 10, SPAN_MILLIS);
  private final Map<String, Ladder> byStandby = new HashMap<>();
  private Subscription pulse = Subscription.EMPTY;

  @Inject
  LadderView(ConsoleModel console, Appearance appearance) {
    this.console = console;
    this.appearance = appearance;
  }

  @PostConstruct
  void create(BorderPane parent) {
    HBox title = new HBox(head, Labels.spring(), age);
    title.getStyleClass().add("part-head");
    ladders.getStyleClass().add("ladders");
    ScrollPane scroll = new ScrollPane(ladders);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("edge-to-edge");
    HBox charts = new HBox(bytes, millis);
    HBox.setHgrow(bytes, Priority.ALWAYS);
    HBox.setHgrow(millis, Priority.ALWAYS);
    charts.getStyleClass().add("charts");
    VBox all = new VBox(title, scroll, charts);
    all.getStyleClass().add("part-body");
    VBox.setVgrow(charts, Priority.ALWAYS);
    scroll.setMinHeight(176);
    parent.setCenter(all);
    pulse = Shown.watch(console, parent, this::refresh);
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  @Focus
  void focus() {
    ladders.requestFocus();
  }

  private void refresh() {
    ServiceModel service = console.selected();
    Timed<PositionsView> positions = service == null ? null : service.positions();
    if (service == null || positions == null) {
      head.setText(Text.POSITIONS_EMPTY.of());
      age.setText("");
      ladders.getChildren().clear();
      bytes.setLines(List.of());
      millis.setLines(List.of());
    } else {
      PositionsView view = positions.value();
      head.setText(
          Text.POSITIONS_TITLE.of(
              view.service(),
              view.home(),
              Long.toString(view.epoch()),
              Long.toString(view.timeline())));
      Labels.age(age, positions, console.nowMillis(), ladders);
      show(view);
      bytes.setLines(SeriesColors.lines(service.history().lagBytes(), appearance.isDark()));
      millis.setLines(SeriesColors.lines(service.history().lagMillis(), appearance.isDark()));
    }
    boolean stale = positions == null || positions.isStale(console.nowMillis());
    bytes.setInk(appearance.ink());
    millis.setInk(appearance.ink());
    bytes.draw(console.nowMillis(), stale);
    millis.draw(console.nowMillis(), stale);
  }

  private void show(PositionsView view) {
    List<Node> nodes = new ArrayList<>();
    for (PositionsView.StandbyPositions standby : view.standbys()) {
      Ladder ladder = byStandby.computeIfAbsent(standby.host(), Ladder::new);
      ladder.show(view.home(), view.current(), standby.rungs());
      nodes.add(ladder.node());
    }
    if (!ladders.getChildren().equals(nodes)) {
      ladders.getChildren().setAll(nodes);
    }
  }
}
