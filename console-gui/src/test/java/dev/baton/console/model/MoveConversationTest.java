package dev.baton.console.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.console.fake.FakeAgent;
import dev.baton.console.fake.PretendCluster;
import dev.baton.console.link.Link;
import dev.baton.console.link.LinkEvent;
import dev.baton.console.link.LinkListener;
import dev.baton.console.link.Refusal;
import dev.baton.model.MoveKind;
import dev.baton.model.view.AuditView;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.PolicyRequest;
import dev.baton.model.view.PolicyView;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A move by hand, from the plan to the outcome, without windows.
class MoveConversationTest {
  private static final URI ADDRESS = URI.create("http://127.0.0.1:6434");

  private final PretendCluster told = new PretendCluster(Map.of());
  private final AnsweringLink link = new AnsweringLink();
  private long nowMillis = 50_000;
  private final ConsoleModel console =
      new ConsoleModel(
          (address, listener) -> {
            link.listener = listener;
            return link;
          },
          () -> nowMillis);

  /// Answers when the test says so.
  private static final class AnsweringLink implements Link {
    LinkListener listener = _ -> {};
    final List<PlanRequest> planned = new ArrayList<>();
    final List<MoveRequest> moved = new ArrayList<>();
    CompletableFuture<PlanView> plan = new CompletableFuture<>();
    CompletableFuture<MoveView> move = new CompletableFuture<>();

    @Override
    public CompletionStage<PlanView> plan(PlanRequest request) {
      planned.add(request);
      return plan;
    }

    @Override
    public CompletionStage<MoveView> move(MoveRequest request) {
      moved.add(request);
      return move;
    }

    @Override
    public CompletionStage<MoveView> acknowledge(MoveView move, String comment) {
      throw new AssertionError("not asked for");
    }

    @Override
    public CompletionStage<PolicyView> changePolicy(String service, PolicyRequest request) {
      throw new AssertionError("not asked for");
    }

    @Override
    public CompletionStage<MaintenanceView> announce(String host, MaintenanceRequest request) {
      throw new AssertionError("not asked for");
    }

    @Override
    public CompletionStage<List<AuditView>> audit() {
      throw new AssertionError("not asked for");
    }

    @Override
    public CompletionStage<Void> disconnect(String sessionId) {
      throw new AssertionError("not asked for");
    }

    @Override
    public void start() {
      // connected by the test
    }

    @Override
    public boolean knows(URI address) {
      return false;
    }

    @Override
    public void close() {
      // nothing is open
    }
  }

  @BeforeEach
  void connect() {
    console.connect(ADDRESS);
    link.listener.on(new LinkEvent.Connected(ADDRESS));
    told();
  }

  private void told() {
    link.listener.on(new LinkEvent.Received(told.snapshot()));
  }

  private void pass(long millis) {
    nowMillis += millis;
    told.ahead = told.ahead.plusMillis(millis);
  }

  private MoveConversation conversation(MoveKind kind) {
    ServiceModel service = Objects.requireNonNull(console.selected());
    MoveConversation conversation =
        new MoveConversation(console, service, kind, "b", Runnable::run);
    conversation.plan();
    return conversation;
  }

  private MoveConversation reviewed(MoveKind kind) {
    MoveConversation conversation = conversation(kind);
    link.plan.complete(told.plan(link.planned.getLast()));
    return conversation;
  }

  @Test
  void asksForAPlanAndRunsExactlyThatPlan() {
    MoveConversation conversation = reviewed(MoveKind.SWITCHOVER);
    conversation.run();

    assertThat(link.planned)
        .containsExactly(new PlanRequest("app", MoveKind.SWITCHOVER, "b", null));
    assertThat(link.moved).containsExactly(new MoveRequest("plan-1", null, null));
  }

  @Test
  void followsTheMoveToItsOutcome() {
    MoveConversation conversation = reviewed(MoveKind.SWITCHOVER);
    conversation.run();
    link.move.complete(told.move(1, "running", 1));
    assertThat(conversation.stage()).isInstanceOf(MoveStage.Running.class);

    told.moves.add(told.move(1, "done", 9));
    told();

    assertThat(conversation.stage())
        .isInstanceOfSatisfying(
            MoveStage.Ended.class, ended -> assertThat(ended.move().clientsHeld()).isEqualTo(24));
  }

