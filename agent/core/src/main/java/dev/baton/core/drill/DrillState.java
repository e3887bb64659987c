package dev.baton.core.drill;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How far a drill is. Times are milliseconds of a clock that only rises.
public sealed interface DrillState {
  /// What the drill is about; the same all along.
  ///
  /// @param epoch of the service before
  /// @param expiryMillis from the harm on
  /// @param recoveryMillis within which the service must have a standby in sync again
  /// @param stallMillis within which clients must be served again
  record Plan(
      String home,
      String target,
      long epoch,
      long expiryMillis,
      long recoveryMillis,
      long stallMillis) {}

  /// A move that has ended, as its agent tells.
  ///
  /// @param servedMillis from the decision until clients were served
  record Move(
      long id,
      String source,
      String target,
      String outcome,
      double detectMillis,
      double servedMillis,
      int clientsFailed) {}

  /// What has been seen so far.
  ///
  /// @param stopped why it was broken off; null while it was not
  record Seen(@Nullable Move move, boolean healed, @Nullable Stopped stopped) {
    static final Seen NOTHING = new Seen(null, false, null);

    Seen with(Move ended) {
      return new Seen(ended, healed, stopped);
    }

    Seen with(Stopped why) {
      return new Seen(move, healed, why);
    }

    Seen afterHealing(boolean done) {
      return new Seen(move, done, stopped);
    }
  }

  /// @param aborted by a person, or else expired or not to be done at all
  record Stopped(boolean aborted, String why) {}

  Plan plan();

  /// The harm is ordered, and not confirmed yet.
  record Harming(Plan plan, long sinceMillis, Seen seen) implements DrillState {}

  /// The harm is done; the cluster is expected to deal with it.
  record Watching(Plan plan, long harmedMillis, Seen seen) implements DrillState {}

  /// What is left of the harm is being taken back.
  record Healing(Plan plan, long harmedMillis, Seen seen) implements DrillState {}

  /// The harm is over; the service must become protected again.
  record Recovering(Plan plan, long harmedMillis, long healedMillis, Seen seen)
      implements DrillState {}

  /// @param outcome `passed`, `failed` or `aborted`
  record Ended(Plan plan, String outcome, String explanation, List<Check> checks, Seen seen)
      implements DrillState {}

  /// One expectation.
  ///
  /// @param actual null when nothing was seen
  record Check(String name, String expected, @Nullable String actual, boolean met) {}
}
