package dev.baton.console.model;

import dev.baton.console.link.Link;
import dev.baton.console.link.LinkEvent;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;

/// All that the console knows: its clusters, which service is looked at, and the time. Views redraw
/// at every [#tick], a few times a second, however many messages came in between.
public final class ConsoleModel implements AutoCloseable {
  private final Link.Factory links;
  private final LongSupplier clockMillis;
  private final ObservableList<ClusterModel> clusters = FXCollections.observableArrayList();
  private final Map<ClusterModel, Link> linkOf = new HashMap<>();
  private final ObjectProperty<@Nullable ServiceModel> selected = new SimpleObjectProperty<>();
  private final ReadOnlyLongWrapper now = new ReadOnlyLongWrapper();

  /// @param clockMillis the console's own clock
  public ConsoleModel(Link.Factory links, LongSupplier clockMillis) {
    this.links = links;
    this.clockMillis = clockMillis;
    now.set(clockMillis.getAsLong());
  }

  /// Takes a cluster into view by the address of one of its agents. An address that an open link
  /// already knows adds nothing.
  public void connect(URI address) {
    if (linkOf.values().stream().anyMatch(link -> link.knows(address))) {
      return;
    }
    ClusterModel cluster = new ClusterModel(address, clockMillis);
    Link link = links.open(address, event -> on(cluster, event));
    cluster.operateBy(link);
    linkOf.put(cluster, link);
    clusters.add(cluster);
    link.start();
  }

  private void on(ClusterModel cluster, LinkEvent event) {
    if (!linkOf.containsKey(cluster)) {
      return; // was on its way when the link was closed
    }
    cluster.on(event);
    if (event instanceof LinkEvent.Received && isSecondLook(cluster)) {
      forget(cluster);
      return;
    }
    selectSome();
  }

  /// Two addresses that turned out to be agents of one cluster.
  private boolean isSecondLook(ClusterModel cluster) {
    return cluster.status() != null
        && clusters.stream()
            .takeWhile(other -> !other.equals(cluster))
            .anyMatch(other -> other.status() != null && other.name().equals(cluster.name()));
  }

  public void forget(ClusterModel cluster) {
    Link link = linkOf.remove(cluster);
    if (link != null) {
      link.close();
    }
    clusters.remove(cluster);
    selectSome();
  }

  private void selectSome() {
    ServiceModel current = selected.get();
    if (current == null || !current.cluster().services().contains(current)) {
      selected.set(clusters.stream().flatMap(c -> c.services().stream()).findFirst().orElse(null));
    }
  }

  /// The time has passed: ages grow.
  public void tick() {
    clusters.forEach(ClusterModel::assess);
    now.set(clockMillis.getAsLong());
  }

  public long nowMillis() {
    return clockMillis.getAsLong();
  }

  /// Calls at once and at every tick.
  public Subscription eachTick(Runnable then) {
    return now.subscribe(_ -> then.run()); // by value: an invalidation is told only once
  }

  /// Calls at once, at every tick, and when another service is looked at.
  public Subscription watch(Runnable then) {
    return eachTick(then).and(selected.subscribe(_ -> then.run()));
  }

  public ObservableList<ClusterModel> clusters() {
    return clusters;
  }

  /// The service that the views show; null until one is known.
  public ObjectProperty<@Nullable ServiceModel> selectedProperty() {
    return selected;
  }

  public @Nullable ServiceModel selected() {
    return selected.get();
  }

  @Override
  public void close() {
    List.copyOf(clusters).forEach(cluster -> Objects.requireNonNull(linkOf.get(cluster)).close());
    linkOf.clear();
  }
}
