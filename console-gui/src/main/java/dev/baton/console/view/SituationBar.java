package dev.baton.console.view;

import dev.baton.console.model.Alarms;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.model.Severity;
import dev.baton.console.model.Situation;
import dev.baton.console.model.Timed;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.MoveKind;
import dev.baton.model.view.AlarmView;
import dev.baton.model.view.StatusView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;

/// Always in sight, above every perspective: the situation of the service that is looked at in five
/// sentences, and the two buttons that move it.
final class SituationBar {
  private static final int ALARMS = 5; // its line

  private final ConsoleModel console;
  private final MoveDialogs dialogs;
  private final List<Line> lines = new ArrayList<>();
  private final Label age = Labels.styled("", "age");
  private final Button move = new Button();
  private final Button force = new Button();
  private final GridPane grid = new GridPane();
  private Subscription pulse = Subscription.EMPTY;

  /// One sentence with its caption and mark.
  private record Line(Label caption, Mark mark, Label sentence) {}

  @Inject
  SituationBar(ConsoleModel console, MoveDialogs dialogs) {
    this.console = console;
    this.dialogs = dialogs;
  }

  @PostConstruct
  void create(BorderPane parent) {
    grid.getStyleClass().add("situation");
    ColumnConstraints sentence = new ColumnConstraints();
    sentence.setHgrow(Priority.ALWAYS);
    ColumnConstraints caption = new ColumnConstraints();
    caption.setMinWidth(Region.USE_PREF_SIZE);
    grid.getColumnConstraints().addAll(caption, new ColumnConstraints(), sentence);
    add(Text.SITUATION_HOME, "situation-home");
    add(Text.SITUATION_RISK, "situation-risk");
    add(Text.SITUATION_LAG_CAPTION, "situation-lag");
    add(Text.SITUATION_LAST_MOVE, "situation-last-move");
    add(Text.SITUATION_MAY_MOVE, "situation-may-move");
    add(Text.SITUATION_ALARMS, "situation-alarms");
    move.setId("move-button");
    move.getStyleClass().addAll("accent", "move-button");
    move.setOnAction(_ -> open(MoveKind.SWITCHOVER));
    move.setMaxWidth(Double.MAX_VALUE);
    force.setId("failover-button");
    force.getStyleClass().add("failover-button");
    force.setOnAction(_ -> open(MoveKind.FAILOVER));
    force.setMaxWidth(Double.MAX_VALUE);
    VBox buttons = new VBox(move, force, age);
    buttons.getStyleClass().add("situation-buttons");
    parent.setCenter(grid);
    parent.setRight(buttons);
    pulse = console.watch(this::refresh);
    refresh();
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  private void add(Text caption, String id) {
    int row = lines.size();
    Line line =
        new Line(
            Labels.styled(caption.of(), "caption"), new Mark(), Labels.wrapped("", "sentence"));
    line.sentence().setId(id);
    grid.addRow(row, line.caption(), line.mark(), line.sentence());
    lines.add(line);
  }

  private void open(MoveKind kind) {
    ServiceModel service = console.selected();
    String target = service == null ? null : service.situation().target();
    if (service != null && target != null) {
      dialogs.open(service, kind, target);
    }
  }

  private void refresh() {
    ServiceModel service = console.selected();
    if (service == null) {
      lines.forEach(line -> show(line, new Situation.Statement("–", Severity.NORMAL)));
      show(lines.getFirst(), new Situation.Statement(Text.SITUATION_NOTHING.of(), Severity.INFO));
      move.setText(Text.SITUATION_BUTTON_NONE.of());
      force.setText(Text.SITUATION_BUTTON_FORCE_NONE.of());
      move.setDisable(true);
      force.setDisable(true);
      age.setText("");
      alarms(null);
      return;
    }
    Situation now = service.situation();
    show(lines.get(0), now.home());
    show(lines.get(1), now.risk());
    show(lines.get(2), now.lag());
    show(lines.get(3), now.lastMove());
    show(lines.get(4), now.move());
    alarms(service);
    String to = Objects.requireNonNullElse(now.target(), "–");
    move.setText(Text.SITUATION_BUTTON_MOVE.of(service.name(), to));
    move.setDisable(!now.mayPlan());
    force.setText(Text.SITUATION_BUTTON_FORCE.of(service.name(), to));
    force.setDisable(!now.mayForce());
    String old = Units.age(now.ageMillis());
    age.setText(now.stale() ? Text.AGE_STALE.of(old) : Text.AGE_FRESH.of(old));
    Labels.stale(age, now.stale());
    Labels.stale(grid, now.stale());
  }

  /// The oldest alarm with what to do, and how many more there are; the line is there only while
  /// there is one.
  private void alarms(@Nullable ServiceModel service) {
    Timed<StatusView> status = service == null ? null : service.cluster().status();
    List<AlarmView> standing = status == null ? List.of() : Alarms.of(status.value());
    Line line = lines.get(ALARMS);
    if (!standing.isEmpty()) {
      AlarmView first = standing.getFirst();
      String more = standing.size() == 1 ? "" : Text.SITUATION_ALARMS_MORE.of(standing.size() - 1);
      show(
          line,
          new Situation.Statement(
              Text.SITUATION_ALARM.of(
                  first.service(), first.name(), first.what(), first.remedy(), more),
              Severity.CRITICAL));
    }
    for (Node node : List.of(line.caption(), line.mark(), line.sentence())) {
      node.setVisible(!standing.isEmpty());
      node.setManaged(!standing.isEmpty());
    }
  }

  private static void show(Line line, Situation.Statement statement) {
    line.mark().show(statement.severity());
    line.sentence().setText(statement.text());
  }
}
