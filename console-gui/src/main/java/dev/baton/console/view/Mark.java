package dev.baton.console.view;

import dev.baton.console.model.Severity;
import dev.baton.console.text.Text;
import java.util.Locale;
import javafx.scene.AccessibleRole;
import javafx.scene.layout.Region;

/// The shape of a severity: ring, circle, triangle, octagon, wrench. Colour is given by the style
/// sheet, and only to what is not normal; the word is its accessible text.
final class Mark extends Region {
  private Severity severity = Severity.NORMAL;

  Mark() {
    this(Severity.NORMAL);
  }

  Mark(Severity severity) {
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setMinSize(14, 14);
    setPrefSize(14, 14);
    setMaxSize(14, 14);
    show(severity);
  }

  void show(Severity next) {
    if (next == severity && !getStyleClass().isEmpty()) {
      return; // setting style classes anew costs a pass over the style sheets
    }
    severity = next;
    getStyleClass().setAll("mark", "mark-" + next.name().toLowerCase(Locale.ROOT));
    setAccessibleText(word());
  }

  Severity severity() {
    return severity;
  }

  private String word() {
    return switch (severity) {
      case NORMAL -> Text.SEVERITY_NORMAL.of();
      case INFO -> Text.SEVERITY_INFO.of();
      case WARNING -> Text.SEVERITY_WARNING.of();
      case CRITICAL -> Text.SEVERITY_CRITICAL.of();
      case MAINTENANCE -> Text.SEVERITY_MAINTENANCE.of();
    };
  }
}
