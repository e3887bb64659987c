package dev.baton.console.view;

import dev.baton.console.model.ConsoleModel;
import javafx.scene.Node;
import javafx.util.Subscription;

/// Refreshes a view only while it can be seen: a tab behind another, or another perspective, costs
/// nothing.
final class Shown {
  private Shown() {}

  /// Calls at every tick and when another service is looked at, if the node is to be seen then; and
  /// when it comes into sight.
  static Subscription watch(ConsoleModel console, Node node, Runnable refresh) {
    Runnable ifSeen =
        () -> {
          if (isSeen(node)) {
            refresh.run();
          }
        };
    refresh.run();
    return console.watch(ifSeen);
  }

  static boolean isSeen(Node node) {
    if (node.getScene() == null) {
      return false;
    }
    for (Node at = node; at != null; at = at.getParent()) {
      if (!at.isVisible()) {
        return false;
      }
    }
    return true;
  }
}
