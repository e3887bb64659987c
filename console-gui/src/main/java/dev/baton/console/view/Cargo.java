package dev.baton.console.view;

import dev.baton.console.model.ServiceModel;
import dev.baton.console.text.Text;
import dev.baton.model.MoveKind;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.SessionView;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import org.jspecify.annotations.Nullable;

/// What is being dragged to another host: a service, or some of its sessions. Dropping it plans a
/// move and does nothing else. One for the console, since there is one mouse.
public final class Cargo {
  private static final PseudoClass TAKES = PseudoClass.getPseudoClass("takes");
  private static final PseudoClass REFUSES = PseudoClass.getPseudoClass("refuses");

  private final MoveDialogs dialogs;
  private @Nullable Load load;

  /// @param sessions chosen; empty: the service was dragged
  private record Load(ServiceModel service, List<SessionView> sessions) {}

  public Cargo(MoveDialogs dialogs) {
    this.dialogs = dialogs;
  }

  /// Makes a node something that can be dragged.
  ///
  /// @param service what is dragged with it; null for nothing
  void from(
      Node node, Supplier<@Nullable ServiceModel> service, Supplier<List<SessionView>> sessions) {
    node.setOnDragDetected(
        event -> {
          ServiceModel dragged = service.get();
          if (dragged != null) {
            load = new Load(dragged, List.copyOf(sessions.get()));
            node.startFullDrag();
            event.consume();
          }
        });
  }

  /// Makes a node something that cargo can be dropped on.
  void onto(Node node, String host) {
    node.setOnMouseDragEntered(
        _ -> {
          Load carried = load;
          if (carried != null) {
            boolean takes = obstacle(carried.service(), host).isEmpty();
            node.pseudoClassStateChanged(TAKES, takes);
            node.pseudoClassStateChanged(REFUSES, !takes);
          }
        });
    node.setOnMouseDragExited(_ -> calm(node));
    node.setOnMouseDragReleased(
        _ -> {
          calm(node);
          Load carried = load;
          load = null;
          if (carried != null && obstacle(carried.service(), host).isEmpty()) {
            dialogs.open(carried.service(), MoveKind.SWITCHOVER, host, carried.sessions());
          }
        });
  }

  /// Plans to move a service, as if it had been dropped on the host.
  void plan(ServiceModel service, String host) {
    plan(service, host, List.of());
  }

  void plan(ServiceModel service, String host, List<SessionView> sessions) {
    dialogs.open(service, MoveKind.SWITCHOVER, host, sessions);
  }

  private static void calm(Node node) {
    node.pseudoClassStateChanged(TAKES, false);
    node.pseudoClassStateChanged(REFUSES, false);
  }

  /// Why a service cannot be planned to move to a host; empty when it can.
  static Optional<String> obstacle(ServiceModel service, String host) {
    ServiceView view = service.view().value();
    if (view.home().equals(host)) {
      return Optional.of(Text.CARGO_HOME.of(view.name(), host));
    }
    if (view.standbys().stream().noneMatch(standby -> standby.host().equals(host))) {
      return Optional.of(Text.CARGO_NO_STANDBY.of(host, view.name()));
    }
    if (!service.situation().mayPlan()) {
      return Optional.of(service.situation().move().text());
    }
    return Optional.empty();
  }
}
