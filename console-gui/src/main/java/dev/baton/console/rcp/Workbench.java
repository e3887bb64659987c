package dev.baton.console.rcp;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import javafx.application.Platform;
import javafx.scene.Node;
import org.eclipse.core.runtime.IExtensionRegistry;
import org.eclipse.core.runtime.RegistryFactory;
import org.eclipse.e4.core.contexts.ContextInjectionFactory;
import org.eclipse.e4.core.contexts.EclipseContextFactory;
import org.eclipse.e4.core.contexts.IEclipseContext;
import org.eclipse.e4.core.internal.services.EclipseAdapter;
import org.eclipse.e4.core.services.adapter.Adapter;
import org.eclipse.e4.core.services.contributions.IContributionFactory;
import org.eclipse.e4.core.services.log.ILoggerProvider;
import org.eclipse.e4.core.services.log.Logger;
import org.eclipse.e4.core.services.translation.TranslationProviderFactory;
import org.eclipse.e4.core.services.translation.TranslationService;
import org.eclipse.e4.ui.di.UISynchronize;
import org.eclipse.e4.ui.internal.workbench.ActiveChildLookupFunction;
import org.eclipse.e4.ui.internal.workbench.ActivePartLookupFunction;
import org.eclipse.e4.ui.internal.workbench.DefaultLoggerProvider;
import org.eclipse.e4.ui.internal.workbench.E4Workbench;
import org.eclipse.e4.ui.internal.workbench.ExceptionHandler;
import org.eclipse.e4.ui.internal.workbench.ModelServiceImpl;
import org.eclipse.e4.ui.internal.workbench.PlaceholderResolver;
import org.eclipse.e4.ui.internal.workbench.ReflectionContributionFactory;
import org.eclipse.e4.ui.internal.workbench.ResourceHandler;
import org.eclipse.e4.ui.internal.workbench.WorkbenchLogger;
import org.eclipse.e4.ui.model.application.MAddon;
import org.eclipse.e4.ui.model.application.MApplication;
import org.eclipse.e4.ui.model.application.ui.MUIElement;
import org.eclipse.e4.ui.model.application.ui.advanced.MPerspective;
import org.eclipse.e4.ui.model.application.ui.basic.MPartSashContainer;
import org.eclipse.e4.ui.services.IServiceConstants;
import org.eclipse.e4.ui.workbench.IExceptionHandler;
import org.eclipse.e4.ui.workbench.IModelResourceHandler;
import org.eclipse.e4.ui.workbench.IPresentationEngine;
import org.eclipse.e4.ui.workbench.IWorkbench;
import org.eclipse.e4.ui.workbench.modeling.EModelService;
import org.eclipse.e4.ui.workbench.modeling.EPlaceholderResolver;
import org.eclipse.emf.common.util.URI;
import org.eclipse.equinox.app.IApplication;
import org.eclipse.osgi.service.datalocation.Location;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.slf4j.LoggerFactory;

/// The one entrance to the Eclipse 4 workbench: starts the framework, loads the application model
/// (the saved layout when there is one), fills the contexts and shows the windows. All methods are
/// called on the FX thread.
public final class Workbench {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(Workbench.class);
  private static final String MODEL = ClassPathBundles.CONSOLE + "/Application.e4xmi";

  private final Framework framework;
  private final WorkbenchSettings settings;
  private final IEclipseContext context;
  private final MApplication application;
  private final E4Workbench e4;
  private final KeyDispatcher keys;
  private final FxPresentationEngine engine;
  private boolean closed;

  private Workbench(Framework framework, WorkbenchSettings settings) {
    this.framework = framework;
    this.settings = settings;
    this.context = workbenchContext(serviceContext());
    settings.services().forEach((type, service) -> context.set(type.getName(), service));
    context.set(UISynchronize.class, new FxSynchronize());
    ContextInjectionFactory.setDefault(context);
    this.application = loadModel();
    SelectionServices.install(application);
    createAddons();
    this.keys = new KeyDispatcher(application);
    context.set(CommandCatalog.class, new CommandCatalog(application, keys));
    this.engine =
        new FxPresentationEngine(application, keys, settings.scenes(), this::windowsClosed);
    context.set(IPresentationEngine.class, engine);
    this.e4 = new E4Workbench(application, context);
  }

  /// Starts framework and workbench and shows the windows.
  ///
  /// @throws IllegalStateException when a bundle, the model or a window cannot be had; the
  ///   framework is stopped again
  public static Workbench start(WorkbenchSettings settings) {
    if (!Platform.isFxApplicationThread()) {
      throw new IllegalStateException("the workbench starts on the FX thread");
    }
    Framework framework = Framework.start(settings.instanceArea());
    try {
      Workbench workbench = new Workbench(framework, settings);
      workbench.e4.createAndRunUI(workbench.application);
      return workbench;
    } catch (RuntimeException e) {
      framework.close();
      throw e;
    }
  }

  /// Runs a command of the application model with the handler that is active now.
  ///
  /// @return false when no handler takes it now
  public boolean execute(String commandId) {
    return keys.execute(commandId);
  }