  @Test
  void anOldMoveIsNotTakenForThisOne() {
    told.moves.add(told.move(1, "done", 9));
    told();
    MoveConversation conversation = reviewed(MoveKind.SWITCHOVER);
    conversation.run();
    told();

    assertThat(conversation.stage()).isInstanceOf(MoveStage.Starting.class);
  }

  @Test
  void aRefusalSaysWhatChangedAndNothingRuns() {
    MoveConversation conversation = reviewed(MoveKind.SWITCHOVER);
    conversation.run();
    link.move.completeExceptionally(
        new Refusal(FakeAgent.problem(409, "plan changed", "b left the in-sync set")));

    assertThat(conversation.stage())
        .isEqualTo(new MoveStage.Refused("Not run: plan changed", "b left the in-sync set"));
  }

  @Test
  void aLostAnswerIsNotTakenForARefusalAndTheMoveIsFoundInTheList() {
    MoveConversation conversation = reviewed(MoveKind.SWITCHOVER);
    conversation.run();
    link.move.completeExceptionally(new IOException("connection reset"));
    assertThat(conversation.stage()).isInstanceOf(MoveStage.Uncertain.class);

    told.moves.add(told.move(1, "running", 4));
    told();

    assertThat(conversation.stage()).isInstanceOf(MoveStage.Running.class);
  }

  @Test
  void whenNoMoveAppearsAfterALostAnswerItHasNotBegun() {
    MoveConversation conversation = reviewed(MoveKind.SWITCHOVER);
    conversation.run();
    link.move.completeExceptionally(new IOException("connection reset"));
    conversation.tick();
    assertThat(conversation.stage()).isInstanceOf(MoveStage.Uncertain.class);

    pass(MoveConversation.NOT_BEGUN_AFTER_MILLIS + 1_000);
    told();
    conversation.tick();

    assertThat(conversation.stage()).isInstanceOf(MoveStage.Refused.class);
  }

  @Test
  void aGuardrailThatBlocksKeepsThePlanFromRunning() {
    told.guardrails =
        List.of(
            new PlanView.Guardrail(
                "in sync",
                "catching-up",
                "in sync",
                PlanView.Verdict.BLOCK,
                "commits would be lost",
                "wait"));
    MoveConversation conversation = reviewed(MoveKind.SWITCHOVER);

    assertThat(conversation.obstacle()).contains("A guardrail blocks this move.");
    assertThatThrownBy(conversation::run).isInstanceOf(IllegalStateException.class);
    assertThat(link.moved).isEmpty();
  }

  @Test
  void nothingRunsOnOldValues() {
    MoveConversation conversation = reviewed(MoveKind.SWITCHOVER);
    pass(6_000);

    assertThat(conversation.obstacle()).hasValueSatisfying(o -> assertThat(o).contains("6 s ago"));
  }

  @Test
  void nothingRunsWithoutAConnection() {
    MoveConversation conversation = reviewed(MoveKind.SWITCHOVER);
    link.listener.on(new LinkEvent.Lost(ADDRESS, "closed", 250));

    assertThat(conversation.obstacle()).contains("No connection to the agents.");
  }

  @Test
  void anExpiredPlanIsNotRun() {
    MoveConversation conversation = reviewed(MoveKind.SWITCHOVER);
    pass(30_000);
    told();

    assertThat(conversation.obstacle()).contains("The plan has expired.");
    assertThat(conversation.worthPlanningAgain()).isTrue();
  }

  @Test
  void aForcedFailoverNeedsTheTargetTypedAndAReason() {
    MoveConversation conversation = reviewed(MoveKind.FAILOVER);
    assertThat(conversation.obstacle()).contains("Type b to confirm.");
    assertThat(conversation.worthPlanningAgain()).isFalse();

    conversation.typedTargetProperty().set("a");
    assertThat(conversation.obstacle()).contains("Type b to confirm.");
    conversation.typedTargetProperty().set("b");
    assertThat(conversation.obstacle()).contains("Give a reason.");
    conversation.reasonProperty().set("a does not answer");
    assertThat(conversation.obstacle()).isEmpty();

    conversation.run();
    assertThat(link.moved).containsExactly(new MoveRequest("plan-1", "b", "a does not answer"));
  }
}
