package dev.baton.core.move;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.engine.Instance.Going;
import dev.baton.core.move.MoveSpec.Ground;
import dev.baton.model.Durability;
import dev.baton.model.LogPosition;
import dev.baton.model.MoveKind;
import dev.baton.model.view.MoveView.PhaseView;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Moves as they are decided: what happened, then what is done about it.
class MoveTranscriptTest {
  private static final LogPosition LAST = LogPosition.parse("0/1F8");
  private static final MoveEvent[] OPENING = {
    new MoveEvent.TakingRecorded(8),
    new MoveEvent.ReceivingStopped(LAST),
    new MoveEvent.FatesSettled(),
    new MoveEvent.Flushed(),
    new MoveEvent.Promoted(),
    new MoveEvent.OpenRecorded(),
    new MoveEvent.FrontsArrived(0)
  };
  private static final String OPENED =
      """
      TakingRecorded ---- StopReceiving
      ReceivingStopped ---- SettleFates
      FatesSettled ---- AwaitFlushed
      Flushed ---- Promote
      Promoted ----
      OpenRecorded ---- OpenDoorAndRelease AwaitFronts
      FrontsArrived ----
      """;

  private final StringBuilder transcript = new StringBuilder();
  private MoveState state = begin(MoveKind.FAILOVER, Durability.REPLICATION);
  private long nowMillis;

  /// Claims 9, 10, 19, 20.
  @Test
  void failover() {
    run(OPENING);
    assertThat(transcript).hasToString(OPENED);
    assertThat(state.stage())
        .isEqualTo(
            new MoveState.Stage.Ended(MoveState.Outcome.DONE, "every session known is restored"));
  }

  /// Claims 11, 21.
  @Test
  void switchover() {
    state = begin(MoveKind.SWITCHOVER, Durability.REPLICATION);
    run(
        new MoveEvent.MoveRecorded(),
        new MoveEvent.CaughtUp(),
        new MoveEvent.HostDrained("a"),
        new MoveEvent.HostDrained("b"),
        new MoveEvent.SourceFenced(LAST),
        new MoveEvent.LastPositionInMemory());
    run(OPENING);
    assertThat(transcript)
        .hasToString(
            """
            MoveRecorded ---- AwaitCaughtUp
            CaughtUp ---- AskToDrain
            HostDrained ----
            HostDrained ---- AskSourceToFence
            SourceFenced ---- HoldFronts AwaitLastPosition
            LastPositionInMemory ----
            """
                + OPENED);
  }

  /// An operator's failover: the source is asked first, without any waiting for its transactions.
  @Test
  void failoverByOrderOfASourceThatAnswers() {
    state = ordered();
    run(
        new MoveEvent.MoveRecorded(),
        new MoveEvent.SourceFenced(LAST),
        new MoveEvent.LastPositionInMemory());
    run(OPENING);
    assertThat(transcript)
        .hasToString(
            """
            MoveRecorded ---- AskSourceToFence
            SourceFenced ---- HoldFronts AwaitLastPosition
            LastPositionInMemory ----
            """
                + OPENED);
  }

  /// The same of one that says nothing: nothing is taken before its lease has run out.
  @Test
  void failoverByOrderOfASourceThatIsSilent() {
    state = ordered();
    run(new MoveEvent.MoveRecorded());
    after(MoveBounds.DEFAULT.fenceMillis() + 1);
    assertThat(state.stage()).isEqualTo(new MoveState.Stage.Fencing());
    run(new MoveEvent.SourceSilent());
    assertThat(state.stage()).isEqualTo(new MoveState.Stage.Taking(true));
    run(new MoveEvent.SourceRenewed(), new MoveEvent.MoveRecorded(), new MoveEvent.SourceSilent());
    run(new MoveEvent.SourceFenced(LAST));
    assertThat(state.stage()).isEqualTo(new MoveState.Stage.Taking(false));
    assertThat(transcript)
        .hasToString(
            """
            MoveRecorded ---- AskSourceToFence
            Tick ----
            SourceSilent ---- HoldFronts
            SourceRenewed ----
            MoveRecorded ---- AskSourceToFence
            SourceSilent ---- HoldFronts
            SourceFenced ----
            """);
  }

  @Test
  void transactionsThatOutlastTheirGraceAreReplayedAtTheTarget() {
    state = begin(MoveKind.SWITCHOVER, Durability.REPLICATION);
    run(new MoveEvent.MoveRecorded(), new MoveEvent.CaughtUp());
    after(MoveBounds.DEFAULT.graceMillis() + 1);
    assertThat(transcript).asString().endsWith("Tick ---- AskSourceToFence\n");
  }

