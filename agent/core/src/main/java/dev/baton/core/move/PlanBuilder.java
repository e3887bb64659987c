package dev.baton.core.move;

import dev.baton.model.Durability;
import dev.baton.model.MoveKind;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.PlanView.DataAtRisk;
import dev.baton.model.view.PlanView.Guardrail;
import dev.baton.model.view.PlanView.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Makes a plan of measured facts: what would be done, what speaks against it with figures and
/// remedies, and what would be lost. A pure function. A guardrail blocks only what would do harm or
/// could not succeed; a failover may be forced past those that the operator alone can judge, by
/// typing the target's name.
public final class PlanBuilder {
  private static final String NONE = "none";
  private static final String NO_REMEDY = "nothing to do";

  private PlanBuilder() {}

  public static PlanView build(PlanFacts facts, PlanLimits limits) {
    List<Guardrail> guardrails = new ArrayList<>();
    guardrails.add(source(facts));
    guardrails.add(inSync(facts));
    guardrails.add(lag(facts, limits));
    guardrails.add(health(facts));
    guardrails.add(load(facts, limits));
    guardrails.add(disk(facts, limits));
    guardrails.add(coordination(facts));
    guardrails.add(runningMove(facts));
    guardrails.add(lastMove(facts, limits));
    guardrails.add(movable(facts));
    boolean runnable = guardrails.stream().noneMatch(g -> g.verdict() == Verdict.BLOCK);
    return new PlanView(
        facts.id(),
        facts.kind(),
        facts.service(),
        facts.source(),
        facts.target(),
        facts.binding().epoch(),
        guardrails,
        dataAtRisk(facts),
        facts.clients(),
        facts.openTransactions(),
        facts.notMovable().size(),
        facts.expectedStallMillis(),
        runnable,
        isForced(facts) ? facts.target() : null,
        facts.measuredAt(),
        facts.measuredAt().plusSeconds(limits.planSeconds()));
  }

  /// Whether running it needs the operator's word: the source may still live, or the target may
  /// lack acknowledged commits.
  public static boolean isForced(PlanFacts facts) {
    return facts.kind() == MoveKind.FAILOVER && (!facts.sourceAnswers() || !facts.targetInSync());
  }

  private static Guardrail source(PlanFacts facts) {
    String value = facts.sourceAnswers() ? "answers" : "does not answer";
    if (facts.kind() == MoveKind.SWITCHOVER) {
      return rail(
          "source",
          value,
          "answers",
          facts.sourceAnswers() ? Verdict.PASS : Verdict.BLOCK,
          "a switchover is done together with the source",
          "plan a failover when " + facts.source() + " is lost");
    }
    return facts.sourceAnswers()
        ? rail(
            "source",
            value,
            "does not answer",
            Verdict.WARN,
            "the source lives: its open transactions are ended, not drained",
            "plan a switchover instead")
        : rail(
            "source",
            value,
            "does not answer",
            Verdict.PASS,
            "whatever of it still lives is refused from the new epoch on",
            NO_REMEDY);
  }

  private static Guardrail inSync(PlanFacts facts) {
    boolean forcible = facts.kind() == MoveKind.FAILOVER;
    Verdict otherwise = forcible ? Verdict.WARN : Verdict.BLOCK;
    return rail(
        "standby in sync",
        facts.targetInSync() ? "in sync" : "not in sync",
        "in sync",
        facts.targetInSync() ? Verdict.PASS : otherwise,
        "only a memory in sync has every commit that was acknowledged",
        facts.targetInSync() ? NO_REMEDY : "wait until " + facts.target() + " is in sync");
  }

  private static Guardrail lag(PlanFacts facts, PlanLimits limits) {
    Long lag = facts.lagBytes();
    String threshold =
        "%d to warn, %d to block".formatted(limits.warnLagBytes(), limits.blockLagBytes());
    if (lag == null) {
      return rail(
          "lag",
          "unknown",
          threshold,
          Verdict.WARN,
          "the target first takes in the log that it lacks",
          "look at the positions of " + facts.target());
    }
    boolean blocks = lag > limits.blockLagBytes() && facts.kind() == MoveKind.SWITCHOVER;
    Verdict verdict =
        blocks ? Verdict.BLOCK : lag > limits.warnLagBytes() ? Verdict.WARN : Verdict.PASS;
    return rail(
        "lag",
        lag + " bytes",
        threshold,
        verdict,
        "clients wait while the target takes in the log that it lacks",
        verdict == Verdict.PASS ? NO_REMEDY : "wait until it has caught up, or lower the load");
  }

