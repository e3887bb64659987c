package dev.baton.service.views;

import dev.baton.model.LogPosition;
import dev.baton.model.view.AlarmView;
import dev.baton.model.view.HostView;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.PositionsView.Rung;
import dev.baton.model.view.PositionsView.StandbyPositions;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.ServiceView.StandbyView;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.StatusView;
import dev.baton.model.view.WhyView;
import dev.baton.service.views.LocalViews.LocalService;
import dev.baton.service.views.LocalViews.StandbyLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The parts of all agents, put together. Of two agents that know different epochs of a service the
/// one with the higher is believed. An agent that has not been heard of keeps its last part, with
/// its age, and is shown as unreachable. Safe for every thread.
public final class ClusterViews {
  /// An agent whose part is older than this is shown as unreachable.
  public static final Duration UNREACHABLE_AFTER = Duration.ofSeconds(2);

  /// The rung that tells what the standby's memory has.
  private static final String IN_MEMORY = "in memory";

  private static final int MAX_MOVES = 1_000;

  private final String cluster;
  private final String host;
  private final Map<String, LocalViews> parts = new TreeMap<>();
  private final Map<String, PositionAges> ages = new HashMap<>();

  public ClusterViews(String cluster, String host) {
    this.cluster = cluster;
    this.host = host;
  }

  /// Takes an agent's own measurement in.
  public synchronized void put(LocalViews part) {
    parts.put(part.host().name(), part);
    for (LocalService service : part.services()) {
      LogPosition current = service.current();
      if (service.role().equals("home") && current != null) {
        ages.computeIfAbsent(service.service(), name -> new PositionAges())
            .sample(part.measuredAt().toEpochMilli(), current);
      }
    }
  }

  public synchronized @Nullable LocalViews part(String name) {
    return parts.get(name);
  }

  public synchronized StatusView status(Instant now) {
    LocalViews own = parts.get(host);
    return new StatusView(
        cluster,
        host,
        own == null ? "" : own.version(),
        own == null ? "lost" : own.coordination(),
        services(now),
        hosts(now),
        alarms(),
        now);
  }

  /// Of every agent, the oldest first; those of one that is not heard of stay as last told.
  public synchronized List<AlarmView> alarms() {
    List<AlarmView> all = new ArrayList<>();
    eachService((part, service) -> all.addAll(service.alarms()));
    all.sort(Comparator.comparing(AlarmView::since));
    return all;
  }

  public synchronized List<HostView> hosts(Instant now) {
    return parts.values().stream().map(part -> aged(part, now)).toList();
  }

  private static HostView aged(LocalViews part, Instant now) {
    HostView view = part.host();
    return new HostView(
        view.name(),
        reachable(part, now) ? "up" : "unreachable",
        view.clientAddress(),
        view.controlUrl(),
        view.instances(),
        view.load(),
        view.configuration(),
        view.clients(),
        part.measuredAt());
  }

  private static boolean reachable(LocalViews part, Instant now) {
    return part.measuredAt().isAfter(now.minus(UNREACHABLE_AFTER));
  }

  public synchronized List<SessionView> sessions() {
    List<SessionView> all = new ArrayList<>();
    parts.values().forEach(part -> all.addAll(part.sessions()));
    return all;
  }

  public synchronized List<MemoryView> memory() {
    List<MemoryView> all = new ArrayList<>();
    eachService(
        (part, service) -> {
          MemoryView view = service.memory();
          if (view != null) {
            all.add(view);
          }
        });
    return all;
  }

  /// Each service's standing assessment, by the agent of its home; none of an agent that is not
  /// heard of, since it would be of another time.
  public synchronized List<WhyView> why(Instant now) {
    List<WhyView> all = new ArrayList<>();
    newest()
        .forEach(
            (name, known) -> {
              LocalViews home = parts.get(known.service().home());
              if (home != null && reachable(home, now)) {
                home.why().stream().filter(why -> why.service().equals(name)).forEach(all::add);
              }
            });
    return all;
  }

  public synchronized List<MoveView> moves() {
    List<MoveView> all = new ArrayList<>();
    eachService((part, service) -> all.addAll(service.moves()));
    return all.stream()
        .sorted(Comparator.comparing(MoveView::startedAt).reversed())
        .limit(MAX_MOVES)
        .toList();
  }

  public synchronized List<ServiceView> services(Instant now) {
    List<ServiceView> views = new ArrayList<>();
    newest().forEach((name, known) -> views.add(service(name, known, now)));
    return views;
  }

