package dev.baton.console.view;

import dev.baton.console.model.ServiceModel;
import dev.baton.console.text.Text;
import dev.baton.model.MoveKind;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.SessionView;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.css.PseudoClass;
import javafx.event.EventTarget;
import javafx.scene.Cursor;
import javafx.scene.Node;
import javafx.scene.control.ScrollBar;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;

/// What is being dragged to another host: a service, or some of its sessions. Dropping it plans a
/// move and does nothing else. One for the console, since there is one mouse. The target is found
/// by where the mouse is let go: within one window that needs no help of the platform, whose own
/// dragging is not everywhere.
public final class Cargo {
  private static final PseudoClass TAKES = PseudoClass.getPseudoClass("takes");
  private static final PseudoClass REFUSES = PseudoClass.getPseudoClass("refuses");
  private static final double BEGINS_PIXELS = 8; // less is a click with an unsteady hand

  private final MoveDialogs dialogs;
  private final Map<Node, String> hosts = new WeakHashMap<>();
  private @Nullable Load load;
  private @Nullable Node over;

  /// @param sessions chosen when the mouse was pressed; empty: the service is dragged
  private record Load(ServiceModel service, List<SessionView> sessions, double x, double y) {
    boolean moved(MouseEvent event) {
      return Math.hypot(event.getSceneX() - x, event.getSceneY() - y) > BEGINS_PIXELS;
    }
  }

  public Cargo(MoveDialogs dialogs) {
    this.dialogs = dialogs;
  }

  /// Makes a node something that can be dragged.
  ///
  /// @param service what is dragged with it; null for nothing
  /// @param sessions those that are dragged when the mouse is pressed there
  void from(
      Node node,
      Supplier<@Nullable ServiceModel> service,
      Function<EventTarget, List<SessionView>> sessions) {
    node.addEventFilter(
        MouseEvent.MOUSE_PRESSED,
        event -> {
          ServiceModel taken = service.get();
          load =
              taken == null || !event.isPrimaryButtonDown() || isControl(event.getTarget())
                  ? null
                  : new Load(
                      taken,
                      List.copyOf(sessions.apply(event.getTarget())),
                      event.getSceneX(),
                      event.getSceneY());
        });
    node.addEventFilter(MouseEvent.MOUSE_DRAGGED, event -> drag(node, event));
    node.addEventFilter(MouseEvent.MOUSE_RELEASED, event -> drop(node, event));
  }

  /// Scroll bars and column headers are dragged for reasons of their own.
  private static boolean isControl(EventTarget target) {
    for (Node at = target instanceof Node node ? node : null; at != null; at = at.getParent()) {
      if (at instanceof ScrollBar
          || (at instanceof Region region
              && region.getStyleClass().contains("column-header-background"))) {
        return true;
      }
    }
    return false;
  }

  /// Makes a node something that cargo can be dropped on.
  void onto(Node node, String host) {
    hosts.put(node, host);
  }

  private void drag(Node from, MouseEvent event) {
    Load carried = load;
    if (carried == null || !carried.moved(event)) {
      return;
    }
    from.getScene().setCursor(Cursor.CLOSED_HAND);
    Node now = at(from, event).orElse(null);
    if (!Objects.equals(now, over)) {
      calm();
      over = now;
      if (now != null) {
        boolean takes = obstacle(carried.service(), hosts.getOrDefault(now, "")).isEmpty();
        now.pseudoClassStateChanged(TAKES, takes);
        now.pseudoClassStateChanged(REFUSES, !takes);
      }
    }
  }

  private void drop(Node from, MouseEvent event) {
    Load carried = load;
    load = null;
    calm();
    from.getScene().setCursor(null);
    if (carried == null || !carried.moved(event)) {
      return;
    }
    at(from, event)
        .map(hosts::get)
        .filter(host -> obstacle(carried.service(), host).isEmpty())
        .ifPresent(host -> plan(carried.service(), host, carried.sessions()));
  }

  private Optional<Node> at(Node from, MouseEvent event) {
    return hosts.keySet().stream()
        .filter(node -> from.getScene().equals(node.getScene()) && Shown.isSeen(node))
        .filter(
            node ->
                node.localToScene(node.getBoundsInLocal())
                    .contains(event.getSceneX(), event.getSceneY()))
        .findFirst();
  }

  private void calm() {
    if (over != null) {
      over.pseudoClassStateChanged(TAKES, false);
      over.pseudoClassStateChanged(REFUSES, false);
      over = null;
    }
  }

  /// Plans to move a service, as if it had been dropped on the host.
  void plan(ServiceModel service, String host) {
    plan(service, host, List.of());
  }

  void plan(ServiceModel service, String host, List<SessionView> sessions) {
    dialogs.open(service, MoveKind.SWITCHOVER, host, sessions);
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
