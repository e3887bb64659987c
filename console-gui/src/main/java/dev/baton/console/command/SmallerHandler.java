package dev.baton.console.command;

import dev.baton.console.view.Appearance;
import org.eclipse.e4.core.di.annotations.Execute;

/// Makes letters smaller.
final class SmallerHandler {
  private static final int STEP_PERCENT = 10;

  @Execute
  void execute(Appearance appearance) {
    appearance.grow(-STEP_PERCENT);
  }
}
