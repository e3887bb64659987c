package dev.baton.console.model;

import dev.baton.console.link.LinkEvent;
import dev.baton.console.link.Operations;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.recording.StreamPicture;
import dev.baton.model.view.HostView;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PolicyView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.RulesView;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.StatusView;
import dev.baton.model.view.StreamMessage;
import dev.baton.model.view.WhyView;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;

/// One cluster as its agents tell it. Takes the events of its link and keeps what they say, and
/// what it was over the last hour; [#past] shows that hour again.
public final class ClusterModel {
  /// More than an agent ever sends.
  static final int MOVES_KEPT = 2_000;

  private static final long FORGET_EVERY_MILLIS = 60_000;

  private final LongSupplier clockMillis;
  private final ReadOnlyObjectWrapper<LinkState> link;
  private final ReadOnlyObjectWrapper<@Nullable Timed<StatusView>> status =
      new ReadOnlyObjectWrapper<>();
  private final ObservableList<ServiceModel> services = FXCollections.observableArrayList();
  private final ObservableList<HostModel> hosts = FXCollections.observableArrayList();
  private final ObservableList<MoveView> moves = FXCollections.observableArrayList();
  private final SessionRows sessions = new SessionRows();
  private final ClusterHistory history;
  private final boolean keeping;
  private final StreamPicture picture = new StreamPicture();
  private final Happenings happenings = new Happenings();
  private @Nullable Rules rules;
  private @Nullable Operations operations;
  private long forgottenMillis;
  private long quickestMillis = Long.MAX_VALUE; // of this connection, difference of clocks included
  private long frameMillis = Long.MIN_VALUE; // of the frame shown, in the past

  /// What was told of policies.
  ///
  /// @param heldMillis until when it was so, on the console's clock
  private record Rules(RulesView told, Instant sent, long heldMillis) {}

  ClusterModel(URI address, LongSupplier clockMillis) {
    this(new LinkState.Connecting(address), clockMillis, new ClusterHistory(), true);
  }

  private ClusterModel(
      LinkState first, LongSupplier clockMillis, ClusterHistory history, boolean keeping) {
    this.clockMillis = clockMillis;
    this.history = history;
    this.keeping = keeping;
    this.link = new ReadOnlyObjectWrapper<>(first);
  }

  /// A model of this cluster's past, which [#showFrame] fills. It adds nothing to the history.
  ///
  /// @param clockMillis the time that is looked at
  ClusterModel past(LongSupplier clockMillis) {
    LinkState.Past at = new LinkState.Past(linkState().address(), clockMillis.getAsLong());
    return new ClusterModel(at, clockMillis, history, false);
  }

