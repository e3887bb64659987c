package dev.baton.console.view;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import javafx.stage.FileChooser;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/// Asks for a file to write to. Behind an interface, since a headless platform has no file dialogs.
@FunctionalInterface
public interface FileChoice {
  /// @param suggested name of the file
  /// @return empty when the user thought better of it
  Optional<Path> ask(String suggested, @Nullable Window owner);

  /// The platform's own dialog.
  static FileChoice ofPlatform() {
    return (suggested, owner) -> {
      FileChooser chooser = new FileChooser();
      chooser.setInitialFileName(suggested);
      File chosen = chooser.showSaveDialog(owner);
      return Optional.ofNullable(chosen).map(File::toPath);
    };
  }
}
