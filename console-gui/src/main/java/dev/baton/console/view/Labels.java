package dev.baton.console.view;

import dev.baton.console.model.Timed;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;

/// Small pieces that every view is made of.
final class Labels {
  private static final PseudoClass STALE = PseudoClass.getPseudoClass("stale");

  private Labels() {}

  static Label styled(String text, String... styles) {
    Label label = new Label(text);
    label.getStyleClass().addAll(styles);
    return label;
  }

  static Label title(String text) {
    return styled(text, "section-title");
  }

  static Label muted(String text) {
    return styled(text, "muted");
  }

  static Label wrapped(String text, String... styles) {
    Label label = styled(text, styles);
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    return label;
  }

  static Region spring() {
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    return spring;
  }

  /// Fades a node whose values are old.
  static void stale(Node node, boolean stale) {
    node.pseudoClassStateChanged(STALE, stale);
  }

  /// `0.3 s`-like age of a value, or that it is stale; fades the nodes that show it.
  static void age(Label label, @Nullable Timed<?> value, long nowMillis, Node... shown) {
    boolean stale = value == null || value.isStale(nowMillis);
    if (value == null) {
      label.setText(Text.AGE_NEVER.of());
    } else {
      String age = Units.age(value.ageMillis(nowMillis));
      label.setText(stale ? Text.AGE_STALE.of(age) : Text.AGE_FRESH.of(age));
    }
    stale(label, stale);
    for (Node node : shown) {
      stale(node, stale);
    }
  }
}
