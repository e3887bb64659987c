package dev.baton.console.model;

import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PolicyView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.WhyView;
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
  private final ClusterModel cluster;
  private final String name;
  private final ReadOnlyObjectWrapper<Timed<ServiceView>> view;
  private final ReadOnlyObjectWrapper<@Nullable Timed<PositionsView>> positions =
      new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<Situation> situation = new ReadOnlyObjectWrapper<>();
  private final Map<String, Timed<MemoryView>> memory = new LinkedHashMap<>();
  private final ServiceHistory history;

  ServiceModel(ClusterModel cluster, Timed<ServiceView> first, ServiceHistory history) {
    this.cluster = cluster;
    this.name = first.value().name();
    this.view = new ReadOnlyObjectWrapper<>(first);
    this.history = history;
  }

  void update(Timed<ServiceView> next) {
    view.set(next);
  }

  void update(long measuredMillis, PositionsView next) {
    positions.set(new Timed<>(next, measuredMillis));
  }

  void forgetMemory() {
    memory.clear();
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

  /// One for each standby.
  public List<Timed<MemoryView>> memory() {
    return new ArrayList<>(memory.values());
  }

  /// When it is moved by itself; null until an agent has told it.
  public @Nullable PolicyView policy() {
    return cluster.policy(name);
  }

  /// What the agent of its home says would happen now; null while that is not heard of.
  public @Nullable Timed<WhyView> why() {
    return cluster.why(name);
  }

  public Situation situation() {
    return situation.get();
  }

  public ReadOnlyObjectProperty<Situation> situationProperty() {
    return situation.getReadOnlyProperty();
  }

  public ServiceHistory history() {
    return history;
  }
}
