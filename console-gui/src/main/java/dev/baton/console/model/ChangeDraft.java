package dev.baton.console.model;

import java.util.concurrent.CompletionStage;

/// A change that is being typed: planned at every letter, made once.
public interface ChangeDraft {
  /// @param nowMillis on the console's clock
  ChangePlan plan(long nowMillis);

  /// Makes the change; fails as [dev.baton.console.link.Operations] says. Only when the plan names
  /// no obstacle.
  CompletionStage<?> make(long nowMillis);
}
