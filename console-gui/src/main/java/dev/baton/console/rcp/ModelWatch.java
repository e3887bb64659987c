package dev.baton.console.rcp;

import java.util.Objects;
import org.eclipse.e4.core.services.events.IEventBroker;
import org.eclipse.e4.ui.model.application.MApplication;
import org.eclipse.e4.ui.model.application.ui.MElementContainer;
import org.eclipse.e4.ui.model.application.ui.MUIElement;
import org.eclipse.e4.ui.workbench.UIEvents;
import org.osgi.service.event.Event;

/// Shows what changes in the application model while it is rendered: elements shown and hidden,
/// children moved, another tab selected.
final class ModelWatch {
  private final FxPresentationEngine engine;
  private final ContainerRenderer containers;

  ModelWatch(FxPresentationEngine engine, ContainerRenderer containers) {
    this.engine = engine;
    this.containers = containers;
  }

  void subscribe(MApplication application) {
    IEventBroker broker = Objects.requireNonNull(application.getContext().get(IEventBroker.class));
    broker.subscribe(UIEvents.UIElement.TOPIC_TOBERENDERED, this::toBeRendered);
    broker.subscribe(UIEvents.UIElement.TOPIC_VISIBLE, event -> refreshParent(element(event)));
    broker.subscribe(UIEvents.ElementContainer.TOPIC_CHILDREN, this::refresh);
    broker.subscribe(UIEvents.ElementContainer.TOPIC_SELECTEDELEMENT, this::refresh);
  }

  private void toBeRendered(Event event) {
    MUIElement element = element(event);
    if (!element.isToBeRendered()) {
      engine.removeGui(element);
    }
    refreshParent(element);
  }

  private void refresh(Event event) {
    if (element(event) instanceof MElementContainer<?> container && container.getWidget() != null) {
      containers.refresh(container);
    }
  }

  private void refreshParent(MUIElement element) {
    MElementContainer<?> parent = element.getParent();
    if (parent != null && parent.getWidget() != null) {
      containers.refresh(parent);
    }
  }

  private static MUIElement element(Event event) {
    return (MUIElement) Objects.requireNonNull(event.getProperty(UIEvents.EventTags.ELEMENT));
  }
}
