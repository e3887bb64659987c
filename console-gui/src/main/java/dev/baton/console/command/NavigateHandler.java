package dev.baton.console.command;

import org.eclipse.e4.core.di.annotations.Execute;
import org.eclipse.e4.ui.workbench.modeling.EPartService;

/// Puts the focus into the tree of clusters, services and hosts.
final class NavigateHandler {
  private static final String NAVIGATION = "dev.baton.console.part.navigation";

  @Execute
  void execute(EPartService parts) {
    parts.showPart(NAVIGATION, EPartService.PartState.ACTIVATE);
  }
}
