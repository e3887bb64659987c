package dev.baton.console.command;

import dev.baton.console.view.ConnectDialog;
import javafx.stage.Stage;
import org.eclipse.e4.core.di.annotations.Execute;

/// Asks for a cluster to take into view.
final class ConnectHandler {
  @Execute
  void execute(ConnectDialog dialog, Stage window) {
    dialog.open(window);
  }
}
