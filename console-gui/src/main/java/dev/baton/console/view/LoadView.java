package dev.baton.console.view;

import dev.baton.console.chart.StripChart;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.HostModel;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.control.Label;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;

/// CPU of each host and transactions a second of the service, over time.
final class LoadView {
  private static final long SPAN_MILLIS = 300_000;
  private static final double CPU_HIGH_PERCENT = 90;

  private final ConsoleModel console;
  private final Appearance appearance;
  private final Label age = Labels.styled("", "age");
  private final StripChart cpu = new StripChart(Units::percent, 100, SPAN_MILLIS);
  private final StripChart transactions = new StripChart(Units::perSecond, 10, SPAN_MILLIS);
  private Subscription pulse = Subscription.EMPTY;

  @Inject
  LoadView(ConsoleModel console, Appearance appearance) {
    this.console = console;
    this.appearance = appearance;
  }

  @PostConstruct
  void create(BorderPane parent) {
    cpu.setThreshold(new StripChart.Threshold(Text.LOAD_CPU_HIGH.of(), CPU_HIGH_PERCENT));
    cpu.setAccessibleText(Text.LOAD_CPU.of());
    transactions.setAccessibleText(Text.LOAD_TRANSACTIONS.of());
    HBox head = new HBox(Labels.title(Text.LOAD_CPU.of()), Labels.spring(), age);
    VBox all = new VBox(head, cpu, Labels.title(Text.LOAD_TRANSACTIONS.of()), transactions);
    all.getStyleClass().add("part-body");
    VBox.setVgrow(cpu, Priority.ALWAYS);
    VBox.setVgrow(transactions, Priority.ALWAYS);
    parent.setCenter(all);
    pulse = console.watch(this::refresh);
    refresh();
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  private void refresh() {
    ServiceModel service = console.selected();
    List<StripChart.Line> hosts = new ArrayList<>();
    List<StripChart.Line> rate = new ArrayList<>();
    if (service != null) {
      for (HostModel host : service.cluster().hosts()) {
        hosts.add(
            new StripChart.Line(host.name(), host.cpuPercent(), SeriesColors.of(hosts.size())));
      }
      rate.add(
          new StripChart.Line(service.name(), service.transactionsPerSecond(), SeriesColors.of(0)));
      Labels.age(age, service.view(), console.nowMillis());
    }
    long now = console.nowMillis();
    boolean stale = service == null || service.view().isStale(now);
    for (StripChart chart : List.of(cpu, transactions)) {
      chart.setInk(appearance.ink());
    }
    cpu.setLines(hosts);
    transactions.setLines(rate);
    cpu.draw(now, stale);
    transactions.draw(now, stale);
  }
}
