package dev.baton.service.agent;

import dev.baton.core.cluster.Coordination;
import dev.baton.core.cluster.RoleCommand;
import dev.baton.core.cluster.RoleEvent;
import dev.baton.core.cluster.RoleSettings;
import dev.baton.core.cluster.RoleState;
import dev.baton.core.cluster.ServiceRecord;
import dev.baton.core.engine.Harm;
import dev.baton.core.engine.Instance;
import dev.baton.core.move.Alarm;
import dev.baton.core.move.MoveOrder;
import dev.baton.core.route.Route.Fate;
import dev.baton.core.route.Route.LossVerdict;
import dev.baton.core.route.RouteState;
import dev.baton.model.view.AlarmView;
import dev.baton.net.Front;
import dev.baton.net.Front.MoveTally;
import dev.baton.service.monitor.ServiceGauge;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One service on one host: its driver, its hands, and what other agents may ask about it.
final class ServiceUnit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceUnit.class);

  /// How long an ended backend's reason is looked for: the end of a server is known within
  /// milliseconds, its orderly stop within a look at its status file.
  private static final long VERDICT_MILLIS = 150;

  private static final long LOOK_AGAIN_MILLIS = 5;

  /// How long the record of the present epoch is waited for when somebody asks of the one before.
  private static final long RECORD_MILLIS = 1_000;

  private static final long LOG_TOLD_MILLIS = 1_000;

  private final RoleSettings settings;
  private final ServiceDriver driver;
  private final RouteHub route;
  private final StandbyLogs logs;
  private final Instance instance;
  private final InstanceHands instanceHands;
  private final ClientHands clientHands;
  private final RecordHands recordHands;
  private final PeerHands peerHands;
  private final LogHands logHands;
  private final MoveReports reports;
  private final FrontTallies tallies;
  private final ScheduledExecutorService timer;
  private final Consumer<ServiceRecord> onRecord;
  private final Map<String, CompletableFuture<OrderAnswer>> orders = new ConcurrentHashMap<>();
  private final Alarms alarms;
  private final Front front;
  private final ServiceGauge gauge;
  private final @Nullable Harm harm;
  private final ServiceDoor door;
  private final OwnPast past;
  private Coordination.@Nullable Watch recordWatch;
  private Coordination.@Nullable Watch connectionWatch;
  private @Nullable Future<?> logTold;

  /// @param moveId 0 when the order is refused
  record OrderAnswer(long moveId, String explanation) {}

  /// What a unit is made of; the one place where its parts are listed.
  ///
  /// @param mailbox single-threaded, owned by the unit
  /// @param harm null where there is no local instance
  /// @param onRecord told each record that is seen
  record Parts(
      RoleSettings settings,
      ScheduledExecutorService mailbox,
      ScheduledExecutorService timer,
      Coordination coordination,
      Peers peers,
      RouteHub route,
      ServiceDoor door,
      Instance instance,
      StandbyLogs logs,
      Front front,
      ServiceGauge gauge,
      @Nullable Harm harm,
      MoveHistory history,
      InstanceHands.Fence fence,
      Consumer<ServiceRecord> onRecord) {}

  ServiceUnit(Parts parts) {
    this.settings = parts.settings();
    this.alarms = new Alarms(settings.service(), settings.host(), InstantSource.system());
    this.timer = parts.timer();
    this.route = parts.route();
    this.logs = parts.logs();
    this.instance = parts.instance();
    this.front = parts.front();
    this.gauge = parts.gauge();
    this.harm = parts.harm();
    this.onRecord = parts.onRecord();
    this.past = new OwnPast(settings.host());
    this.driver = new ServiceDriver(settings, parts.mailbox(), this::perform);
    this.tallies = new FrontTallies(settings.service(), parts.peers(), this::tally, timer);
    this.door = parts.door();
    this.instanceHands = new InstanceHands(instance, parts.fence(), this::posted);
    this.clientHands =
        new ClientHands(route, parts.door(), parts::front, tallies, timer, this::post);
    this.recordHands = new RecordHands(parts.coordination(), settings.service(), timer, this::post);
    this.logHands = new LogHands(logs, this::post);
    this.reports = new MoveReports(settings.service(), parts.history(), tallies);
    this.peerHands = new PeerHands(settings.service(), parts.peers(), this::post);
  }

  /// Begins to take part in the cluster.
  void begin(Coordination coordination) {
    driver.begin();
    connectionWatch =
        coordination.watchConnection(
            connection -> post(new RoleEvent.ConnectionChanged(connection)));
    recordWatch =
        coordination.watch(settings.service(), record -> post(new RoleEvent.RecordSeen(record)));
    logTold =
        timer.scheduleAtFixedRate(
            this::tellLog, LOG_TOLD_MILLIS, LOG_TOLD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tellLog() {
    if (driver.state().role() instanceof RoleState.Role.Serving) {
      post(new RoleEvent.LogAt(instance.observedPosition()));
    }
  }

  /// Runs it on the driver's thread, after what that one has to do already.
  void whenIdle(Runnable task) {
    driver.whenIdle(task);
  }

  private void post(RoleEvent event) {
    if (event instanceof RoleEvent.RecordSeen(ServiceRecord record) && record != null) {
      onRecord.accept(record);
      past.seen(record);
    }
    driver.post(event);
  }

  private void posted(RoleEvent event) {
    ServiceRecord record = driver.state().record();
    if (event instanceof RoleEvent.InstanceStarted
        && instance.state() == Instance.State.STANDBY
        && record != null) {
      door.admitTwins(record.epoch());
    }
    post(event);
  }

  private void perform(RoleCommand command) {
    switch (command) {
      case RoleCommand.Write c -> recordHands.write(c);
      case RoleCommand.ReadRecord c -> recordHands.read();
      case RoleCommand.Send c -> peerHands.send(c);
      case RoleCommand.Broadcast c -> peerHands.broadcast(c);
      case RoleCommand.Publish c -> clientHands.publish(c);
      case RoleCommand.AdmitStandbys c -> clientHands.admitStandbys(c);
      case RoleCommand.OpenDoor c -> clientHands.openDoor(c);
      case RoleCommand.HoldLease c -> clientHands.holdLease(c);
      case RoleCommand.CloseDoor c -> clientHands.closeDoor(c);
      case RoleCommand.AwaitTransactionsEnd c -> clientHands.awaitTransactionsEnd(c);
      case RoleCommand.AwaitFronts c -> clientHands.awaitFronts(c);
      case RoleCommand.KillInstance c -> instanceHands.kill(c);
      case RoleCommand.FenceInstance c -> instanceHands.fence(c);
      case RoleCommand.ExamineInstance c -> instanceHands.examine(c);
      case RoleCommand.StartInstance c -> instanceHands.start(c);
      case RoleCommand.RequireAcknowledgement c -> instanceHands.requireAcknowledgement(c);
      case RoleCommand.SeedInstance c -> instanceHands.seed(c);
      case RoleCommand.FollowRelay c -> instanceHands.followRelay(c);
      case RoleCommand.Promote c -> instanceHands.promote(c);
      case RoleCommand.StartReceiving c -> logHands.startReceiving(c);
      case RoleCommand.ContinueReceiving c -> logHands.continueReceiving(c);
      case RoleCommand.StopReceiving c -> logHands.stopReceiving(c);
      case RoleCommand.AwaitCaughtUp c -> logHands.awaitCaughtUp(c);
      case RoleCommand.AwaitInMemory c -> logHands.awaitInMemory(c);
      case RoleCommand.AwaitFlushed c -> logHands.awaitFlushed(c);
      case RoleCommand.SettleFates c -> logHands.settleFates(c);
      case RoleCommand.AnswerOrder c -> answer(c);
      case RoleCommand.Report c -> reports.report(c);
      case RoleCommand.RaiseAlarm c -> alarms.raise(c.alarm(), c.explanation());
      case RoleCommand.ClearAlarm c -> alarms.clear(c.alarm());
    }
  }

  /// What this host's front did for the move that opened `epoch`.
  private MoveTally tally(long epoch) {
    return route.state() instanceof RouteState.Open open && open.epoch() >= epoch
        ? front.tally(epoch)
        : FrontTallies.notReached(epoch, front.counters().clients());
  }

  /// The home's stream broke by itself; the log source tries again until it is stopped.
  void logBroken(String why) {
    LOG.warn("service={} the log does not come in: {}", settings.service(), why);
  }

  /// What this host needs next of the log is nowhere: the machine begins the standby anew.
  void logGone(String why) {
    post(new RoleEvent.LogGone(why));
  }

  /// That stand now, the oldest first. Raises an alarm that is about this host and not about a step
  /// of this service, or clears it.
  ///
  /// @param explanation null: it is over
  void tellAlarm(Alarm alarm, @Nullable String explanation) {
    driver.whenIdle(
        () -> {
          if (explanation == null) {
            alarms.clear(alarm);
          } else {
            alarms.raise(alarm, explanation);
          }
        });
  }

  List<AlarmView> alarms() {
    return alarms.views();
  }

  /// Runs a plan here, at its target.
  CompletionStage<OrderAnswer> order(MoveOrder order) {
    CompletableFuture<OrderAnswer> answer = new CompletableFuture<>();
    orders.put(order.id(), answer);
    post(new RoleEvent.Ordered(order));
    return answer
        .orTimeout(settings.localMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((done, error) -> orders.remove(order.id()));
  }

  private void answer(RoleCommand.AnswerOrder command) {
    CompletableFuture<OrderAnswer> waiting = orders.get(command.orderId());
    if (waiting != null) {
      waiting.complete(new OrderAnswer(command.moveId(), command.explanation()));
    }
  }

  /// What became of a transaction of an epoch that has ended: as the memory has settled it, or as
  /// the own instance knows it that was home then and is again.
  CompletionStage<Fate> fate(long endedEpoch, long transaction) {
    return logs.fate(endedEpoch, transaction)
        .thenCompose(
            settled ->
                settled.isPresent()
                    ? CompletableFuture.completedStage(settled.get())
                    : ownFate(endedEpoch, transaction));
  }

  private CompletionStage<Fate> ownFate(long endedEpoch, long transaction) {
    CompletableFuture<Fate> answer = new CompletableFuture<>();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RECORD_MILLIS);
    Thread.startVirtualThread(() -> lookBack(endedEpoch, transaction, deadline, answer));
    return answer;
  }

  /// Another host may have seen the next epoch open a moment before this one.
  private void lookBack(
      long endedEpoch, long transaction, long deadlineNanos, CompletableFuture<Fate> answer) {
    if (!past.isOver(endedEpoch) && System.nanoTime() - deadlineNanos < 0) {
      timer.schedule(
          () ->
              Thread.startVirtualThread(
                  () -> lookBack(endedEpoch, transaction, deadlineNanos, answer)),
          LOOK_AGAIN_MILLIS,
          TimeUnit.MILLISECONDS);
      return;
    }
    try {
      Optional<Boolean> committed =
          past.tells(endedEpoch) ? instance.committedBefore(transaction) : Optional.empty();
      answer.complete(
          committed
              .map(each -> each ? Fate.COMMITTED : Fate.NOT_COMMITTED)
              .orElseThrow(
                  () ->
                      new IllegalStateException(
                          "the log of epoch " + endedEpoch + " is not settled on this host")));
    } catch (IOException | RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  /// What the end of a backend of `epoch` means; asked by a front of any host, at the home.
  CompletionStage<LossVerdict> backendLost(long epoch, boolean orderly) {
    CompletableFuture<LossVerdict> verdict = new CompletableFuture<>();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(VERDICT_MILLIS);
    Thread.startVirtualThread(() -> look(epoch, orderly, deadline, verdict)); // it may block
    return verdict;
  }

  private void look(
      long epoch, boolean orderly, long deadlineNanos, CompletableFuture<LossVerdict> verdict) {
    boolean serves =
        driver.state().role() instanceof RoleState.Role.Serving serving
            && serving.epoch() == epoch
            && door.holdsLease()
            && instance.state() == Instance.State.PRIMARY;
    if (!serves || (orderly && instance.goingDown())) {
      verdict.complete(LossVerdict.HOME_GOING);
    } else if (orderly) {
      verdict.complete(LossVerdict.SESSION_ENDED);
    } else if (System.nanoTime() - deadlineNanos > 0) {
      verdict.complete(instance.goingDown() ? LossVerdict.HOME_GOING : LossVerdict.SESSION_ENDED);
    } else {
      timer.schedule(
          () -> Thread.startVirtualThread(() -> look(epoch, false, deadlineNanos, verdict)),
          LOOK_AGAIN_MILLIS,
          TimeUnit.MILLISECONDS);
    }
  }

  RoleSettings settings() {
    return settings;
  }

  RoleState state() {
    return driver.state();
  }

  RouteHub route() {
    return route;
  }

  StandbyLogs logs() {
    return logs;
  }

  Instance instance() {
    return instance;
  }

  Front front() {
    return front;
  }

  FrontTallies tallies() {
    return tallies;
  }

  /// Null where there is no local instance.
  @Nullable Harm harm() {
    return harm;
  }

  ServiceGauge gauge() {
    return gauge;
  }

  @Nullable Integer seedPercent() {
    return instanceHands.seedPercent();
  }

  /// Orderly end of this agent's part: clients are told, then the instance stops.
  @Override
  public void close() {
    if (recordWatch != null) {
      recordWatch.close();
    }
    if (connectionWatch != null) {
      connectionWatch.close();
    }
    if (logTold != null) {
      logTold.cancel(false);
    }
    front.close();
    gauge.close();
    logs.close();
    instanceHands.close();
    driver.close();
  }
}
