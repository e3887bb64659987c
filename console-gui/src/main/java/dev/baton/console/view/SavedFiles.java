package dev.baton.console.view;

import dev.baton.console.text.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.scene.Node;
import javafx.scene.control.Label;

/// Writes what a view shows to a file that the user names, and says what became of it.
public final class SavedFiles {
  private final FileChoice choice;

  public SavedFiles(FileChoice choice) {
    this.choice = choice;
  }

  void save(Node from, String suggested, Supplier<String> text, Label said) {
    Optional<Path> file =
        choice.ask(suggested, from.getScene() == null ? null : from.getScene().getWindow());
    if (file.isEmpty()) {
      return;
    }
    try {
      Files.writeString(file.get(), text.get(), StandardCharsets.UTF_8);
      said.setText(Text.EXPORT_DONE.of(file.get()));
    } catch (IOException e) {
      said.setText(Text.EXPORT_FAILED.of(file.get(), e.toString()));
    }
  }
}
