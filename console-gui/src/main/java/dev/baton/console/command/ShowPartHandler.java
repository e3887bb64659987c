package dev.baton.console.command;

import jakarta.inject.Named;
import org.eclipse.e4.core.di.annotations.Execute;
import org.eclipse.e4.ui.workbench.modeling.EPartService;

/// Brings a part to the front and gives it the focus.
final class ShowPartHandler {
  @Execute
  void execute(EPartService parts, @Named("part") String part) {
    parts.showPart(part, EPartService.PartState.ACTIVATE);
  }
}