  /// Ids of the perspectives, in the order of the switcher.
  public List<String> perspectives() {
    EModelService models = Objects.requireNonNull(context.get(EModelService.class));
    return models.findElements(application, null, MPerspective.class).stream()
        .map(MPerspective::getElementId)
        .toList();
  }

  /// Lays all sashes out anew by their weights: after the window was given a size that its user did
  /// not choose.
  public void layOutAnew() {
    EModelService models = Objects.requireNonNull(context.get(EModelService.class));
    models.findElements(application, null, MPartSashContainer.class).stream()
        .filter(sash -> sash.getWidget() != null)
        .forEach(engine::layOutAnew);
  }

  /// Brings a perspective before the eyes.
  ///
  /// @throws IllegalArgumentException when there is no such perspective
  public void showPerspective(String id) {
    EModelService models = Objects.requireNonNull(context.get(EModelService.class));
    MPerspective perspective =
        models.findElements(application, id, MPerspective.class).stream()
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no perspective " + id));
    perspective.getParent().setSelectedElement(perspective);
  }

  /// The node that renders a part or control of the model, by its id, when it is rendered now.
  public Optional<Node> rendered(String elementId) {
    EModelService models = Objects.requireNonNull(context.get(EModelService.class));
    return models.findElements(application, elementId, MUIElement.class).stream()
        .map(MUIElement::getWidget)
        .filter(Node.class::isInstance)
        .map(Node.class::cast)
        .findFirst();
  }

  /// Closes all windows, saves the layout and stops the framework. A second call does nothing.
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    saveLayout();
    for (MAddon addon : application.getAddons()) {
      if (addon.getObject() != null) {
        ContextInjectionFactory.uninject(addon.getObject(), context);
      }
    }
    e4.close();
    context.dispose();
    framework.close();
  }

  private void windowsClosed() {
    close();
    settings.closed().run();
  }

  private void saveLayout() {
    try {
      Objects.requireNonNull(context.get(IModelResourceHandler.class)).save();
    } catch (IOException e) {
      LOG.warn("the layout is not saved: {}", e.getMessage());
    }
  }

  private static IEclipseContext serviceContext() {
    IEclipseContext services = E4Workbench.getServiceContext();
    IExtensionRegistry registry = RegistryFactory.getRegistry();
    services.set(IContributionFactory.class, new ReflectionContributionFactory());
    services.set(IExceptionHandler.class, new ExceptionHandler());
    services.set(IExtensionRegistry.class, registry);
    services.set(Adapter.class, ContextInjectionFactory.make(EclipseAdapter.class, services));
    if (services.get(ILoggerProvider.class) == null) {
      services.set(
          ILoggerProvider.class,
          ContextInjectionFactory.make(DefaultLoggerProvider.class, services));
    }
    return services;
  }

  private static IEclipseContext workbenchContext(IEclipseContext services) {
    IEclipseContext context = services.createChild("WorkbenchContext");
    context.set(Logger.class, ContextInjectionFactory.make(WorkbenchLogger.class, context));
    context.set(EModelService.class, new ModelServiceImpl(context));
    context.set(EPlaceholderResolver.class, new PlaceholderResolver());
    context.set(IServiceConstants.ACTIVE_PART, new ActivePartLookupFunction());
    context.set(
        IServiceConstants.ACTIVE_SHELL,
        new ActiveChildLookupFunction(
            IServiceConstants.ACTIVE_SHELL, E4Workbench.LOCAL_ACTIVE_SHELL));
    context.set(TranslationService.LOCALE, Locale.getDefault());
    context.set(
        TranslationService.class, TranslationProviderFactory.bundleTranslationService(context));
    return context;
  }

  private MApplication loadModel() {
    context.set(E4Workbench.INITIAL_WORKBENCH_MODEL_URI, URI.createPlatformPluginURI(MODEL, true));
    context.set(E4Workbench.INSTANCE_LOCATION, instanceLocation());
    context.set(IWorkbench.PERSIST_STATE, true);
    context.set(IWorkbench.CLEAR_PERSISTED_STATE, false);
    context.set(IApplication.class, null);
    ResourceHandler handler = ContextInjectionFactory.make(ResourceHandler.class, context);
    context.set(IModelResourceHandler.class, handler);
    MApplication model = (MApplication) handler.loadMostRecentModel().getContents().getFirst();
    model.setContext(context);
    E4Workbench.getServiceContext().set(MApplication.class, model);
    context.set(MApplication.class, model);
    return model;
  }

  private static Location instanceLocation() {
    BundleContext bundles = FrameworkUtil.getBundle(E4Workbench.class).getBundleContext();
    try {
      ServiceReference<Location> reference =
          bundles.getServiceReferences(Location.class, Location.INSTANCE_FILTER).iterator().next();
      return bundles.getService(reference);
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException("the framework's own filter is wrong", e);
    }
  }

  private void createAddons() {
    IContributionFactory factory = Objects.requireNonNull(context.get(IContributionFactory.class));
    IEclipseContext local = EclipseContextFactory.create();
    for (MAddon addon : application.getAddons()) {
      local.set(MAddon.class, addon);
      addon.setObject(factory.create(addon.getContributionURI(), context, local));
    }
    local.dispose();
  }
}
