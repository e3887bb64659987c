package dev.baton.console.rcp;

import org.eclipse.e4.core.contexts.ContextFunction;
import org.eclipse.e4.core.contexts.ContextInjectionFactory;
import org.eclipse.e4.core.contexts.IEclipseContext;
import org.eclipse.e4.core.contexts.RunAndTrack;
import org.eclipse.e4.ui.internal.workbench.SelectionAggregator;
import org.eclipse.e4.ui.internal.workbench.SelectionServiceImpl;
import org.eclipse.e4.ui.model.application.MApplication;
import org.eclipse.e4.ui.services.IServiceConstants;
import org.eclipse.e4.ui.workbench.modeling.ESelectionService;

/// Gives every context a selection service of its own, and brings the active window's selection up
/// to the application.
final class SelectionServices {
  private SelectionServices() {}

  static void install(MApplication application) {
    IEclipseContext context = application.getContext();
    context.runAndTrack(
        new RunAndTrack() {
          @Override
          public boolean changed(IEclipseContext changed) {
            IEclipseContext active = changed.getActiveChild();
            if (active != null) {
              context.set(
                  IServiceConstants.ACTIVE_SELECTION,
                  active.get(IServiceConstants.ACTIVE_SELECTION));
            }
            return true;
          }
        });
    context.set(
        ESelectionService.class.getName(),
        new ContextFunction() {
          @Override
          public Object compute(IEclipseContext asking, String key) {
            return ContextInjectionFactory.make(SelectionServiceImpl.class, asking);
          }
        });
  }

  /// @param window context of a window that has just been made
  static void installIn(IEclipseContext window) {
    window.set(
        SelectionAggregator.class, ContextInjectionFactory.make(SelectionAggregator.class, window));
  }
}
