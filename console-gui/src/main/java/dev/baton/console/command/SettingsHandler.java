package dev.baton.console.command;

import dev.baton.console.view.SettingsDialog;
import javafx.stage.Stage;
import org.eclipse.e4.core.di.annotations.Execute;

/// Opens the settings.
final class SettingsHandler {
  @Execute
  void execute(SettingsDialog dialog, Stage window) {
    dialog.open(window);
  }
}
