package dev.baton.console.rcp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javafx.application.Platform;
import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import org.eclipse.e4.ui.model.application.ui.MElementContainer;
import org.eclipse.e4.ui.model.application.ui.MUIElement;
import org.eclipse.e4.ui.model.application.ui.MUILabel;
import org.eclipse.e4.ui.model.application.ui.advanced.MPerspective;
import org.eclipse.e4.ui.model.application.ui.advanced.MPerspectiveStack;
import org.eclipse.e4.ui.model.application.ui.advanced.MPlaceholder;
import org.eclipse.e4.ui.model.application.ui.basic.MPart;
import org.eclipse.e4.ui.model.application.ui.basic.MPartSashContainer;
import org.eclipse.e4.ui.model.application.ui.basic.MPartSashContainerElement;
import org.eclipse.e4.ui.model.application.ui.basic.MPartStack;
import org.eclipse.e4.ui.model.application.ui.basic.MStackElement;
import org.eclipse.e4.ui.workbench.modeling.EPartService;
import org.jspecify.annotations.Nullable;

/// Renders what holds other elements: perspective stacks, perspectives, sashes and part stacks.
/// [#refresh] brings a rendered container to what the model says; it is idempotent, and changes
/// that it makes itself are not written back.
final class ContainerRenderer {
  private static final int SHARES = 10_000; // containerData is a weight; these add up to a whole

  private final FxPresentationEngine engine;
  private boolean refreshing;

  ContainerRenderer(FxPresentationEngine engine) {
    this.engine = engine;
  }

  Node perspectives(MPerspectiveStack stack) {
    BorderPane pane = new BorderPane();
    pane.getStyleClass().add("perspective-stack");
    stack.setWidget(pane);
    refreshPerspectives(stack, pane);
    return pane;
  }

  Node perspective(MPerspective perspective) {
    StackPane pane = new StackPane();
    perspective.setWidget(pane);
    refreshPerspective(perspective, pane);
    return pane;
  }

  Node sash(MPartSashContainer sash) {
    SplitPane pane = new SplitPane();
    pane.setOrientation(sash.isHorizontal() ? Orientation.HORIZONTAL : Orientation.VERTICAL);
    sash.setWidget(pane);
    refreshSash(sash, pane);
    return pane;
  }

  Node stack(MPartStack stack) {
    TabPane pane = new TabPane();
    pane.setTabClosingPolicy(TabPane.TabClosingPolicy.SELECTED_TAB);
    stack.setWidget(pane);
    refreshStack(stack, pane);
    pane.getSelectionModel()
        .selectedItemProperty()
        .addListener((_, _, tab) -> tabSelected(stack, tab));
    return pane;
  }

  void refresh(MElementContainer<?> container) {
    if (refreshing) {
      return;
    }
    switch (container) {
      case MPerspectiveStack stack when stack.getWidget() instanceof BorderPane pane ->
          refreshPerspectives(stack, pane);
      case MPerspective perspective when perspective.getWidget() instanceof StackPane pane ->
          refreshPerspective(perspective, pane);
      case MPartSashContainer sash when sash.getWidget() instanceof SplitPane pane ->
          refreshSash(sash, pane);
      case MPartStack stack when stack.getWidget() instanceof TabPane pane ->
          refreshStack(stack, pane);
      default -> {
        // menus and trim do not change while they are shown
      }
    }
  }

  private void refreshPerspectives(MPerspectiveStack stack, BorderPane pane) {
    List<MPerspective> shown = stack.getChildren().stream().filter(MUIElement::isVisible).toList();
    if (stack.getSelectedElement() == null && !shown.isEmpty()) {
      stack.setSelectedElement(shown.getFirst());
    }
    pane.setTop(shown.size() > 1 ? switcher(stack, shown) : null);
    MPerspective selected = stack.getSelectedElement();
    pane.setCenter(selected == null ? null : engine.nodeOf(selected));
    if (selected != null && selected.getContext() != null) {
      selected.getContext().activate();
    }
  }

  private static Node switcher(MPerspectiveStack stack, List<MPerspective> shown) {
    ToggleGroup group = new ToggleGroup();
    HBox bar = new HBox();
    bar.getStyleClass().add("perspective-switcher");
    for (MPerspective perspective : shown) {
      ToggleButton button = new ToggleButton(perspective.getLocalizedLabel());
      button.setToggleGroup(group);
      button.setSelected(perspective.equals(stack.getSelectedElement()));
      button.setOnAction(_ -> stack.setSelectedElement(perspective));
      bar.getChildren().add(button);
    }
    return bar;
  }

  private void refreshPerspective(MPerspective perspective, StackPane pane) {
    List<Node> nodes = new ArrayList<>();
    for (MUIElement child : perspective.getChildren()) {
      Node node = engine.nodeOf(child);
      if (node != null) {
        nodes.add(node);
      }
    }
    pane.getChildren().setAll(nodes);
  }

