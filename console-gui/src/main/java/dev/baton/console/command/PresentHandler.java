package dev.baton.console.command;

import dev.baton.console.model.ConsoleModel;
import org.eclipse.e4.core.di.annotations.Execute;

/// Shows the present again.
final class PresentHandler {
  @Execute
  void execute(ConsoleModel console) {
    console.time().showPresent();
  }
}
