package dev.baton.console.view;

import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.Immovable;
import dev.baton.console.model.Readiness;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.model.Severity;
import dev.baton.console.model.Timed;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.MovePolicy.Mode;
import dev.baton.model.view.WhyView.NeedView;
import dev.baton.model.view.WhyView.ObstacleView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.Objects;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;

/// Why it has not failed over, as the agent of its home says: what would happen if that failed now,
/// which needs to move there are, and everything that stands in the way; and which sessions could
/// not come along.
final class WhyView {
  private static final double CELL_MAX_WIDTH = 220;

  private final ConsoleModel console;
  private final Label failed = Labels.wrapped("", "why-protection");
  private final Label summary = Labels.wrapped("", "why-summary");
  private final Label age = Labels.styled("", "age");
  private final GridPane needs = grid(1);
  private final Label obstaclesTitle = Labels.title("");
  private final GridPane obstacles = grid(4);
  private final Label sessions = Labels.wrapped("", "section-title");
  private final GridPane reasons = grid(2);
  private final VBox answer;
  private dev.baton.model.view.@Nullable WhyView shown;
  private @Nullable Readiness shownReadiness;
  private Subscription pulse = Subscription.EMPTY;

  @Inject
  WhyView(ConsoleModel console) {
    this.console = console;
    this.answer = new VBox(failed, summary, needs, obstaclesTitle, obstacles);
  }

  @PostConstruct
  void create(BorderPane parent) {
    failed.setId("why-protection");
    summary.setId("why-summary");
    needs.setId("why-needs");
    obstacles.setId("why-obstacles");
    reasons.setId("why-reasons");
    answer.getStyleClass().add("why-answer");
    HBox title = new HBox(Labels.title(Text.WHY_TITLE.of()), Labels.spring(), age);
    title.getStyleClass().add("part-head");
    VBox all = new VBox(title, answer, sessions, reasons);
    all.getStyleClass().add("part-body");
    ScrollPane scroll = new ScrollPane(all);
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
      failed.setText(Text.SITUATION_NOTHING.of());
      return;
    }
    Timed<dev.baton.model.view.WhyView> why = service.why();
    Labels.age(age, why, console.nowMillis(), answer);
    if (why == null) {
      shown = null;
      failed.setText(service.situation().risk().text());
      summary.setText(
          service.policy() == null
              ? Text.WHY_UNTOLD.of()
              : Text.WHY_UNHEARD.of(service.view().value().home()));
      needs.getChildren().clear();
      obstaclesTitle.setText("");
      obstacles.getChildren().clear();
    } else if (!why.value().equals(shown)) {
      shown = why.value();
      show(why.value());
    }
    sessions(Readiness.of(service));
  }

  private void show(dev.baton.model.view.WhyView why) {
    failed.setText(Text.WHY_IF_FAILED.of(why.home(), why.ifHomeFailedNow()));
    summary.setText(Text.WHY_SUMMARY.of(why.mode(), why.summary()));
    needs.getChildren().clear();
    int row = 0;
    for (NeedView need : why.needs()) {
      needs.addRow(
          row++,
          new Mark(why.mode() == Mode.AUTOMATIC ? Severity.WARNING : Severity.INFO),
          Labels.wrapped(
              Text.WHY_NEED.of(need.need(), need.explanation(), MoveColumns.time(need.since()))));
    }
    obstaclesTitle.setText(
        why.obstacles().isEmpty() ? Text.WHY_NO_OBSTACLES.of() : Text.WHY_OBSTACLES.of());
    obstacles.getChildren().clear();
    if (!why.obstacles().isEmpty()) {
      obstacles.addRow(
          0,
          new Label(),
          Labels.muted(Text.PLAN_GUARDRAIL.of()),
          Labels.muted(Text.PLAN_VALUE.of()),
          Labels.muted(Text.PLAN_THRESHOLD.of()),
          Labels.muted(Text.WHY_REMEDY.of()));
    }
    row = 1;
    for (ObstacleView each : why.obstacles()) {
      obstacles.addRow(
          row++,
          new Mark(Severity.INFO),
          cell(each.host() == null ? each.name() : each.host() + ": " + each.name()),
          cell(each.value()),
          cell(each.threshold()),
          Labels.wrapped(each.remedy()));
    }
  }

  private static Label cell(String text) {
    Label cell = Labels.wrapped(text);
    cell.setMaxWidth(CELL_MAX_WIDTH);
    return cell;
  }

  private void sessions(Readiness now) {
    if (Objects.equals(now, shownReadiness)) {
      return;
    }
    shownReadiness = now;
    Double percent = now.sessionsPercent();
    sessions.setText(
        percent == null ? Text.WHY_NO_SESSIONS.of() : Text.WHY_SESSIONS.of(Units.percent(percent)));
    reasons.getChildren().clear();
    int row = 0;
    for (Immovable reason : now.immovable()) {
      reasons.addRow(
          row++,
          new Mark(Severity.WARNING),
          Labels.styled(Units.count(reason.sessions()), "mono"),
          Labels.wrapped(Text.PLAN_WHY_REMEDY.of(reason.reason(), reason.remedy())));
    }
  }
}
