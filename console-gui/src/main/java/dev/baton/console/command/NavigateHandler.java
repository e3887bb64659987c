package dev.baton.console.command;

import org.eclipse.e4.core.di.annotations.Execute;
import org.eclipse.e4.ui.workbench.modeling.EPartService;

/// Puts the focus into the tree of clusters, services and hosts.
final class NavigateHandler {
  private static final String WATCH = "dev.baton.console.perspective.watch";
  private static final String NAVIGATION = "dev.baton.console.part.navigation";

  @Execute
  void execute(EPartService parts) {
    parts.switchPerspective(WATCH);
    parts.showPart(NAVIGATION, EPartService.PartState.ACTIVATE);
  }
}
