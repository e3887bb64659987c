package dev.baton.console.view;

import java.util.ArrayList;
import java.util.List;
import javafx.css.PseudoClass;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.Pane;
import javafx.scene.shape.Line;
import javafx.scene.shape.Polygon;
import javafx.scene.text.TextAlignment;
import org.jspecify.annotations.Nullable;

/// Lays out the hosts of a service: home left, standbys right of it, an arrow to each with its lag;
/// below, in rows, those without the service's data. Where it is too narrow for that, all stand
/// beneath each other.
final class TopologyPane extends Pane {
  private static final double CARD_LEAST = 178;
  private static final double CARD_MOST = 280;
  private static final double GAP = 10;
  private static final double ARROW = 100;
  private static final PseudoClass BROKEN = PseudoClass.getPseudoClass("broken");

  private @Nullable Node home;
  private List<Follower> standbys = List.of();
  private List<Node> others = List.of();
  private final List<Arrow> arrows = new ArrayList<>();

  /// A standby and the way of the log to it.
  ///
  /// @param flows false: drawn broken
  /// @param words for screen readers
  record Follower(Node card, String state, String lag, boolean flows, String words) {}

  private static final class Arrow {
    private final Line line = new Line();
    private final Polygon head = new Polygon(0, -5, 9, 0, 0, 5);
    private final Label state = new Label();
    private final Label lag = new Label();

    Arrow() {
      line.getStyleClass().add("topology-line");
      head.getStyleClass().add("topology-head");
      state.getStyleClass().addAll("topology-state");
      lag.getStyleClass().addAll("topology-lag", "mono");
      for (Label label : List.of(state, lag)) {
        label.setAlignment(Pos.CENTER);
        label.setTextAlignment(TextAlignment.CENTER);
      }
      line.setAccessibleRole(AccessibleRole.TEXT);
    }

    List<Node> nodes() {
      return List.of(line, head, state, lag);
    }

    void show(Follower of) {
      state.setText(of.state());
      lag.setText(of.lag());
      line.setAccessibleText(of.words());
      head.setAccessibleText(of.words());
      line.pseudoClassStateChanged(BROKEN, !of.flows());
      head.pseudoClassStateChanged(BROKEN, !of.flows());
    }
  }

  TopologyPane() {
    getStyleClass().add("topology");
    setPadding(new Insets(0, 8, 8, 8));
  }

  void clear() {
    show(null, List.of(), List.of());
  }

  void show(@Nullable Node nextHome, List<Follower> nextStandbys, List<Node> nextOthers) {
    home = nextHome;
    standbys = List.copyOf(nextStandbys);
    others = List.copyOf(nextOthers);
    while (arrows.size() < standbys.size()) {
      arrows.add(new Arrow());
    }
    List<Node> nodes = new ArrayList<>();
    if (home != null) {
      nodes.add(home);
    }
    for (int i = 0; i < standbys.size(); i++) {
      arrows.get(i).show(standbys.get(i));
      nodes.addAll(arrows.get(i).nodes());
      nodes.add(standbys.get(i).card());
    }
    nodes.addAll(others);
    if (!getChildren().equals(nodes)) {
      getChildren().setAll(nodes);
    }
    requestLayout();
  }

  private boolean wide(double width) {
    return width - insets() >= 2 * CARD_LEAST + ARROW;
  }

  /// Width of a card: two and the arrow between them fill the row, within bounds.
  private double card(double width) {
    return Math.clamp((width - insets() - ARROW) / 2, CARD_LEAST, CARD_MOST);
  }

  private double insets() {
    return getPadding().getLeft() + getPadding().getRight();
  }

  @Override
  protected void layoutChildren() {
    double left = getPadding().getLeft();
    double y = getPadding().getTop();
    double bottom = y;
    boolean wide = wide(getWidth());
    double card = card(getWidth());
    double right = wide ? left + card + ARROW : left;
    if (home != null) {
      bottom = place(home, left, y, card) + GAP;
    }
    double at = wide ? y : bottom;
    for (int i = 0; i < standbys.size(); i++) {
      double end = place(standbys.get(i).card(), right, at, card);
      arrows.get(i).nodes().forEach(node -> node.setVisible(wide && home != null));
      if (wide && home != null) {
        draw(arrows.get(i), left + card, y + 40, right, at + 40);
      }
      at = end + GAP;
    }
    bottom = Math.max(bottom, at);
    flow(left, bottom, card);
  }

  private static double place(Node card, double x, double y, double width) {
    double height = card.prefHeight(width);
    card.resizeRelocate(x, y, width, height);
    return y + height;
  }

  private double flow(double left, double top, double width) {
    double x = left;
    double y = top;
    double rowEnd = top;
    for (Node card : others) {
      if (x > left && x + width > getWidth() - getPadding().getRight()) {
        x = left;
        y = rowEnd + GAP;
      }
      rowEnd = Math.max(rowEnd, place(card, x, y, width));
      x += width + GAP;
    }
    return rowEnd;
  }

  private static void draw(Arrow arrow, double x0, double y0, double x1, double y1) {
    double startX = x0 + 6;
    double endX = x1 - 6;
    arrow.line.setStartX(startX);
    arrow.line.setStartY(y0);
    arrow.line.setEndX(endX - 8);
    arrow.line.setEndY(y1);
    double angle = Math.toDegrees(Math.atan2(y1 - y0, endX - startX));
    arrow.head.setRotate(angle);
    arrow.head.relocate(endX - 9, y1 - 5);
    double middle = (y0 + y1) / 2;
    double width = x1 - x0;
    double stateHeight = arrow.state.prefHeight(width);
    arrow.state.resizeRelocate(x0, middle - stateHeight - 3, width, stateHeight);
    arrow.lag.resizeRelocate(x0, middle + 3, width, arrow.lag.prefHeight(width));
  }

  @Override
  protected double computePrefWidth(double height) {
    return 2 * CARD_MOST + ARROW + insets();
  }

  @Override
  protected double computeMinWidth(double height) {
    return CARD_LEAST + insets();
  }

  @Override
  protected double computePrefHeight(double width) {
    double inner = width < 0 ? computePrefWidth(-1) : width;
    double card = card(inner);
    double homeHeight = home == null ? 0 : home.prefHeight(card) + GAP;
    double standbyHeight = 0;
    for (Follower follower : standbys) {
      standbyHeight += follower.card().prefHeight(card) + GAP;
    }
    double tallest = 0;
    for (Node other : others) {
      tallest = Math.max(tallest, other.prefHeight(card));
    }
    int perRow = Math.max(1, (int) ((inner - insets() + GAP) / (card + GAP)));
    int rows = (others.size() + perRow - 1) / perRow;
    return (wide(inner) ? Math.max(homeHeight, standbyHeight) : homeHeight + standbyHeight)
        + rows * (tallest + GAP)
        + getPadding().getTop()
        + getPadding().getBottom();
  }
}
