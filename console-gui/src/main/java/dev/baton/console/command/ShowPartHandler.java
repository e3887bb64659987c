package dev.baton.console.command;

import jakarta.inject.Named;
import org.eclipse.e4.core.di.annotations.Execute;
import org.eclipse.e4.ui.workbench.modeling.EPartService;

/// Brings a part of the perspective Watch to the front and gives it the focus.
final class ShowPartHandler {
  private static final String WATCH = "dev.baton.console.perspective.watch";

  @Execute
  void execute(EPartService parts, @Named("part") String part) {
    parts.switchPerspective(WATCH);
    parts.showPart(part, EPartService.PartState.ACTIVATE);
  }
}
