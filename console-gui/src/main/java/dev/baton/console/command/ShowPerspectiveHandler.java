package dev.baton.console.command;

import jakarta.inject.Named;
import org.eclipse.e4.core.di.annotations.Execute;
import org.eclipse.e4.ui.workbench.modeling.EPartService;

/// Brings a perspective before the eyes.
final class ShowPerspectiveHandler {
  @Execute
  void execute(EPartService parts, @Named("perspective") String perspective) {
    parts.switchPerspective(perspective);
  }
}
