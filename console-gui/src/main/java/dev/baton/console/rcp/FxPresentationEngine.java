package dev.baton.console.rcp;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.eclipse.e4.core.contexts.ContextInjectionFactory;
import org.eclipse.e4.core.contexts.IEclipseContext;
import org.eclipse.e4.ui.di.Focus;
import org.eclipse.e4.ui.internal.workbench.E4Workbench;
import org.eclipse.e4.ui.model.application.MApplication;
import org.eclipse.e4.ui.model.application.MApplicationElement;
import org.eclipse.e4.ui.model.application.MContribution;
import org.eclipse.e4.ui.model.application.commands.MBindingContext;
import org.eclipse.e4.ui.model.application.commands.MBindings;
import org.eclipse.e4.ui.model.application.ui.MContext;
import org.eclipse.e4.ui.model.application.ui.MElementContainer;
import org.eclipse.e4.ui.model.application.ui.MUIElement;
import org.eclipse.e4.ui.model.application.ui.advanced.MPerspective;
import org.eclipse.e4.ui.model.application.ui.advanced.MPerspectiveStack;
import org.eclipse.e4.ui.model.application.ui.advanced.MPlaceholder;
import org.eclipse.e4.ui.model.application.ui.basic.MPart;
import org.eclipse.e4.ui.model.application.ui.basic.MPartSashContainer;
import org.eclipse.e4.ui.model.application.ui.basic.MPartStack;
import org.eclipse.e4.ui.model.application.ui.basic.MWindow;
import org.eclipse.e4.ui.model.application.ui.menu.MToolControl;
import org.eclipse.e4.ui.services.EContextService;
import org.eclipse.e4.ui.workbench.IPresentationEngine;
import org.eclipse.emf.ecore.EObject;
import org.jspecify.annotations.Nullable;

/// Renders the application model with JavaFX. Which widget stands for which element is decided in
/// [#render]; the model is the truth: what the user changes (tab, divider, bounds) is written back
/// to it, and what changes in it is shown by [ModelWatch].
final class FxPresentationEngine implements IPresentationEngine {
  private final MApplication application;
  private final Runnable lastWindowClosed;
  private final WindowRenderer windows;
  private final ContainerRenderer containers;
  private final ContributionRenderer contributions;
  private boolean running;

  FxPresentationEngine(
      MApplication application,
      KeyDispatcher keys,
      Consumer<Scene> scenes,
      Runnable lastWindowClosed) {
    this.application = application;
    this.lastWindowClosed = lastWindowClosed;
    this.contributions = new ContributionRenderer();
    this.containers = new ContainerRenderer(this);
    this.windows = new WindowRenderer(this, new MenuRenderer(keys), keys, scenes);
  }

  @Override
  public Object run(MApplicationElement root, IEclipseContext context) {
    running = true;
    new ModelWatch(this, containers).subscribe(application);
    for (MWindow window : List.copyOf(application.getChildren())) {
      createGui(window);
    }
    if (application.getSelectedElement() == null && !application.getChildren().isEmpty()) {
      application.setSelectedElement(application.getChildren().getFirst());
    }
    return IPresentationEngine.SERVICE_NAME;
  }

  @Override
  public void stop() {
    running = false;
    for (MWindow window : List.copyOf(application.getChildren())) {
      removeGui(window);
    }
  }

  /// A window was closed by the user. The model keeps its last window, else the next start would
  /// have none.
  void windowClosed(MWindow window) {
    if (!running) {
      return;
    }
    long shown = application.getChildren().stream().filter(w -> w.getWidget() != null).count();
    if (shown <= 1) {
      running = false;
      lastWindowClosed.run();
    } else {
      window.setToBeRendered(false);
    }
  }

  @Override
  public @Nullable Object createGui(
      MUIElement element, @Nullable Object parentWidget, @Nullable IEclipseContext parentContext) {
    return createGui(element);
  }

