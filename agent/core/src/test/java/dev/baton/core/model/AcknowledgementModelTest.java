package dev.baton.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Promises 1 and 2: within the model's bounds no order of steps loses a commit that a client knows
/// of, or lets two hosts serve; and leaving out any one rule does.
@Timeout(60)
class AcknowledgementModelTest {
  private static final int BOUND = 8_000_000;

  @Test
  void noOrderOfStepsLosesACommitOrLetsTwoServe() {
    Exploration exploration = new Exploration(new Protocol(Mutant.NONE), BOUND);
    Optional<List<String>> found = exploration.counterexample();
    assertThat(found).as("a way to a violation").isEmpty();
    assertThat(exploration.count())
        .as("states; fewer would mean that steps are missing")
        .isGreaterThan(1_000_000);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void leavingOutARuleIsFound(Mutant mutant) {
    Exploration exploration = new Exploration(new Protocol(mutant), BOUND);
    Optional<List<String>> found = exploration.counterexample();
    assertThat(found).as("a way to a violation").isPresent();
  }
}
