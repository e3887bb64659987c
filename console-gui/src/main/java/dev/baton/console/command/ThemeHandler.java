package dev.baton.console.command;

import dev.baton.console.view.Appearance;
import org.eclipse.e4.core.di.annotations.Execute;

/// Changes between light and dark.
final class ThemeHandler {
  @Execute
  void execute(Appearance appearance) {
    appearance.toggle();
  }
}
