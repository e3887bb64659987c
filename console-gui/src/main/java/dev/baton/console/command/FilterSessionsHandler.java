package dev.baton.console.command;

import org.eclipse.e4.core.di.annotations.Execute;
import org.eclipse.e4.ui.workbench.modeling.EPartService;

/// Shows the sessions and puts the focus into their filter.
final class FilterSessionsHandler {
  private static final String WATCH = "dev.baton.console.perspective.watch";
  private static final String SESSIONS = "dev.baton.console.part.sessions";

  @Execute
  void execute(EPartService parts) {
    parts.switchPerspective(WATCH);
    parts.showPart(SESSIONS, EPartService.PartState.ACTIVATE);
  }
}