  /// Shows what was known at the time that is looked at.
  ///
  /// @return false when nothing was known yet
  boolean showFrame() {
    long at = clockMillis.getAsLong();
    Optional<Reel.Frame> frame = history.reel().at(at);
    if (frame.isEmpty()) {
      return false;
    }
    link.set(new LinkState.Past(link.get().address(), at));
    if (frame.get().atMillis() != frameMillis) {
      frameMillis = frame.get().atMillis();
      apply(frame.get().told(), frameMillis);
    }
    assess();
    return true;
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
        if (link.get() instanceof LinkState.Broken) {
          happened(
              new Happenings.Found(
                  Severity.NORMAL, Text.EVENT_CONNECTION.of(), Text.EVENT_CONNECTION_BACK.of()));
        }
        link.set(new LinkState.Live(connected.address()));
      }
      case LinkEvent.Received received -> receive(received.message());
      case LinkEvent.Lost lost -> {
        if (!(link.get() instanceof LinkState.Broken)) {
          happened(
              new Happenings.Found(
                  Severity.CRITICAL,
                  Text.EVENT_CONNECTION.of(),
                  Text.EVENT_CONNECTION_LOST.of(lost.address(), lost.reason())));
        }
        link.set(new LinkState.Broken(lost.address(), lost.reason(), clockMillis.getAsLong()));
      }
      case LinkEvent.Ended ended ->
          link.set(new LinkState.Past(ended.address(), clockMillis.getAsLong()));
    }
    assess();
  }

  private void receive(StreamMessage message) {
    Timed<StatusView> before = status.get();
    RulesView rulesBefore = rules == null ? null : rules.told();
    long arrived = arrival(message.sentAt());
    apply(message, arrived);
    picture.apply(message);
    history.reel().offer(arrived, picture);
    if (arrived - forgottenMillis >= FORGET_EVERY_MILLIS) {
      forgottenMillis = arrived;
      history.forgetBefore(
          arrived, names(hosts, HostModel::name), names(services, ServiceModel::name));
    }
    StatusView told = message.status();
    if (before != null && told != null) {
      happenings.between(before.value(), told).forEach(this::happened);
    }
    if (rulesBefore != null && message.rules() != null) {
      happenings.rules(rulesBefore, message.rules()).forEach(this::happened);
    }
    if (message.moves() != null) {
      happenings.moves(message.moves()).forEach(this::happened);
    }
  }

  private static <T> Set<String> names(List<T> all, Function<T, String> name) {
    return all.stream().map(name).collect(Collectors.toSet());
  }

  /// Hosts, services and standbys that a history is kept of.
  int keptSeries() {
    return history.kept();
  }

  /// How much is kept that grows with what was told: rows, frames, events, series, moves.
  int kept() {
    return sessions.rows().size()
        + history.reel().size()
        + history.events().size()
        + history.kept()
        + moves.size()
        + happenings.remembered();
  }

  private void happened(Happenings.Found found) {
    history
        .events()
        .add(
            new EventLog.Event(
                clockMillis.getAsLong(), found.severity(), name(), found.subject(), found.text()));
  }

  void assess() {
    long now = clockMillis.getAsLong();
    services.forEach(service -> service.assess(now));
  }

  private void apply(StreamMessage message, long arrived) {
    Instant sent = message.sentAt();
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
      if (keeping) {
        history.service(positions.service()).sample(measured, positions);
      }
    }
    if (message.memory() != null) {
      services.forEach(ServiceModel::forgetMemory); // all are told when one changes
    }
    for (MemoryView memory : Objects.requireNonNullElse(message.memory(), List.<MemoryView>of())) {
      Timed<MemoryView> timed = Timed.of(memory, memory.measuredAt(), sent, arrived);
      service(memory.service()).ifPresent(s -> s.updateMemory(timed));
      if (keeping) {
        history.service(memory.service()).sampleMemory(timed);
      }
    }
    applyRules(message, arrived);
    applySessions(message);
    applyMoves(message);
  }

  /// What a message does not mention still holds when it is sent.
  private void applyRules(StreamMessage message, long arrived) {
    RulesView told = message.rules();
    Rules known = rules;
    if (told != null) {
      rules = new Rules(told, message.sentAt(), arrived);
    } else if (known != null) {
      rules = message.snapshot() ? null : new Rules(known.told(), known.sent(), arrived);
    }
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
      if (keeping) {
        history.service(view.name()).sample(timed);
      }
      Optional<ServiceModel> known = service(view.name());
      if (known.isPresent()) {
        known.get().update(timed);
      } else {
        ServiceModel made = new ServiceModel(this, timed, history.service(view.name()));
        made.assess(arrived);
        services.add(made);
      }
    }
  }

  private void applyHosts(List<HostView> told, Instant sent, long arrived) {
    hosts.removeIf(known -> told.stream().noneMatch(t -> t.name().equals(known.name())));
    for (HostView view : told) {
      Timed<HostView> timed = Timed.of(view, view.measuredAt(), sent, arrived);
      if (keeping) {
        history.host(view.name()).sample(timed);
      }
      Optional<HostModel> known = host(view.name());
      if (known.isPresent()) {
        known.get().update(timed);
      } else {
        hosts.add(new HostModel(timed, history.host(view.name())));
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

  /// Announced maintenance; empty also when agents have told none.
  public List<MaintenanceView> maintenance() {
    return rules == null ? List.of() : rules.told().maintenance();
  }

  /// Null until an agent has told it.
  @Nullable PolicyView policy(String service) {
    return rules == null
        ? null
        : rules.told().policies().stream()
            .filter(policy -> policy.service().equals(service))
            .findFirst()
            .orElse(null);
  }

  /// Null while the agent of the service's home is not heard of.
  @Nullable Timed<WhyView> why(String service) {
    Rules known = rules;
    return known == null
        ? null
        : known.told().why().stream()
            .filter(why -> why.service().equals(service))
            .findFirst()
            .map(why -> Timed.of(why, why.measuredAt(), known.sent(), known.heldMillis()))
            .orElse(null);
  }

  /// Why nothing may be changed in this cluster now, in words; empty when something may.
  public Optional<String> whyNotNow(long nowMillis) {
    if (link.get() instanceof LinkState.Past) {
      return Optional.of(Text.CHANGE_OBSTACLE_PAST.of());
    }
    if (!link.get().live()) {
      return Optional.of(Text.MOVE_OBSTACLE_LINK.of());
    }
    Timed<StatusView> known = status.get();
    if (known == null || known.isStale(nowMillis)) {
      return Optional.of(
          Text.MOVE_OBSTACLE_STALE.of(
              known == null ? Text.AGE_NEVER.of() : Units.age(known.ageMillis(nowMillis))));
    }
    return Optional.empty();
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

  /// What is known of each session; follows the rows.
  public List<SessionView> sessions() {
    return sessions.views();
  }

  public ObservableList<SessionRow> sessionRows() {
    return sessions.rows();
  }

  /// What happened up to the time that is looked at, oldest first.
  public List<EventLog.Event> events() {
    return history.events().until(clockMillis.getAsLong());
  }

  /// All that happened, also after the time that is looked at.
  public List<EventLog.Event> happened() {
    return history.events().until(Long.MAX_VALUE);
  }

  /// What can be scrubbed back to.
  public Reel reel() {
    return history.reel();
  }

  public Operations operations() {
    return Objects.requireNonNull(operations, "set when the link was opened");
  }
}
