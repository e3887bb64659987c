package dev.baton.service.drill;

import dev.baton.core.drill.DrillEvent;
import dev.baton.core.drill.DrillMachine;
import dev.baton.core.drill.DrillState;
import dev.baton.model.view.DrillRequest;
import dev.baton.model.view.DrillView;
import dev.baton.model.view.DrillView.BlastRadius;
import dev.baton.model.view.DrillView.Expectation;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.PlanView.Guardrail;
import dev.baton.model.view.ServiceView;
import dev.baton.service.control.Refused;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The drills of this host. Everything is confined to one thread; what blocks, harm and healing, is
/// done on virtual threads that tell it what came of it.
public final class Drills implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Drills.class);
  private static final int MIN_EXPIRY_SECONDS = 5;
  private static final int MAX_EXPIRY_SECONDS = 600;
  private static final int EXPIRY_SECONDS = 60;
  private static final long RECOVERY_MILLIS = 300_000;
  private static final long STALL_MILLIS = 3_000;
  private static final long LOOK_MILLIS = 100;
  private static final long PLAN_SECONDS = 300;
  private static final long CLOSE_SECONDS = 5;

  private final String host;
  private final DrillSite site;
  private final DrillFiles files;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Consumer<DrillView> onEnd;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("drills").daemon().factory());

  /// Written by its thread alone; `close` may come from any.
  private volatile @Nullable Running running;

  private record Running(String id, DrillState state) {}

  /// @param onEnd told each drill once, when it has ended
  /// @param files of drills before; one that was not over is ended, and what it did is taken back
  public Drills(
      String host,
      DrillSite site,
      DrillFiles files,
      Clock clock,
      LongSupplier nanoTime,
      Consumer<DrillView> onEnd) {
    this.onEnd = onEnd;
    this.host = host;
    this.site = site;
    this.files = files;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /// Looks at what runs from now on.
  public void begin() {
    files.all().stream()
        .filter(drill -> drill.outcome().equals("running"))
        .forEach(
            drill -> {
              Drill left = new Drill(drill);
              left.step(clock.instant(), "the agent ended before the drill did");
              files.put(
                  left.ended(
                      "failed",
                      "the agent ended before the drill did; what it had done is taken back",
                      List.of(),
                      clock.instant()));
              onEnd.accept(left.view());
              takeBack(drill.service(), drill.id());
            });
    thread.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void takeBack(String service, String id) {
    Thread.ofVirtual()
        .name("heal-" + service)
        .start(
            () -> {
              try {
                LOG.info("drill {}: {}", id, site.heal(service));
              } catch (IOException e) {
                LOG.error("drill {}: what it did is not taken back: {}", id, e.toString());
              }
            });
  }

  /// Newest first.
  public List<DrillView> all() {
    return files.all();
  }

  /// What would be done, and whether it may be. Changes nothing.
  public CompletionStage<DrillView> plan(DrillRequest request, String actor) {
    return onThread(() -> planned(request, actor));
  }

  private DrillView planned(DrillRequest request, String actor) {
    int expiry = Objects.requireNonNullElse(request.expirySeconds(), EXPIRY_SECONDS);
    if (expiry < MIN_EXPIRY_SECONDS || expiry > MAX_EXPIRY_SECONDS) {
      throw Refused.malformed(
          "body: 'expirySeconds' must be %d to %d"
              .formatted(MIN_EXPIRY_SECONDS, MAX_EXPIRY_SECONDS));
    }
    ServiceView service = service(request.service());
    PlanView plan = site.plan(request.service(), actor);
    List<Guardrail> preconditions = preconditions(service, plan);
    DrillView view =
        new DrillView(
            host + "-" + files.nextNumber(),
            request.kind(),
            service.name(),
            service.home(),
            plan.target(),
            service.epoch(),
            actor,
            "planned",
            "planned",
            "nothing is done until it is run",
            preconditions,
            Preconditions.allow(preconditions),
            new BlastRadius(
                plan.clientsToHold(),
                plan.openTransactions(),
                plan.notMovable(),
                plan.expectedStallMillis(),
                service.name() + " is without a standby until " + host + " is in sync again"),
            expiry,
            List.of(),
            List.of(),
            null,
            clock.instant(),
            null,
            null);
    files.put(view);
    return view;
  }

  private ServiceView service(String name) {
    return site.service(name)
        .orElseThrow(() -> Refused.notFound("there is no service '" + name + "'"));
  }

  private List<Guardrail> preconditions(ServiceView service, PlanView plan) {
    Running present = running;
    return Preconditions.of(
        site.armed(), host, service, site.alarms(), present == null ? null : present.id(), plan);
  }

  /// Begins a drill that was planned, if all that must hold still does.
  public CompletionStage<DrillView> run(String id, String confirmation, String actor) {
    return onThread(() -> begun(id, confirmation, actor));
  }

  private DrillView begun(String id, String confirmation, String actor) {
    DrillView planned = one(id);
    if (!planned.outcome().equals("planned")
        || planned.plannedAt().plusSeconds(PLAN_SECONDS).isBefore(clock.instant())) {
      throw Refused.changed("drill " + id + " has begun, or is too old; plan a new one");
    }
    if (!confirmation.equals(planned.service())) {
      throw Refused.unconfirmed(
          "type the name of the service, '" + planned.service() + "', to run this drill");
    }
    ServiceView service = service(planned.service());
    PlanView plan = site.plan(planned.service(), actor);
    List<Guardrail> preconditions = preconditions(service, plan);
    if (!Preconditions.allow(preconditions)) {
      throw Refused.blocked(Preconditions.blocker(preconditions));
    }
    if (service.epoch() != planned.epoch() || !plan.target().equals(planned.target())) {
      throw Refused.changed(
          "the epoch was %d and is %d, the target was %s and is %s; plan a new drill"
              .formatted(planned.epoch(), service.epoch(), planned.target(), plan.target()));
    }
    LOG.info("service={} actor={} runs drill {}: {}", planned.service(), actor, id, planned.kind());
    Drill drill = new Drill(planned);
    drill.begun(actor, clock.instant());
    DrillMachine.Step step =
        DrillMachine.begin(
            new DrillState.Plan(
                planned.home(),
                planned.target(),
                planned.epoch(),
                planned.expirySeconds() * 1_000L,
                RECOVERY_MILLIS,
                STALL_MILLIS),
            nowMillis());
    take(drill, step);
    return one(id);
  }

  /// Has what was done taken back at once.
  public CompletionStage<DrillView> abort(String id, String reason, String actor) {
    return onThread(
        () -> {
          Running present = running;
          if (present == null || !present.id().equals(id)) {
            throw Refused.changed("drill " + one(id).id() + " does not run");
          }
          LOG.info("actor={} aborts drill {}: {}", actor, id, reason);
          event(new DrillEvent.AbortAsked(actor, reason));
          return one(id);
        });
  }

  private DrillView one(String id) {
    return files.all().stream()
        .filter(drill -> drill.id().equals(id))
        .findFirst()
        .orElseThrow(() -> Refused.notFound("there is no drill '" + id + "'"));
  }

  private long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
  }

  private void event(DrillEvent event) {
    Running present = running;
    if (present != null) {
      take(new Drill(one(present.id())), DrillMachine.step(present.state(), event, nowMillis()));
    }
  }

  /// The one place where a drill goes on: written down first, done then.
  private void take(Drill drill, DrillMachine.Step step) {
    if (!step.reason().isEmpty()) {
      LOG.info("drill {}: {}", drill.id(), step.reason());
      drill.step(clock.instant(), step.reason());
    }
    running = new Running(drill.id(), step.next());
    if (step.next() instanceof DrillState.Ended ended) {
      running = null;
      DrillView last =
          drill.ended(
              ended.outcome(),
              ended.explanation(),
              ended.checks().stream()
                  .map(
                      check ->
                          new Expectation(
                              check.name(), check.expected(), check.actual(), check.met()))
                  .toList(),
              clock.instant());
      onEnd.accept(last);
      files.put(last);
    } else if (!step.reason().isEmpty()) {
      files.put(drill.in(phase(step.next()), move(step.next())));
    }
    step.command().ifPresent(command -> carryOut(command, drill.view()));
  }

  private static String phase(DrillState state) {
    return state.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
  }

  private static @Nullable Long move(DrillState state) {
    DrillState.Seen seen =
        switch (state) {
          case DrillState.Harming harming -> harming.seen();
          case DrillState.Watching watching -> watching.seen();
          case DrillState.Healing healing -> healing.seen();
          case DrillState.Recovering recovering -> recovering.seen();
          case DrillState.Ended ended -> ended.seen();
        };
    DrillState.Move move = seen.move();
    return move == null ? null : move.id();
  }

  private void carryOut(DrillMachine.Command command, DrillView drill) {
    Thread.ofVirtual()
        .name("drill-" + drill.id())
        .start(
            () -> {
              DrillEvent came =
                  switch (command) {
                    case HARM -> harm(drill);
                    case HEAL -> heal(drill);
                  };
              post(() -> event(came));
            });
  }

  private DrillEvent harm(DrillView drill) {
    try {
      return new DrillEvent.Harmed(
          true, site.harm(drill.kind(), drill.service(), "drill " + drill.id()));
    } catch (IOException | RuntimeException e) {
      return new DrillEvent.Harmed(false, "it could not be done: " + e.getMessage());
    }
  }

  private DrillEvent heal(DrillView drill) {
    try {
      return new DrillEvent.Healed(true, site.heal(drill.service()));
    } catch (IOException | RuntimeException e) {
      return new DrillEvent.Healed(false, "it is not taken back: " + e.getMessage());
    }
  }

  private void look() {
    Running present = running;
    if (present == null) {
      return;
    }
    try {
      DrillView drill = one(present.id());
      site.moves().stream()
          .filter(move -> move.service().equals(drill.service()))
          .filter(move -> move.epoch() > drill.epoch() && !move.outcome().equals("running"))
          .findFirst()
          .ifPresent(move -> event(new DrillEvent.MoveEnded(ended(move), move.epoch())));
      Optional<ServiceView> service = site.service(drill.service());
      service.ifPresent(view -> event(new DrillEvent.Standing(view.home(), view.protectedNow())));
      event(new DrillEvent.Tick());
    } catch (RuntimeException e) {
      LOG.error("drill {} cannot be looked after now", present.id(), e);
    }
  }

  private static DrillState.Move ended(MoveView move) {
    return new DrillState.Move(
        move.id(),
        move.source(),
        move.target(),
        move.outcome(),
        move.detectMillis(),
        move.servedMillis(),
        move.clientsFailed());
  }

  private void post(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("the drills have ended: {}", e.toString());
    }
  }

  private <T> CompletionStage<T> onThread(Callable<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    try {
      thread.execute(
          () -> {
            try {
              done.complete(work.call());
            } catch (Exception e) {
              done.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      done.completeExceptionally(Refused.unavailable("this agent ends"));
    }
    return done;
  }

  /// A drill that runs is not waited for: what it did is taken back first.
  @Override
  public void close() {
    Running present = running;
    if (present != null) {
      LOG.warn("the agent ends while drill {} runs: what it did is taken back", present.id());
      DrillEvent _ = heal(one(present.id()));
    }
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the drills' thread still writes; it is not waited for any longer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