  @Test
  void asourceThatDoesNotSayThatItIsFencedServesOn() {
    state = begin(MoveKind.SWITCHOVER, Durability.REPLICATION);
    run(
        new MoveEvent.MoveRecorded(),
        new MoveEvent.CaughtUp(),
        new MoveEvent.HostDrained("a"),
        new MoveEvent.HostDrained("b"));
    after(MoveBounds.DEFAULT.fenceMillis() + 1);
    run(new MoveEvent.SourceFenced(LAST), new MoveEvent.RecordMovedOn("undone"));
    assertThat(transcript)
        .asString()
        .endsWith("Tick ---- TellUndone\nSourceFenced ----\nRecordMovedOn ----\n");
    assertThat(state.stage()).isInstanceOf(MoveState.Stage.Ended.class);
    assertThat(MoveMachine.report(state, 0).outcome()).isEqualTo("undone");
  }

  /// Only where commits waited for the memory may the last log be missing there.
  @Test
  void aLastPositionThatNeverComesStopsTheMoveUnlessCommitsWaitedForIt() {
    for (Durability durability : Durability.values()) {
      state = begin(MoveKind.SWITCHOVER, durability);
      run(new MoveEvent.MoveRecorded(), new MoveEvent.CaughtUp(), new MoveEvent.SourceFenced(LAST));
      after(MoveBounds.DEFAULT.confirmMillis() + 1);
      assertThat(state.stage() instanceof MoveState.Stage.Taking)
          .isEqualTo(durability == Durability.REPLICATION);
    }
    assertThat(transcript).asString().contains("RaiseAlarm(last-position-not-confirmed)");
  }

  @Test
  void aTargetThatCannotOpenEndsWithANamedAlarm() {
    run(OPENING[0], OPENING[1], OPENING[2], OPENING[3], new MoveEvent.StepFailed("no disk"));
    assertThat(transcript).asString().endsWith("StepFailed ---- RaiseAlarm(move-failed)\n");
    assertThat(MoveMachine.report(state, 0).outcome()).isEqualTo("failed");
  }

  @Test
  void phasesAddUp() {
    state = begin(MoveKind.SWITCHOVER, Durability.REPLICATION);
    run(
        new MoveEvent.MoveRecorded(),
        new MoveEvent.CaughtUp(),
        new MoveEvent.SourceFenced(LAST),
        new MoveEvent.LastPositionInMemory());
    run(OPENING);
    MoveReport report = MoveMachine.report(state, nowMillis * 1_000_000);
    assertThat(report.phases().stream().mapToDouble(PhaseView::millis).sum())
        .isEqualTo(report.totalMillis());
    assertThat(report.phases()).extracting(PhaseView::name).isSorted().doesNotHaveDuplicates();
  }

  private void run(MoveEvent... events) {
    for (MoveEvent event : events) {
      nowMillis += 3;
      MoveStep step = MoveMachine.step(state, event, nowMillis * 1_000_000);
      state = step.next();
      String commands =
          step.commands().stream().map(MoveTranscriptTest::text).collect(Collectors.joining());
      transcript.append(event.getClass().getSimpleName()).append(" ----").append(commands);
      transcript.append('\n');
    }
  }

  private void after(long millis) {
    nowMillis += millis;
    run(new MoveEvent.Tick());
  }

  private static String text(MoveCommand command) {
    return switch (command) {
      case MoveCommand.ReportMove c -> "";
      case MoveCommand.RaiseAlarm c -> " RaiseAlarm(" + c.alarm() + ")";
      default -> " " + command.getClass().getSimpleName();
    };
  }

  private static MoveState ordered() {
    return begin(MoveKind.FAILOVER, Durability.REPLICATION, Ground.ORDER);
  }

  private static MoveState begin(MoveKind kind, Durability durability) {
    return begin(kind, durability, kind == MoveKind.SWITCHOVER ? Ground.ORDER : Ground.ATTESTED);
  }

  private static MoveState begin(MoveKind kind, Durability durability, Ground ground) {
    MoveSpec spec =
        new MoveSpec(
            42,
            kind,
            "a",
            "b",
            7,
            3,
            durability,
            MoveReason.attested("a", Going.Cause.DIED, "its main process ended"),
            new TreeSet<>(List.of("a", "b")),
            ground,
            5);
    return MoveMachine.begin(spec, MoveBounds.DEFAULT, 0).next();
  }
}
