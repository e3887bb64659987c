package dev.baton.console.command;

import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.view.MoveDialogs;
import dev.baton.model.MoveKind;
import org.eclipse.e4.core.di.annotations.CanExecute;
import org.eclipse.e4.core.di.annotations.Execute;

/// Plans a forced failover of the service that is looked at.
final class FailoverHandler {
  @CanExecute
  boolean canExecute(ConsoleModel console) {
    ServiceModel service = console.selected();
    return service != null && service.situation().mayForce();
  }

  @Execute
  void execute(ConsoleModel console, MoveDialogs dialogs) {
    ServiceModel service = console.selected();
    String target = service == null ? null : service.situation().target();
    if (service != null && target != null) {
      dialogs.open(service, MoveKind.FAILOVER, target);
    }
  }
}
