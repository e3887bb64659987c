package dev.baton.console.view;

import dev.baton.console.chart.Series;
import dev.baton.console.chart.StripChart;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.HostHistory;
import dev.baton.console.model.HostModel;
import dev.baton.console.model.ServiceHistory;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.RowConstraints;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;

/// Load over time, up to an hour: CPU, memory, disk and connections of each host; commits, lag,
/// what no log covers yet, and the memories of the service. Thresholds are drawn in.
final class LoadView {
  private static final long[] SPANS_MILLIS = {120_000, 600_000, 3_600_000};
  private static final Text[] SPAN_NAMES = {
    Text.LOAD_SPAN_SHORT, Text.LOAD_SPAN_MIDDLE, Text.LOAD_SPAN_LONG
  };
  private static final double HIGH_PERCENT = 90;
  private static final int COLUMNS = 2;
  private static final int MOST_LINES = 8; // more can be told apart by nobody

  private final ConsoleModel console;
  private final Appearance appearance;
  private final Label some = Labels.styled("", "muted");
  private final Label age = Labels.styled("", "age");
  private final List<HostChart> hostCharts = new ArrayList<>();
  private final List<ServiceChart> serviceCharts = new ArrayList<>();
  private final List<StripChart> charts = new ArrayList<>();
  private final GridPane grid = new GridPane();
  private Subscription pulse = Subscription.EMPTY;

  /// A line for each host.
  private record HostChart(StripChart chart, Function<HostHistory, Series> series) {}

  /// A line for each key of the map.
  private record ServiceChart(
      StripChart chart, Function<ServiceModel, Map<String, Series>> series) {}

  @Inject
  LoadView(ConsoleModel console, Appearance appearance) {
    this.console = console;
    this.appearance = appearance;
  }

  @PostConstruct
  void create(BorderPane parent) {
    grid.getStyleClass().add("chart-grid");
    host(Text.LOAD_CPU, Units::percent, 100, HostHistory::cpuPercent)
        .setThreshold(new StripChart.Threshold(Text.LOAD_CPU_HIGH.of(), HIGH_PERCENT));
    service(
        Text.LOAD_TRANSACTIONS,
        Units::perSecond,
        10,
        service -> Map.of(service.name(), service.history().transactionsPerSecond()));
    host(Text.LOAD_MEMORY, Units::percent, 100, HostHistory::memoryPercent)
        .setThreshold(new StripChart.Threshold(Text.LOAD_CPU_HIGH.of(), HIGH_PERCENT));
    service(Text.POSITIONS_CHART_MILLIS, Units::millis, 10, of(ServiceHistory::lagMillis));
    host(Text.LOAD_DISK, Units::bytesPerSecond, 100_000, HostHistory::diskWriteBytesPerSecond);
    service(Text.LOAD_UNCOVERED, Units::whole, 10, of(ServiceHistory::uncovered));
    host(Text.LOAD_CLIENTS, Units::whole, 10, HostHistory::clients);
    service(Text.LOAD_HELD, Units::bytes, 1_000_000, of(ServiceHistory::memoryBytes));
    for (int column = 0; column < COLUMNS; column++) {
      ColumnConstraints half = new ColumnConstraints();
      half.setPercentWidth(100.0 / COLUMNS);
      grid.getColumnConstraints().add(half);
    }
    for (int row = 0; row < charts.size() / COLUMNS; row++) {
      RowConstraints equal = new RowConstraints();
      equal.setVgrow(Priority.ALWAYS);
      equal.setPercentHeight(100.0 * COLUMNS / charts.size());
      grid.getRowConstraints().add(equal);
    }
    HBox head = new HBox(Labels.muted(Text.LOAD_SPAN.of()), spans(), some, Labels.spring(), age);
    head.getStyleClass().add("part-head");
    VBox all = new VBox(head, grid);
    all.getStyleClass().add("part-body");
    VBox.setVgrow(grid, Priority.ALWAYS);
    parent.setCenter(all);
    pulse = Shown.watch(console, parent, this::refresh);
  }

