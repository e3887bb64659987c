package dev.baton.console.rcp;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import javafx.geometry.Rectangle2D;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.Screen;
import javafx.stage.Stage;
import org.eclipse.e4.ui.model.application.ui.MUIElement;
import org.eclipse.e4.ui.model.application.ui.SideValue;
import org.eclipse.e4.ui.model.application.ui.basic.MPart;
import org.eclipse.e4.ui.model.application.ui.basic.MTrimBar;
import org.eclipse.e4.ui.model.application.ui.basic.MTrimElement;
import org.eclipse.e4.ui.model.application.ui.basic.MTrimmedWindow;
import org.eclipse.e4.ui.model.application.ui.basic.MWindow;
import org.eclipse.e4.ui.workbench.IPresentationEngine;
import org.eclipse.e4.ui.workbench.modeling.EPartService;
import org.jspecify.annotations.Nullable;

/// Renders a window: a stage with menu, trim on four sides, and the window's children in the
/// middle. Its bounds are written back to the model.
final class WindowRenderer {
  private final FxPresentationEngine engine;
  private final MenuRenderer menus;
  private final KeyDispatcher keys;
  private final Consumer<Scene> scenes;

  WindowRenderer(
      FxPresentationEngine engine, MenuRenderer menus, KeyDispatcher keys, Consumer<Scene> scenes) {
    this.engine = engine;
    this.menus = menus;
    this.keys = keys;
    this.scenes = scenes;
  }

  Stage render(MWindow window) {
    Stage stage = new Stage();
    stage.setTitle(window.getLocalizedLabel());
    window.setWidget(stage);
    window.getContext().set(Stage.class, stage);
    window.getContext().activate();
    BorderPane root = new BorderPane();
    Scene scene = new Scene(root);
    scenes.accept(scene);
    keys.listenTo(scene);
    root.setTop(top(window));
    root.setBottom(trim(window, SideValue.BOTTOM));
    root.setLeft(trim(window, SideValue.LEFT));
    root.setRight(trim(window, SideValue.RIGHT));
    root.setCenter(children(window));
    stage.setScene(scene);
    place(stage, window);
    activateFocusedPart(scene);
    stage.setOnCloseRequest(
        event -> {
          event.consume();
          engine.windowClosed(window);
        });
    if (window.isVisible()) {
      stage.show();
    }
    writeBackBounds(stage, window);
    return stage;
  }

  void removeTrim(MWindow window) {
    if (window instanceof MTrimmedWindow trimmed) {
      trimmed.getTrimBars().stream()
          .flatMap(bar -> List.copyOf(bar.getChildren()).stream())
          .forEach(engine::removeGui);
    }
  }

  private Node top(MWindow window) {
    VBox top = new VBox();
    if (window.getMainMenu() != null) {
      top.getChildren().add(menus.bar(window.getMainMenu()));
    }
    Node trim = trim(window, SideValue.TOP);
    if (trim != null) {
      top.getChildren().add(trim);
    }
    return top;
  }

  private @Nullable Node trim(MWindow window, SideValue side) {
    if (!(window instanceof MTrimmedWindow trimmed)) {
      return null;
    }
    boolean horizontal = side == SideValue.TOP || side == SideValue.BOTTOM;
    Pane bars = horizontal ? new VBox() : new HBox(); // bars of one side lie beside each other
    for (MTrimBar bar : trimmed.getTrimBars()) {
      if (bar.getSide() == side && bar.isToBeRendered()) {
        bars.getChildren().add(bar(bar, horizontal ? new HBox() : new VBox()));
      }
    }
    return bars.getChildren().isEmpty() ? null : bars;
  }

  private Node bar(MTrimBar bar, Pane pane) {
    pane.getStyleClass().add("trim");
    bar.setWidget(pane);
    for (MTrimElement element : bar.getChildren()) {
      Node node = engine.nodeOf(element);
      if (node != null) {
        HBox.setHgrow(node, Priority.ALWAYS);
        pane.getChildren().add(node);
      }
    }
    return pane;
  }

  private Node children(MWindow window) {
    List<Node> nodes = new ArrayList<>();
    for (MUIElement child : window.getChildren()) {
      Node node = engine.nodeOf(child);
      if (node != null) {
        nodes.add(node);
      }
    }
    if (window.getSelectedElement() == null && !window.getChildren().isEmpty()) {
      window.setSelectedElement(window.getChildren().getFirst());
    }
    return new StackPane(nodes.toArray(Node[]::new));
  }

  /// A window whose saved place is on no screen any more would not be seen.
  private static void place(Stage stage, MWindow window) {
    if (window.getWidth() > 0 && window.getHeight() > 0) {
      Rectangle2D screen = Screen.getPrimary().getVisualBounds();
      stage.setWidth(Math.min(window.getWidth(), screen.getWidth()));
      stage.setHeight(Math.min(window.getHeight(), screen.getHeight()));
    }
    if (window.isSetX()
        && window.isSetY()
        && !Screen.getScreensForRectangle(window.getX(), window.getY(), 100, 100).isEmpty()) {
      stage.setX(window.getX());
      stage.setY(window.getY());
    }
    stage.setMaximized(window.getTags().contains(IPresentationEngine.WINDOW_MAXIMIZED_TAG));
  }

  private static void writeBackBounds(Stage stage, MWindow window) {
    Runnable write =
        () -> {
          window.getTags().remove(IPresentationEngine.WINDOW_MAXIMIZED_TAG);
          if (stage.isMaximized()) {
            window.getTags().add(IPresentationEngine.WINDOW_MAXIMIZED_TAG);
          } else {
            window.setX((int) stage.getX());
            window.setY((int) stage.getY());
            window.setWidth((int) stage.getWidth());
            window.setHeight((int) stage.getHeight());
          }
        };
    stage.xProperty().addListener(_ -> write.run());
    stage.yProperty().addListener(_ -> write.run());
    stage.widthProperty().addListener(_ -> write.run());
    stage.heightProperty().addListener(_ -> write.run());
    stage.maximizedProperty().addListener(_ -> write.run());
  }

  private static void activateFocusedPart(Scene scene) {
    scene
        .focusOwnerProperty()
        .addListener(
            (_, _, owner) -> {
              for (Node at = owner; at != null; at = at.getParent()) {
                if (at.getProperties().get(ContributionRenderer.PART) instanceof MPart part
                    && part.getContext() != null) {
                  Objects.requireNonNull(part.getContext().get(EPartService.class))
                      .activate(part, false);
                  return;
                }
              }
            });
  }
}
