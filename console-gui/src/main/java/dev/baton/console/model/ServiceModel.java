package dev.baton.console.model;

import dev.baton.console.chart.Series;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.ServiceView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/// One service of a cluster: what was last measured of it, its history, and its [Situation].
public final class ServiceModel {
  private static final String REPLAYED = "replayed";

  private final ClusterModel cluster;
  private final String name;
  private final ReadOnlyObjectWrapper<Timed<ServiceView>> view;
  private final ReadOnlyObjectWrapper<@Nullable Timed<PositionsView>> positions =
      new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<Situation> situation = new ReadOnlyObjectWrapper<>();
  private final Map<String, Timed<MemoryView>> memory = new LinkedHashMap<>();
  private final Map<String, Series> lagBytes = new LinkedHashMap<>();
  private final Map<String, Series> lagMillis = new LinkedHashMap<>();
  private final Series transactionsPerSecond = new Series(HostModel.SAMPLES);

  ServiceModel(ClusterModel cluster, Timed<ServiceView> first) {
    this.cluster = cluster;
    this.name = first.value().name();
    this.view = new ReadOnlyObjectWrapper<>(first);
    transactionsPerSecond.add(first.measuredMillis(), first.value().transactionsPerSecond());
  }

  void update(Timed<ServiceView> next) {
    view.set(next);
    transactionsPerSecond.add(next.measuredMillis(), next.value().transactionsPerSecond());
  }

  void update(long measuredMillis, PositionsView next) {
    positions.set(new Timed<>(next, measuredMillis));
    for (PositionsView.StandbyPositions standby : next.standbys()) {
      for (PositionsView.Rung rung : standby.rungs()) {
        if (rung.name().equals(REPLAYED)) {
          series(lagBytes, standby.host())
              .add(measuredMillis, Math.max(0.0, (double) rung.lagBytes()));
          if (rung.lagMillis() != null) {
            series(lagMillis, standby.host()).add(measuredMillis, rung.lagMillis());
          }
        }
      }
    }
  }

  void updateMemory(Timed<MemoryView> next) {
    memory.put(next.value().host(), next);
  }

  void assess(long nowMillis) {
    situation.set(
        Situation.of(
            view.get(),
            positions.get(),
            memory(),
            lastMove().orElse(null),
            cluster.linkState(),
            cluster.agentFresh(nowMillis),
            nowMillis));
  }

  private static Series series(Map<String, Series> of, String host) {
    return of.computeIfAbsent(host, _ -> new Series(HostModel.SAMPLES));
  }

  /// The newest move of this service, running or ended.
  public Optional<MoveView> lastMove() {
    return cluster.moves().stream()
        .filter(move -> move.service().equals(name))
        .max(Comparator.comparingLong(MoveView::id));
  }

  public ClusterModel cluster() {
    return cluster;
  }

  public String name() {
    return name;
  }

  public Timed<ServiceView> view() {
    return view.get();
  }

  public ReadOnlyObjectProperty<Timed<ServiceView>> viewProperty() {
    return view.getReadOnlyProperty();
  }

  public @Nullable Timed<PositionsView> positions() {
    return positions.get();
  }

  /// One for each standby that was ever heard of.
  public List<Timed<MemoryView>> memory() {
    return new ArrayList<>(memory.values());
  }

  public Situation situation() {
    return situation.get();
  }

  public ReadOnlyObjectProperty<Situation> situationProperty() {
    return situation.getReadOnlyProperty();
  }

  /// Bytes from the home's current position to what a standby has replayed, by standby.
  public Map<String, Series> lagBytes() {
    return lagBytes;
  }

  public Map<String, Series> lagMillis() {
    return lagMillis;
  }

  public Series transactionsPerSecond() {
    return transactionsPerSecond;
  }
}
