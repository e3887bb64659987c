package dev.baton.console.command;

import dev.baton.console.model.ConsoleModel;
import org.eclipse.e4.core.di.annotations.Execute;

/// Shows what was a moment earlier.
final class EarlierHandler {
  private static final long STEP_MILLIS = 5_000;

  @Execute
  void execute(ConsoleModel console) {
    console.time().showAt(console.time().shownMillis() - STEP_MILLIS);
  }
}