  private void refreshSash(MPartSashContainer sash, SplitPane pane) {
    List<MPartSashContainerElement> shown = new ArrayList<>();
    List<Node> nodes = new ArrayList<>();
    for (MPartSashContainerElement child : sash.getChildren()) {
      Node node = engine.nodeOf(child);
      if (node != null) {
        shown.add(child);
        nodes.add(node);
      }
    }
    pane.getItems().setAll(nodes);
    double[] dividers = Weights.dividers(shown.stream().map(Weights::of).toList());
    pane.setDividerPositions(dividers);
    if (pane.getWidth() == 0) {
      whenLaidOut(pane, () -> pane.setDividerPositions(dividers));
    }
    pane.getDividers().forEach(d -> d.positionProperty().addListener(_ -> writeBack(pane, shown)));
  }

  /// What is set before the first layout is distorted by the panes' own widths.
  private static void whenLaidOut(SplitPane pane, Runnable then) {
    pane.widthProperty()
        .addListener(
            new InvalidationListener() {
              @Override
              public void invalidated(Observable width) {
                if (pane.getWidth() > 0) {
                  pane.widthProperty().removeListener(this);
                  Platform.runLater(then);
                }
              }
            });
  }

  /// Only while the user drags: dividers also move when the window is laid out for the first time,
  /// with widths that mean nothing.
  private static void writeBack(SplitPane pane, List<MPartSashContainerElement> shown) {
    if (pane.getScene() == null
        || !pane.lookupAll(".split-pane-divider").stream().anyMatch(Node::isPressed)) {
      return;
    }
    double before = 0;
    double[] dividers = pane.getDividerPositions();
    for (int i = 0; i < shown.size(); i++) {
      double end = i < dividers.length ? dividers[i] : 1;
      shown.get(i).setContainerData(Long.toString(Math.round((end - before) * SHARES)));
      before = end;
    }
  }

  private void refreshStack(MPartStack stack, TabPane pane) {
    refreshing = true;
    try {
      Map<Object, Tab> existing = new HashMap<>();
      pane.getTabs().forEach(tab -> existing.put(tab.getUserData(), tab));
      List<Tab> tabs = new ArrayList<>();
      for (MStackElement child : stack.getChildren()) {
        if (child.isToBeRendered() && child.isVisible()) {
          tabs.add(
              existing.containsKey(child)
                  ? Objects.requireNonNull(existing.get(child))
                  : tab(child));
        }
      }
      if (!tabs.equals(pane.getTabs())) {
        pane.getTabs().setAll(tabs);
      }
      select(stack, pane);
    } finally {
      refreshing = false;
    }
  }

  private void select(MPartStack stack, TabPane pane) {
    if (pane.getTabs().isEmpty()) {
      return;
    }
    Tab selected =
        pane.getTabs().stream()
            .filter(tab -> tab.getUserData().equals(stack.getSelectedElement()))
            .findFirst()
            .orElse(pane.getTabs().getFirst());
    MStackElement element = (MStackElement) selected.getUserData();
    stack.setSelectedElement(element); // a dangling selection makes e4 drop the whole saved layout
    if (selected.getContent() == null) {
      selected.setContent(engine.nodeOf(element));
    }
    pane.getSelectionModel().select(selected);
  }

  private void tabSelected(MPartStack stack, Tab tab) {
    if (!refreshing && tab != null && tab.getUserData() instanceof MStackElement element) {
      if (tab.getContent() == null) {
        tab.setContent(engine.nodeOf(element));
      }
      stack.setSelectedElement(element);
      MPart part = partOf(element);
      if (part != null && part.getContext() != null) {
        Objects.requireNonNull(part.getContext().get(EPartService.class)).activate(part, false);
      }
    }
  }

  private static Tab tab(MStackElement element) {
    Tab tab = new Tab();
    tab.setUserData(element);
    MPart part = partOf(element);
    if (part != null) {
      MUILabel label = part;
      tab.setText(label.getLocalizedLabel());
      if (label.getLocalizedTooltip() != null && !label.getLocalizedTooltip().isEmpty()) {
        tab.setTooltip(new Tooltip(label.getLocalizedTooltip()));
      }
      tab.setClosable(part.isCloseable());
      tab.setOnCloseRequest(
          event -> {
            event.consume();
            element.setToBeRendered(false);
          });
    }
    return tab;
  }

  private static @Nullable MPart partOf(MUIElement element) {
    return switch (element) {
      case MPart part -> part;
      case MPlaceholder placeholder when placeholder.getRef() instanceof MPart part -> part;
      default -> null;
    };
  }
}
