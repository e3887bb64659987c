package dev.baton.console.command;

import dev.baton.console.rcp.CommandCatalog;
import dev.baton.console.view.KeysDialog;
import javafx.stage.Stage;
import org.eclipse.e4.core.di.annotations.Execute;

/// Shows the keys of all commands.
final class KeysHandler {
  @Execute
  void execute(KeysDialog dialog, CommandCatalog commands, Stage window) {
    dialog.open(commands, window);
  }
}
