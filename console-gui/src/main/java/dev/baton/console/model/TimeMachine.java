package dev.baton.console.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;

/// Which moment is shown: the present, or one of the last hour of what the clusters told, or one of
/// a recording; and the play of the past at a speed.
public final class TimeMachine {
  private static final double MOST_SPEED = 64;

  private final List<ClusterModel> present;
  private final LongSupplier clockMillis;
  private final Consumer<List<ClusterModel>> show;
  private final Map<ClusterModel, ClusterModel> pastOf = new HashMap<>();
  private final ReadOnlyBooleanWrapper past = new ReadOnlyBooleanWrapper();
  private long shownMillis;
  private double speed; // 0: stands still
  private long tickedMillis;

  /// @param present the clusters that are listened to, as they come and go
  /// @param show takes the clusters that are to be seen
  TimeMachine(
      List<ClusterModel> present, LongSupplier clockMillis, Consumer<List<ClusterModel>> show) {
    this.present = present;
    this.clockMillis = clockMillis;
    this.show = show;
  }

  /// Earliest moment that can be shown; empty when there is none yet.
  public OptionalLong firstMillis() {
    return present.stream()
        .filter(cluster -> !cluster.reel().isEmpty())
        .mapToLong(cluster -> cluster.reel().firstMillis())
        .min();
  }

  public OptionalLong lastMillis() {
    return present.stream()
        .filter(cluster -> !cluster.reel().isEmpty())
        .mapToLong(cluster -> cluster.reel().lastMillis())
        .max();
  }

  /// Shows a moment of the past; one outside of what was kept is brought to its edge.
  public void showAt(long millis) {
    if (firstMillis().isEmpty()) {
      return;
    }
    shownMillis =
        Math.clamp(millis, firstMillis().getAsLong(), lastMillis().orElse(Long.MAX_VALUE));
    pastOf.keySet().retainAll(present);
    List<ClusterModel> shown = new ArrayList<>();
    for (ClusterModel cluster : present) {
      ClusterModel then = pastOf.computeIfAbsent(cluster, live -> live.past(() -> shownMillis));
      if (then.showFrame()) {
        shown.add(then);
      }
    }
    past.set(true);
    show.accept(shown);
  }

  /// Shows the present again, unless all there is are recordings.
  public void showPresent() {
    if (!hasPresent()) {
      return;
    }
    speed = 0;
    past.set(false);
    pastOf.clear();
    show.accept(List.copyOf(present));
  }

  /// Some cluster is listened to, not read from a recording.
  public boolean hasPresent() {
    return present.stream().anyMatch(cluster -> !(cluster.linkState() instanceof LinkState.Past));
  }

  public boolean isPast() {
    return past.get();
  }

  public ReadOnlyBooleanProperty pastProperty() {
    return past.getReadOnlyProperty();
  }

  /// @param times of the real speed; 0 stands still
  public void play(double times) {
    speed = Math.clamp(times, 0, MOST_SPEED);
    tickedMillis = clockMillis.getAsLong();
    if (speed > 0 && !isPast()) {
      lastMillis().ifPresent(this::showAt);
    }
  }

  public double speed() {
    return speed;
  }

  /// The moment that is shown.
  public long shownMillis() {
    return isPast() ? shownMillis : clockMillis.getAsLong();
  }

  void tick() {
    long now = clockMillis.getAsLong();
    if (isPast() && speed > 0) {
      long next = shownMillis + Math.round((now - tickedMillis) * speed);
      showAt(next);
      if (next >= lastMillis().orElse(0)) {
        speed = 0;
      }
    }
    tickedMillis = now;
  }
}
