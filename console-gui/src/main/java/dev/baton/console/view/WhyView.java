package dev.baton.console.view;

import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.Immovable;
import dev.baton.console.model.Readiness;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.model.Severity;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;

/// Why it has not failed over, why a session cannot move, and how much is protected right now.
final class WhyView {
  private final ConsoleModel console;
  private final Label protection = Labels.wrapped("", "why-protection");
  private final GridPane conditions = grid(3);
  private final Label sessions = Labels.wrapped("", "section-title");
  private final GridPane reasons = grid(2);
  private final ScrollPane scroll = new ScrollPane();
  private @Nullable Readiness shown;
  private Subscription pulse = Subscription.EMPTY;

  @Inject
  WhyView(ConsoleModel console) {
    this.console = console;
  }

  @PostConstruct
  void create(BorderPane parent) {
    protection.setId("why-protection");
    conditions.setId("why-conditions");
    reasons.setId("why-reasons");
    VBox all =
        new VBox(protection, Labels.title(Text.WHY_CONDITIONS.of()), conditions, sessions, reasons);
    all.getStyleClass().add("part-body");
    scroll.setContent(all);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("edge-to-edge");
    parent.setCenter(scroll);
    pulse = Shown.watch(console, parent, this::refresh);
  }

  private static GridPane grid(int fixed) {
    GridPane grid = new GridPane();
    grid.getStyleClass().add("guardrails");
    for (int i = 0; i < fixed; i++) {
      ColumnConstraints fits = new ColumnConstraints();
      fits.setMinWidth(Region.USE_PREF_SIZE);
      grid.getColumnConstraints().add(fits);
    }
    ColumnConstraints rest = new ColumnConstraints();
    rest.setHgrow(Priority.ALWAYS);
    grid.getColumnConstraints().add(rest);
    return grid;
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  private void refresh() {
    ServiceModel service = console.selected();
    if (service == null) {
      protection.setText(Text.SITUATION_NOTHING.of());
      return;
    }
    Readiness now = Readiness.of(service, console.nowMillis());
    protection.setText(service.situation().risk().text());
    if (now.equals(shown)) {
      return;
    }
    shown = now;
    conditions.getChildren().clear();
    int row = 0;
    for (Readiness.Condition condition : now.conditions()) {
      conditions.addRow(
          row++,
          new Mark(condition.severity()),
          new Label(condition.name()),
          Labels.wrapped(condition.found()),
          Labels.wrapped(condition.remedy(), "muted"));
    }
    Double percent = now.sessionsPercent();
    sessions.setText(
        percent == null ? Text.WHY_NO_SESSIONS.of() : Text.WHY_SESSIONS.of(Units.percent(percent)));
    reasons.getChildren().clear();
    row = 0;
    for (Immovable reason : now.immovable()) {
      reasons.addRow(
          row++,
          new Mark(Severity.WARNING),
          Labels.styled(Units.count(reason.sessions()), "mono"),
          Labels.wrapped(Text.PLAN_WHY_REMEDY.of(reason.reason(), reason.remedy())));
    }
  }
}
