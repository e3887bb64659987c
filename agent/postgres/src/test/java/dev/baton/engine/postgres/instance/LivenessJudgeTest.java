package dev.baton.engine.postgres.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.instance.LivenessJudge.Verdict;
import org.junit.jupiter.api.Test;

class LivenessJudgeTest {
  private static final long MILLIS = 1_000_000L;

  private long now = 5_000_000_000L;
  private LivenessJudge judge = LivenessJudge.start(now);

  @Test
  void silenceForASecondIsAFreeze() {
    observe(980, 20, false, false);
    assertThat(judge.verdict()).isEqualTo(Verdict.ALIVE);
    observe(20, 20, false, false);
    assertThat(judge.verdict()).isEqualTo(Verdict.SILENT);
    assertThat(judge.lastSignNanos()).isEqualTo(5_000_000_000L);
  }

  @Test
  void anyAnswerEndsTheSilence() {
    observe(980, 20, false, false);
    observe(20, 20, true, false);
    observe(980, 20, false, false);
    assertThat(judge.verdict()).isEqualTo(Verdict.ALIVE);
  }

  @Test
  void aStoppedProcessIsKnownSooner() {
    observe(280, 20, false, true);
    assertThat(judge.verdict()).isEqualTo(Verdict.ALIVE);
    observe(20, 20, false, true);
    assertThat(judge.verdict()).isEqualTo(Verdict.STOPPED);
  }

  @Test
  void aShortStopIsNoFreeze() {
    observe(200, 20, false, true);
    observe(20, 20, true, false);
    observe(200, 20, false, true);
    assertThat(judge.verdict()).isEqualTo(Verdict.ALIVE);
  }

  @Test
  void aPauseOfTheObserverIsNotTheServersSilence() {
    observe(60_000, 60_000, false, false);
    assertThat(judge.verdict()).isEqualTo(Verdict.ALIVE);
    observe(60_000, 60_000, false, true);
    assertThat(judge.verdict()).isEqualTo(Verdict.ALIVE);
  }

  private void observe(long totalMillis, long stepMillis, boolean answered, boolean stopped) {
    for (long passed = 0; passed < totalMillis; passed += stepMillis) {
      now += stepMillis * MILLIS;
      judge = judge.step(now, answered, stopped);
    }
  }
}
