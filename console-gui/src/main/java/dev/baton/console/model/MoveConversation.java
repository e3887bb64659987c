package dev.baton.console.model;

import dev.baton.console.link.Refusal;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.MoveKind;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.ListChangeListener;
import org.jspecify.annotations.Nullable;

/// One move by hand: asks for a plan, lets it be reviewed, runs exactly that plan, and follows it
/// to its outcome. It survives a lost connection: what became of the move is then read from the
/// list of moves, never assumed.
public final class MoveConversation implements AutoCloseable {
  /// After the connection is back for so long without a new move in the list, none has begun.
  static final long NOT_BEGUN_AFTER_MILLIS = 5_000;

  private final ServiceModel service;
  private final MoveKind kind;
  private final String target;
  private final Executor ui;
  private final ConsoleModel console;
  private final ReadOnlyObjectWrapper<MoveStage> stage =
      new ReadOnlyObjectWrapper<>(new MoveStage.Planning());
  private final StringProperty typedTarget = new SimpleStringProperty("");
  private final StringProperty reason = new SimpleStringProperty("");
  private final ListChangeListener<MoveView> movesChanged = _ -> follow();
  private long plannedMillis;
  private long newestBefore;

  /// @param ui where answers are taken in
  public MoveConversation(
      ConsoleModel console, ServiceModel service, MoveKind kind, String target, Executor ui) {
    this.console = console;
    this.service = service;
    this.kind = kind;
    this.target = target;
    this.ui = ui;
    service.cluster().moves().addListener(movesChanged);
  }

  /// Asks for a plan; also again, when the last was refused or has expired.
  public void plan() {
    stage.set(new MoveStage.Planning());
    service
        .cluster()
        .operations()
        .plan(new PlanRequest(service.name(), kind, target, null))
        .whenCompleteAsync(this::planned, ui);
  }

  private void planned(@Nullable PlanView plan, @Nullable Throwable failure) {
    if (plan != null) {
      plannedMillis = console.nowMillis();
      stage.set(new MoveStage.Reviewing(plan));
    } else {
      refused(Text.MOVE_NO_PLAN.of(), failure);
    }
  }

  /// Why the reviewed plan cannot be run now, in words; empty when it can.
  public Optional<String> obstacle() {
    if (!(stage.get() instanceof MoveStage.Reviewing(PlanView plan))) {
      return Optional.of(Text.MOVE_OBSTACLE_NO_PLAN.of());
    }
    if (!service.cluster().linkState().live()) {
      return Optional.of(Text.MOVE_OBSTACLE_LINK.of());
    }
    long now = console.nowMillis();
    boolean stale =
        kind == MoveKind.FAILOVER
            ? !service.cluster().agentFresh(now) // the home may be dead: its values are old then
            : service.view().isStale(now);
    if (stale) {
      return Optional.of(Text.MOVE_OBSTACLE_STALE.of(Units.age(service.view().ageMillis(now))));
    }
    if (!plan.runnable()) {
      return Optional.of(Text.MOVE_OBSTACLE_BLOCKED.of());
    }
    if (expired(plan, now)) {
      return Optional.of(Text.MOVE_OBSTACLE_EXPIRED.of());
    }
    if (needsTarget() && !typedTarget.get().strip().equals(confirmation(plan))) {
      return Optional.of(Text.MOVE_OBSTACLE_TYPE.of(confirmation(plan)));
    }
    if (needsReason() && reason.get().isBlank()) {
      return Optional.of(Text.MOVE_OBSTACLE_REASON.of());
    }
    return Optional.empty();
  }

  /// Whether another plan may say something else: this one was refused, is blocked, or has expired.
  public boolean worthPlanningAgain() {
    return switch (stage.get()) {
      case MoveStage.Refused _ -> true;
      case MoveStage.Reviewing(PlanView plan) ->
          !plan.runnable() || expired(plan, console.nowMillis());
      case MoveStage.Planning _, MoveStage.Starting _, MoveStage.Uncertain _ -> false;
      case MoveStage.Running _, MoveStage.Ended _ -> false;
    };
  }

  private boolean expired(PlanView plan, long now) {
    long lifeMillis = plan.expiresAt().toEpochMilli() - plan.createdAt().toEpochMilli();
    return now - plannedMillis >= lifeMillis;
  }

