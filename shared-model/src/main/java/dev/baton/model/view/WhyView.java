package dev.baton.model.view;

import dev.baton.model.MovePolicy.Mode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `GET /v1/why`: what would happen to a service now, and why nothing has; assessed each second by
/// the agent of its home.
///
/// @param ifHomeFailedNow one sentence: who would take over, and what would be lost
/// @param action `stay`, `would-move` or `move`
/// @param summary one sentence
/// @param needs to move that have lasted long enough, the strongest first
/// @param target where it would go; null when there is no need, or no host is fit
/// @param obstacles everything that stands in the way of a move by policy, need or not
public record WhyView(
    String service,
    String home,
    String ifHomeFailedNow,
    Mode mode,
    String action,
    String summary,
    List<NeedView> needs,
    @Nullable String target,
    List<ObstacleView> obstacles,
    Instant measuredAt) {

  /// @param need `maintenance`, `source-load`, `balance`, `configuration` or `preference`
  public record NeedView(String need, String explanation, Instant since) {}

  /// @param host the target that it rules out; null when it rules out every target
  /// @param threshold what is wanted
  public record ObstacleView(
      String name, @Nullable String host, String value, String threshold, String remedy) {}
}
