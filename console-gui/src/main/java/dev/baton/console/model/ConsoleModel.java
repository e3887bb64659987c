package dev.baton.console.model;

import dev.baton.console.link.Link;
import dev.baton.console.link.LinkEvent;
import dev.baton.console.link.LinkListener;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;

/// All that the console knows: its clusters, which service is looked at, and the time. Views redraw
/// at every [#tick], a few times a second, however many messages came in between. What they show is
/// the present, or, by the [TimeMachine], a moment of the past: then the clusters are those of that
/// moment, and nothing can be done with them.
public final class ConsoleModel implements AutoCloseable {
  private final Link.Factory links;
  private final LongSupplier clockMillis;
  private final ObservableList<ClusterModel> clusters = FXCollections.observableArrayList();
  private final List<ClusterModel> present = new ArrayList<>();
  private final Map<ClusterModel, Link> linkOf = new HashMap<>();
  private final ObjectProperty<@Nullable ServiceModel> selected = new SimpleObjectProperty<>();
  private final ReadOnlyLongWrapper beat = new ReadOnlyLongWrapper(); // the past stands still
  private final TimeMachine time;

  /// @param clockMillis the console's own clock
  public ConsoleModel(Link.Factory links, LongSupplier clockMillis) {
    this.links = links;
    this.clockMillis = clockMillis;
    this.time = new TimeMachine(present, clockMillis, this::show);
  }

  /// Takes a cluster into view by the address of one of its agents. An address that an open link
  /// already knows adds nothing.
  public void connect(URI address) {
    if (linkOf.values().stream().anyMatch(link -> link.knows(address))) {
      return;
    }
    ClusterModel cluster = new ClusterModel(address, clockMillis);
    take(cluster, listener -> links.open(address, listener));
  }

  /// Takes a recording into view. Its times are those of the agents; it is shown as the past, from
  /// its end.
  ///
  /// @param link reads the recording and tells the listener that it is given
  public void open(URI address, Function<LinkListener, Link> link) {
    RecordedTime recorded = new RecordedTime();
    ClusterModel cluster = new ClusterModel(address, recorded);
    take(
        cluster,
        listener ->
            link.apply(
                event -> {
                  recorded.advance(event);
                  listener.on(event);
                  if (event instanceof LinkEvent.Ended && !cluster.reel().isEmpty()) {
                    time.showAt(cluster.reel().lastMillis());
                  }
                }));
  }

  private void take(ClusterModel cluster, Function<LinkListener, Link> opened) {
    Link link = opened.apply(event -> on(cluster, event));
    cluster.operateBy(link);
    linkOf.put(cluster, link);
    present.add(cluster);
    if (!time.isPast()) {
      clusters.add(cluster);
    }
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
        && present.stream()
            .takeWhile(other -> !other.equals(cluster))
            .anyMatch(other -> other.status() != null && other.name().equals(cluster.name()));
  }

  public void forget(ClusterModel cluster) {
    Link link = linkOf.remove(cluster);
    if (link != null) {
      link.close();
    }
    present.remove(cluster);
    clusters.remove(cluster);
    selectSome();
  }

  /// Brings other clusters before the eyes: those of the present or of a moment of the past. The
  /// service of the same name stays the one that is looked at.
  private void show(List<ClusterModel> shown) {
    if (!clusters.equals(shown)) {
      ServiceModel before = selected.get();
      clusters.setAll(shown);
      if (before != null) {
        sameAs(before).ifPresent(selected::set);
      }
    }
    selectSome();
    beat.set(beat.get() + 1);
  }

  private Optional<ServiceModel> sameAs(ServiceModel service) {
    return clusters.stream()
        .filter(cluster -> cluster.name().equals(service.cluster().name()))
        .flatMap(cluster -> cluster.service(service.name()).stream())
        .findFirst();
  }

  private void selectSome() {
    ServiceModel current = selected.get();
    if (current == null
        || !clusters.contains(current.cluster())
        || !current.cluster().services().contains(current)) {
      selected.set(clusters.stream().flatMap(c -> c.services().stream()).findFirst().orElse(null));
    }
  }

  /// The time has passed: ages grow, and the past plays on.
  public void tick() {
    present.forEach(ClusterModel::assess);
    time.tick();
    beat.set(beat.get() + 1);
  }

  /// The moment that is shown: now, or one of the past.
  public long nowMillis() {
    return time.shownMillis();
  }

  public TimeMachine time() {
    return time;
  }

  /// Calls at once and at every tick.
  public Subscription eachTick(Runnable then) {
    return beat.subscribe(_ -> then.run()); // by value: an invalidation is told only once
  }

  /// Calls at once, at every tick, and when another service is looked at.
  public Subscription watch(Runnable then) {
    return eachTick(then).and(selected.subscribe(_ -> then.run()));
  }

  /// The clusters as they are shown.
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
    List.copyOf(present).forEach(cluster -> Objects.requireNonNull(linkOf.get(cluster)).close());
    linkOf.clear();
  }

  /// The clock of a recording: when its last message was sent.
  private static final class RecordedTime implements LongSupplier {
    private long millis;

    void advance(LinkEvent event) {
      if (event instanceof LinkEvent.Received received) {
        millis = Math.max(millis, received.message().sentAt().toEpochMilli());
      }
    }

    @Override
    public long getAsLong() {
      return millis;
    }
  }
}