  /// A failover is forced: the target's name is typed, whatever the plan asks for.
  public boolean needsTarget() {
    return kind == MoveKind.FAILOVER
        || (stage.get() instanceof MoveStage.Reviewing(PlanView plan)
            && plan.confirmation() != null);
  }

  public boolean needsReason() {
    return kind == MoveKind.FAILOVER;
  }

  private static String confirmation(PlanView plan) {
    return Objects.requireNonNullElse(plan.confirmation(), plan.target());
  }

  /// Runs the plan that is reviewed.
  ///
  /// @throws IllegalStateException when [#obstacle] names one
  public void run() {
    Optional<String> obstacle = obstacle();
    if (obstacle.isPresent() || !(stage.get() instanceof MoveStage.Reviewing(PlanView plan))) {
      throw new IllegalStateException("not run: " + obstacle.orElse("no plan"));
    }
    newestBefore = service.lastMove().map(MoveView::id).orElse(0L);
    stage.set(new MoveStage.Starting(plan));
    String why = reason.get().isBlank() ? null : reason.get().strip();
    String typed = needsTarget() ? confirmation(plan) : null;
    service
        .cluster()
        .operations()
        .move(new MoveRequest(plan.id(), typed, why))
        .whenCompleteAsync((move, failure) -> started(plan, move, failure), ui);
  }

  private void started(PlanView plan, @Nullable MoveView move, @Nullable Throwable failure) {
    if (move != null) {
      show(plan, move);
      follow(); // the list may already say more than the answer
    } else if (cause(failure) instanceof Refusal) {
      refused(Text.MOVE_NOT_RUN.of(), failure);
    } else if (stage.get() instanceof MoveStage.Starting) {
      stage.set(new MoveStage.Uncertain(plan, words(failure), console.nowMillis()));
      follow();
    }
  }

  private void follow() {
    switch (stage.get()) {
      case MoveStage.Starting(PlanView plan) -> newer(plan);
      case MoveStage.Uncertain(PlanView plan, _, _) -> newer(plan);
      case MoveStage.Running(PlanView plan, MoveView known) ->
          service.cluster().moves().stream()
              .filter(m -> m.id() == known.id() && m.service().equals(known.service()))
              .findFirst()
              .ifPresent(move -> show(plan, move));
      case MoveStage.Planning _, MoveStage.Reviewing _, MoveStage.Ended _, MoveStage.Refused _ -> {
        // nothing of ours runs
      }
    }
  }

  private void newer(PlanView plan) {
    service
        .lastMove()
        .filter(move -> move.id() > newestBefore && move.target().equals(plan.target()))
        .ifPresent(move -> show(plan, move));
  }

  private void show(PlanView plan, MoveView move) {
    stage.set(
        move.outcome().equals("running")
            ? new MoveStage.Running(plan, move)
            : new MoveStage.Ended(plan, move));
  }

  /// The time has passed.
  public void tick() {
    if (stage.get() instanceof MoveStage.Uncertain uncertain
        && service.cluster().linkState().live()
        && service.view().measuredMillis() > uncertain.sinceMillis() + NOT_BEGUN_AFTER_MILLIS) {
      stage.set(new MoveStage.Refused(Text.MOVE_NOT_RUN.of(), Text.MOVE_NOT_BEGUN.of()));
    }
  }

  private void refused(String title, @Nullable Throwable failure) {
    stage.set(
        cause(failure) instanceof Refusal refusal
            ? new MoveStage.Refused(
                title + ": " + refusal.problem().title(), refusal.problem().detail())
            : new MoveStage.Refused(title, words(failure)));
  }

  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }

  private static String words(@Nullable Throwable failure) {
    Throwable cause = cause(failure);
    return cause == null || cause.getMessage() == null
        ? Text.MOVE_NO_ANSWER.of()
        : cause.getMessage();
  }

  @Override
  public void close() {
    service.cluster().moves().removeListener(movesChanged);
  }

  public ServiceModel service() {
    return service;
  }

  public MoveKind kind() {
    return kind;
  }

  public String target() {
    return target;
  }

  public MoveStage stage() {
    return stage.get();
  }

  public ReadOnlyObjectProperty<MoveStage> stageProperty() {
    return stage.getReadOnlyProperty();
  }

  public StringProperty typedTargetProperty() {
    return typedTarget;
  }

  public StringProperty reasonProperty() {
    return reason;
  }
}
