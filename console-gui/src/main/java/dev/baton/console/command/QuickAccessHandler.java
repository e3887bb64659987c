package dev.baton.console.command;

import dev.baton.console.rcp.CommandCatalog;
import dev.baton.console.view.QuickAccessDialog;
import javafx.stage.Stage;
import org.eclipse.e4.core.di.annotations.Execute;

/// Opens the field that finds everything.
final class QuickAccessHandler {
  @Execute
  void execute(QuickAccessDialog dialog, CommandCatalog commands, Stage window) {
    dialog.open(commands, window);
  }
}