  private ServiceView service(String name, Known known, Instant now) {
    LocalViews homePart = parts.get(known.service().home());
    LocalService home =
        homePart == null ? known.service() : of(homePart, name).orElse(known.service());
    boolean homeHeard = homePart != null && reachable(homePart, now);
    List<StandbyView> standbys = new ArrayList<>();
    int clients = 0;
    double transactions = 0;
    Long running = null;
    for (LocalViews part : parts.values()) {
      LocalService own = of(part, name).orElse(null);
      if (own == null) {
        continue;
      }
      clients += own.clients();
      transactions += own.transactionsPerSecond();
      running = own.runningMove() == null ? running : own.runningMove();
      if (!part.host().name().equals(known.service().home()) && !own.role().equals("none")) {
        standbys.add(standby(name, part, own, home, reachable(part, now), now));
      }
    }
    boolean inSync = !known.service().inSync().isEmpty();
    String why = home.unprotectedReason();
    return new ServiceView(
        name,
        known.service().engine(),
        known.service().home(),
        known.service().epoch(),
        known.service().phase(),
        known.service().durability(),
        standbys,
        inSync && homeHeard,
        inSync && homeHeard
            ? null
            : homeHeard
                ? (why == null ? "no standby is in sync" : why)
                : "the home's agent cannot be reached",
        clients,
        transactions,
        running,
        known.part().measuredAt());
  }

  private StandbyView standby(
      String name,
      LocalViews part,
      LocalService own,
      LocalService home,
      boolean reachable,
      Instant now) {
    StandbyLog log = own.log();
    LogPosition current = home.current();
    Long lag =
        log == null || current == null ? null : Math.max(0, current.bytesSince(log.replayed()));
    PositionAges known = ages.get(name);
    return new StandbyView(
        part.host().name(),
        reachable
            ? home.inSync().contains(part.host().name()) ? "in-sync" : own.member()
            : "absent",
        own.generation(),
        lag,
        log == null || known == null
            ? null
            : known.behindMillis(now.toEpochMilli(), log.replayed()),
        own.seedPercent());
  }

  public synchronized List<PositionsView> positions(Instant now) {
    List<PositionsView> views = new ArrayList<>();
    newest()
        .forEach(
            (name, known) -> {
              LocalViews homePart = parts.get(known.service().home());
              LocalService home = homePart == null ? null : of(homePart, name).orElse(null);
              LogPosition current = home == null ? null : home.current();
              List<StandbyPositions> standbys = new ArrayList<>();
              LogPosition best = current == null ? LogPosition.ZERO : current;
              for (LocalViews part : parts.values()) {
                StandbyLog log = of(part, name).map(LocalService::log).orElse(null);
                if (log != null && !part.host().name().equals(known.service().home())) {
                  best = best.max(log.homePosition());
                }
              }
              for (LocalViews part : parts.values()) {
                StandbyLog log = of(part, name).map(LocalService::log).orElse(null);
                if (log != null && !part.host().name().equals(known.service().home())) {
                  standbys.add(
                      new StandbyPositions(part.host().name(), ladder(name, log, best, now)));
                }
              }
              views.add(
                  new PositionsView(
                      name,
                      known.service().home(),
                      known.service().epoch(),
                      home == null ? known.service().timeline() : home.timeline(),
                      best,
                      standbys,
                      (homePart == null ? known.part() : homePart).measuredAt()));
            });
    return views;
  }

  /// Age of the first byte of the home's log that the standby's memory lacks; 0 when it lacks none,
  /// or when that is longer ago than was seen.
  public double secondsNotInMemory(String service, String standby, Instant now) {
    return positions(now).stream()
        .filter(positions -> positions.service().equals(service))
        .flatMap(positions -> positions.standbys().stream())
        .filter(positions -> positions.host().equals(standby))
        .flatMap(positions -> positions.rungs().stream())
        .filter(rung -> rung.name().equals(IN_MEMORY))
        .map(Rung::lagMillis)
        .filter(Objects::nonNull)
        .mapToDouble(millis -> millis / 1000)
        .findFirst()
        .orElse(0);
  }

  private List<Rung> ladder(String service, StandbyLog log, LogPosition current, Instant now) {
    return List.of(
        rung(service, "sent", log.homePosition(), current, now),
        rung(service, "received", log.received(), current, now),
        rung(service, IN_MEMORY, log.inMemory(), current, now),
        rung(service, "relayed", log.relayed(), current, now),
        rung(service, "flushed", log.flushed(), current, now),
        rung(service, "replayed", log.replayed(), current, now));
  }

  private Rung rung(
      String service, String name, LogPosition position, LogPosition current, Instant now) {
    PositionAges known = ages.get(service);
    return new Rung(
        name,
        position,
        Math.max(0, current.bytesSince(position)),
        known == null ? null : known.behindMillis(now.toEpochMilli(), position));
  }

  private record Known(LocalViews part, LocalService service) {}

  /// Of each service what the agent with the highest epoch says, the home itself before others.
  private Map<String, Known> newest() {
    Map<String, Known> newest = new TreeMap<>();
    eachService(
        (part, service) -> {
          Known known = newest.get(service.service());
          if (known == null
              || service.epoch() > known.service().epoch()
              || (service.epoch() == known.service().epoch()
                  && part.host().name().equals(service.home()))) {
            newest.put(service.service(), new Known(part, service));
          }
        });
    return newest;
  }

  private interface PartVisitor {
    void visit(LocalViews part, LocalService service);
  }

  private void eachService(PartVisitor visitor) {
    Collection<LocalViews> all = parts.values();
    for (LocalViews part : all) {
      part.services().forEach(service -> visitor.visit(part, service));
    }
  }

  private static java.util.Optional<LocalService> of(LocalViews part, String service) {
    return part.services().stream().filter(own -> own.service().equals(service)).findFirst();
  }
}
