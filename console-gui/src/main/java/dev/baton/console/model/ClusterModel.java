package dev.baton.console.model;

import dev.baton.console.link.LinkEvent;
import dev.baton.console.link.Operations;
import dev.baton.model.view.HostView;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.StatusView;
import dev.baton.model.view.StreamMessage;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;

/// One cluster as its agents tell it. Takes the events of its link and keeps what they say.
public final class ClusterModel {
  /// More than an agent ever sends.
  private static final int MOVES_KEPT = 2_000;

  private final LongSupplier clockMillis;
  private final ReadOnlyObjectWrapper<LinkState> link;
  private final ReadOnlyObjectWrapper<@Nullable Timed<StatusView>> status =
      new ReadOnlyObjectWrapper<>();
  private final ObservableList<ServiceModel> services = FXCollections.observableArrayList();
  private final ObservableList<HostModel> hosts = FXCollections.observableArrayList();
  private final ObservableList<MoveView> moves = FXCollections.observableArrayList();
  private final SessionRows sessions = new SessionRows();
  private @Nullable Operations operations;
  private long quickestMillis = Long.MAX_VALUE; // of this connection, difference of clocks included

  ClusterModel(URI address, LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
    this.link = new ReadOnlyObjectWrapper<>(new LinkState.Connecting(address));
  }

  void operateBy(Operations through) {
    operations = through;
  }

  void on(LinkEvent event) {
    switch (event) {
      case LinkEvent.Connecting connecting -> {
        if (!(link.get() instanceof LinkState.Broken)) { // the reason stays until it is mended
          link.set(new LinkState.Connecting(connecting.address()));
        }
      }
      case LinkEvent.Connected connected -> {
        quickestMillis = Long.MAX_VALUE;
        link.set(new LinkState.Live(connected.address()));
      }
      case LinkEvent.Received received -> apply(received.message());
      case LinkEvent.Lost lost ->
          link.set(new LinkState.Broken(lost.address(), lost.reason(), clockMillis.getAsLong()));
    }
    assess();
  }

  void assess() {
    long now = clockMillis.getAsLong();
    services.forEach(service -> service.assess(now));
  }

  private void apply(StreamMessage message) {
    Instant sent = message.sentAt();
    long arrived = arrival(sent);
    StatusView told = message.status();
    if (told != null) {
      status.set(Timed.of(told, told.measuredAt(), sent, arrived));
      applyServices(told.services(), sent, arrived);
      applyHosts(told.hosts(), sent, arrived);
    }
    for (PositionsView positions :
        Objects.requireNonNullElse(message.positions(), List.<PositionsView>of())) {
      long measured = Timed.of(positions, positions.measuredAt(), sent, arrived).measuredMillis();
      service(positions.service()).ifPresent(s -> s.update(measured, positions));
    }
    for (MemoryView memory : Objects.requireNonNullElse(message.memory(), List.<MemoryView>of())) {
      service(memory.service())
          .ifPresent(s -> s.updateMemory(Timed.of(memory, memory.measuredAt(), sent, arrived)));
    }
    applySessions(message);
    applyMoves(message);
  }

  /// When the message would have come had nothing held it up. The quickest message of a connection
  /// tells how far the agent's clock is from this one; what another took longer it has waited in
  /// buffers, and its values are older by that.
  private long arrival(Instant sent) {
    long now = clockMillis.getAsLong();
    long took = now - sent.toEpochMilli();
    quickestMillis = Math.min(quickestMillis, took);
    return now - (took - quickestMillis);
  }

  private void applyServices(List<ServiceView> told, Instant sent, long arrived) {
    services.removeIf(known -> told.stream().noneMatch(t -> t.name().equals(known.name())));
    for (ServiceView view : told) {
      Timed<ServiceView> timed = Timed.of(view, view.measuredAt(), sent, arrived);
      Optional<ServiceModel> known = service(view.name());
      if (known.isPresent()) {
        known.get().update(timed);
      } else {
        ServiceModel made = new ServiceModel(this, timed);
        made.assess(arrived);
        services.add(made);
      }
    }
  }

  private void applyHosts(List<HostView> told, Instant sent, long arrived) {
    hosts.removeIf(known -> told.stream().noneMatch(t -> t.name().equals(known.name())));
    for (HostView view : told) {
      Timed<HostView> timed = Timed.of(view, view.measuredAt(), sent, arrived);
      Optional<HostModel> known = host(view.name());
      if (known.isPresent()) {
        known.get().update(timed);
      } else {
        hosts.add(new HostModel(timed));
      }
    }
  }

  private void applySessions(StreamMessage message) {
    List<SessionView> changed = message.sessions();
    if (message.snapshot()) {
      sessions.replaceAll(changed == null ? List.of() : changed);
    } else if (changed != null || message.closedSessions() != null) {
      sessions.update(
          changed == null ? List.of() : changed,
          Objects.requireNonNullElse(message.closedSessions(), List.of()));
    }
  }

  private void applyMoves(StreamMessage message) {
    List<MoveView> changed = message.moves();
    if (message.snapshot()) {
      moves.clear();
    }
    if (changed == null) {
      return;
    }
    for (MoveView move : changed) {
      moves.removeIf(known -> known.id() == move.id() && known.service().equals(move.service()));
      moves.add(move);
    }
    FXCollections.sort(
        moves,
        Comparator.comparing(MoveView::startedAt).thenComparingLong(MoveView::id).reversed());
    if (moves.size() > MOVES_KEPT) {
      moves.remove(MOVES_KEPT, moves.size());
    }
  }

  public Optional<ServiceModel> service(String name) {
    return services.stream().filter(s -> s.name().equals(name)).findFirst();
  }

  public Optional<HostModel> host(String name) {
    return hosts.stream().filter(h -> h.name().equals(name)).findFirst();
  }

  /// The cluster's own name; until it is known, the address.
  public String name() {
    Timed<StatusView> known = status.get();
    return known == null ? link.get().address().getAuthority() : known.value().cluster();
  }

  public @Nullable Timed<StatusView> status() {
    return status.get();
  }

  public ReadOnlyObjectProperty<@Nullable Timed<StatusView>> statusProperty() {
    return status.getReadOnlyProperty();
  }

  /// Whether the agent that answers has told of itself just now.
  boolean agentFresh(long nowMillis) {
    Timed<StatusView> known = status.get();
    return known != null && !known.isStale(nowMillis);
  }

  public LinkState linkState() {
    return link.get();
  }

  public ReadOnlyObjectProperty<LinkState> linkStateProperty() {
    return link.getReadOnlyProperty();
  }

  public ObservableList<ServiceModel> services() {
    return services;
  }

  public ObservableList<HostModel> hosts() {
    return hosts;
  }

  /// Newest first.
  public ObservableList<MoveView> moves() {
    return moves;
  }

  public ObservableList<SessionView> sessions() {
    return sessions.rows();
  }

  public Operations operations() {
    return Objects.requireNonNull(operations, "set when the link was opened");
  }
}
