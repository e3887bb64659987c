package dev.baton.console.rcp;

import java.util.Objects;
import javafx.scene.Node;
import javafx.scene.layout.BorderPane;
import org.eclipse.e4.core.contexts.EclipseContextFactory;
import org.eclipse.e4.core.contexts.IEclipseContext;
import org.eclipse.e4.core.services.contributions.IContributionFactory;
import org.eclipse.e4.ui.model.application.ui.basic.MPart;
import org.eclipse.e4.ui.model.application.ui.menu.MToolControl;

/// Renders parts and tool controls: a pane, and in it what the contributed view puts there. A view
/// gets the pane injected as [BorderPane].
final class ContributionRenderer {
  /// Property of a part's pane that holds its [MPart], by which a focused node finds its part.
  static final String PART = "dev.baton.console.part";

  Node part(MPart part) {
    BorderPane pane = new BorderPane();
    pane.getStyleClass().add("part");
    pane.getProperties().put(PART, part);
    IEclipseContext context = part.getContext();
    context.set(BorderPane.class, pane);
    IContributionFactory factory = Objects.requireNonNull(context.get(IContributionFactory.class));
    part.setObject(factory.create(part.getContributionURI(), context));
    return pane;
  }

  Node control(MToolControl control, IEclipseContext context) {
    BorderPane pane = new BorderPane();
    pane.getStyleClass().add("tool-control");
    IContributionFactory factory = Objects.requireNonNull(context.get(IContributionFactory.class));
    IEclipseContext local = EclipseContextFactory.create();
    local.set(BorderPane.class, pane);
    control.setObject(factory.create(control.getContributionURI(), context, local));
    return pane;
  }
}