  private static Function<ServiceModel, Map<String, Series>> of(
      Function<ServiceHistory, Map<String, Series>> series) {
    return service -> series.apply(service.history());
  }

  private StripChart host(
      Text title, DoubleFunction<String> labels, double top, Function<HostHistory, Series> series) {
    StripChart chart = chart(title, labels, top);
    hostCharts.add(new HostChart(chart, series));
    return chart;
  }

  private StripChart service(
      Text title,
      DoubleFunction<String> labels,
      double top,
      Function<ServiceModel, Map<String, Series>> series) {
    StripChart chart = chart(title, labels, top);
    serviceCharts.add(new ServiceChart(chart, series));
    return chart;
  }

  private StripChart chart(Text title, DoubleFunction<String> labels, double top) {
    StripChart chart = new StripChart(title.of(), labels, top, SPANS_MILLIS[0]);
    grid.add(chart, charts.size() % COLUMNS, charts.size() / COLUMNS);
    charts.add(chart);
    return chart;
  }

  private Node spans() {
    ToggleGroup group = new ToggleGroup();
    HBox buttons = new HBox();
    buttons.getStyleClass().add("segments");
    for (int i = 0; i < SPANS_MILLIS.length; i++) {
      long span = SPANS_MILLIS[i];
      ToggleButton button = new ToggleButton(SPAN_NAMES[i].of());
      button.setId("span-" + span / 1000);
      button.setToggleGroup(group);
      button.setSelected(i == 0);
      button.setOnAction(
          _ -> {
            button.setSelected(true); // pressing the chosen one must not choose none
            charts.forEach(chart -> chart.setSpan(span));
            refresh();
          });
      buttons.getChildren().add(button);
    }
    return buttons;
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  /// All hosts while they can be told apart; of more, those that carry the service and then those
  /// with the highest value now.
  private static List<HostModel> drawn(ServiceModel service, HostChart chart) {
    List<HostModel> all = service.cluster().hosts();
    if (all.size() <= MOST_LINES) {
      return all;
    }
    return all.stream()
        .sorted(
            Comparator.comparing((HostModel host) -> !carries(host, service))
                .thenComparing(
                    Comparator.comparingDouble(
                            (HostModel host) -> latest(chart.series().apply(host.history())))
                        .reversed()))
        .limit(MOST_LINES)
        .toList();
  }

  private static boolean carries(HostModel host, ServiceModel service) {
    return host.view().value().instances().stream()
        .anyMatch(instance -> instance.service().equals(service.name()));
  }

  private static double latest(Series series) {
    double last = series.last();
    return Double.isNaN(last) ? -1 : last;
  }

  private void refresh() {
    ServiceModel service = console.selected();
    long now = console.nowMillis();
    boolean stale = service == null || service.view().isStale(now);
    for (HostChart each : hostCharts) {
      List<StripChart.Line> lines = new ArrayList<>();
      for (HostModel host : service == null ? List.<HostModel>of() : drawn(service, each)) {
        lines.add(
            new StripChart.Line(
                host.name(),
                each.series().apply(host.history()),
                SeriesColors.of(lines.size(), appearance.isDark())));
      }
      each.chart().setLines(lines);
    }
    for (ServiceChart each : serviceCharts) {
      each.chart()
          .setLines(
              service == null
                  ? List.of()
                  : SeriesColors.lines(each.series().apply(service), appearance.isDark()));
    }
    for (StripChart chart : charts) {
      chart.setInk(appearance.ink());
      chart.draw(now, stale);
    }
    int all = service == null ? 0 : service.cluster().hosts().size();
    some.setText(
        all > MOST_LINES ? Text.LOAD_OTHERS.of(Units.count(MOST_LINES), Units.count(all)) : "");
    if (service != null) {
      Labels.age(age, service.view(), now);
    }
  }
}
