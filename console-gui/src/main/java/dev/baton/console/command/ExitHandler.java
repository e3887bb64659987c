package dev.baton.console.command;

import javafx.stage.Stage;
import javafx.stage.WindowEvent;
import org.eclipse.e4.core.di.annotations.Execute;

/// Closes the window, as its own button does.
final class ExitHandler {
  @Execute
  void execute(Stage window) {
    window.fireEvent(new WindowEvent(window, WindowEvent.WINDOW_CLOSE_REQUEST));
  }
}