  private static Guardrail health(PlanFacts facts) {
    return rail(
        "target's database",
        facts.targetHealthy() ? "answers" : "does not answer",
        "answers",
        facts.targetHealthy() ? Verdict.PASS : Verdict.BLOCK,
        "it is to become the home",
        facts.targetHealthy() ? NO_REMEDY : "see the log of the database on " + facts.target());
  }

  private static Guardrail load(PlanFacts facts, PlanLimits limits) {
    Double cpu = facts.targetCpuPercent();
    boolean high = cpu == null || cpu > limits.warnCpuPercent();
    return rail(
        "target's load",
        cpu == null ? "unknown" : "%.0f %% cpu".formatted(cpu),
        "%.0f %% cpu".formatted(limits.warnCpuPercent()),
        high ? Verdict.WARN : Verdict.PASS,
        "it takes on the whole work of the source",
        high ? "choose another target, or lower its load first" : NO_REMEDY);
  }

  private static Guardrail disk(PlanFacts facts, PlanLimits limits) {
    Long free = facts.targetDiskFreeBytes();
    Verdict verdict =
        free == null || free < limits.warnDiskFreeBytes() ? Verdict.WARN : Verdict.PASS;
    if (free != null && free < limits.blockDiskFreeBytes()) {
      verdict = Verdict.BLOCK;
    }
    return rail(
        "target's disk",
        free == null ? "unknown" : free + " bytes free",
        "%d to warn, %d to block"
            .formatted(limits.warnDiskFreeBytes(), limits.blockDiskFreeBytes()),
        verdict,
        "a home without room for its log stops",
        verdict == Verdict.PASS ? NO_REMEDY : "make room on " + facts.target());
  }

  private static Guardrail coordination(PlanFacts facts) {
    boolean connected = facts.coordination() == PlanFacts.Coordinated.CONNECTED;
    return rail(
        "coordination",
        facts.coordination().name().toLowerCase(Locale.ROOT),
        "connected",
        connected ? Verdict.PASS : Verdict.BLOCK,
        "a move is recorded before it is done",
        connected ? NO_REMEDY : "bring a majority of the coordination servers back");
  }

  private static Guardrail runningMove(PlanFacts facts) {
    Long running = facts.runningMove();
    return rail(
        "running move",
        running == null ? NONE : "move " + running,
        NONE,
        running == null ? Verdict.PASS : Verdict.BLOCK,
        "a service moves once at a time",
        running == null ? NO_REMEDY : "wait for its end");
  }

  private static Guardrail lastMove(PlanFacts facts, PlanLimits limits) {
    Double seconds = facts.secondsSinceLastMove();
    boolean recent = seconds != null && seconds < limits.minimumSecondsBetweenMoves();
    return rail(
        "time since last move",
        seconds == null ? "never moved" : "%.0f s".formatted(seconds),
        "%.0f s".formatted(limits.minimumSecondsBetweenMoves()),
        recent ? Verdict.WARN : Verdict.PASS,
        "moving to and fro stalls clients again and again",
        recent ? "see why the last move was made" : NO_REMEDY);
  }

  private static Guardrail movable(PlanFacts facts) {
    int count = facts.notMovable().size();
    return rail(
        "sessions not movable",
        count == 0 ? NONE : count + ": " + facts.notMovable().getFirst(),
        NONE,
        count == 0 ? Verdict.PASS : Verdict.WARN,
        "these clients get an error",
        count == 0 ? NO_REMEDY : "see the sessions' remedies, or wait until they have ended");
  }

  private static DataAtRisk dataAtRisk(PlanFacts facts) {
    Long bytes = facts.bytesNotInMemory();
    boolean acknowledgedEarly = facts.durability() == Durability.ASYNC;
    if (facts.targetInSync() && !acknowledgedEarly) {
      return new DataAtRisk(
          0, 0, 0, "every acknowledged commit is in the memory of " + facts.target());
    }
    if (bytes == null) {
      return new DataAtRisk(
          facts.transactionsNotInMemory(),
          0,
          facts.secondsNotInMemory(),
          "how far %s is behind is not known".formatted(facts.target()));
    }
    return new DataAtRisk(
        facts.transactionsNotInMemory(),
        bytes,
        facts.secondsNotInMemory(),
        "%d bytes of log are not in the memory of %s".formatted(bytes, facts.target()));
  }

  /// What has changed since the plan was made, a sentence; null when it may run.
  public static @Nullable String changed(PlanBinding plan, PlanBinding now) {
    List<String> changes = plan.changes(now);
    return changes.isEmpty() ? null : String.join("; ", changes);
  }

  private static Guardrail rail(
      String name, String value, String threshold, Verdict verdict, String why, String remedy) {
    return new Guardrail(name, value, threshold, verdict, why, remedy);
  }
}