  @Override
  public @Nullable Object createGui(MUIElement element) {
    if (!element.isToBeRendered()) {
      return null;
    }
    if (element.getWidget() != null) {
      return element.getWidget();
    }
    if (element instanceof MContext withContext && withContext.getContext() == null) {
      IEclipseContext made = E4Workbench.initializeContext(contextAbove(element), withContext);
      if (element instanceof MWindow) {
        SelectionServices.installIn(made);
      }
      if (element instanceof MBindings bindings) {
        activate(bindings, made);
      }
    }
    Object widget = render(element);
    if (widget != null) {
      element.setWidget(widget);
      element.setRenderer(this);
      if (widget instanceof Node node && element.getElementId() != null) {
        node.setId(element.getElementId().replace('.', '-'));
      }
    }
    return widget;
  }

  /// Makes the key bindings of an element's binding contexts count while its context is active.
  private static void activate(MBindings bindings, IEclipseContext context) {
    EContextService contexts = Objects.requireNonNull(context.get(EContextService.class));
    for (MBindingContext binding : bindings.getBindingContexts()) {
      contexts.activateContext(binding.getElementId());
    }
  }

  private @Nullable Object render(MUIElement element) {
    return switch (element) {
      case MWindow window -> windows.render(window);
      case MPerspectiveStack stack -> containers.perspectives(stack);
      case MPerspective perspective -> containers.perspective(perspective);
      case MPartSashContainer sash -> containers.sash(sash);
      case MPartStack stack -> containers.stack(stack);
      case MPart part -> contributions.part(part);
      case MToolControl control -> contributions.control(control, contextAbove(control));
      case MPlaceholder placeholder -> placeholder.getRef() == null ? null : shared(placeholder);
      default -> null; // an element of a kind that this console's model does not use
    };
  }

  private @Nullable Object shared(MPlaceholder placeholder) {
    MUIElement shared = placeholder.getRef();
    shared.setCurSharedRef(placeholder);
    return createGui(shared);
  }

  void layOutAnew(MPartSashContainer sash) {
    containers.refresh(sash);
  }

  /// The node of a child, or null when it is not to be rendered or not visible.
  @Nullable Node nodeOf(MUIElement child) {
    return child.isVisible() && createGui(child) instanceof Node node ? node : null;
  }

  private IEclipseContext contextAbove(MUIElement element) {
    MUIElement at = element;
    while (at != null) {
      MUIElement parent =
          at.getCurSharedRef() != null ? at.getCurSharedRef() : (MUIElement) container(at);
      if (parent instanceof MContext withContext && withContext.getContext() != null) {
        return withContext.getContext();
      }
      at = parent;
    }
    return application.getContext();
  }

  private static @Nullable Object container(MUIElement element) {
    if (element.getParent() != null) {
      return element.getParent();
    }
    Object above = ((EObject) element).eContainer();
    return above instanceof MUIElement ? above : null;
  }

  @Override
  public void removeGui(MUIElement element) {
    if (element instanceof MElementContainer<?> container) {
      for (MUIElement child : new ArrayList<MUIElement>(container.getChildren())) {
        removeGui(child);
      }
    }
    Object widget = element.getWidget();
    if (widget == null) {
      return;
    }
    if (element instanceof MWindow window) {
      windows.removeTrim(window);
    }
    if (element instanceof MContribution contribution && contribution.getObject() != null) {
      ContextInjectionFactory.uninject(contribution.getObject(), contextAbove(element));
      contribution.setObject(null);
    }
    element.setWidget(null);
    if (widget instanceof Stage stage) {
      stage.close();
    }
    if (element instanceof MContext withContext && withContext.getContext() != null) {
      IEclipseContext context = withContext.getContext();
      withContext.setContext(null);
      context.dispose();
    }
  }

  @Override
  public void focusGui(MUIElement element) {
    Object object = element instanceof MContribution c ? c.getObject() : null;
    if (object != null && element instanceof MPart part) {
      ContextInjectionFactory.invoke(object, Focus.class, part.getContext(), null);
    } else if (element.getWidget() instanceof Node node) {
      node.requestFocus();
    }
  }
}
