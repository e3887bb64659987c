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
import java.util.Locale;
import java.util.Objects;
import javafx.css.PseudoClass;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;

/// Always in sight, above every perspective: the situation of the service that is looked at in five
/// tiles, each a few words that can be read from afar and a sentence; the two buttons that move it;
/// and, while there are any, its alarms.
final class SituationBar {
  private static final int TILES = 5;

  private final ConsoleModel console;
  private final MoveDialogs dialogs;
  private final List<Tile> tiles = new ArrayList<>();
  private final Tile alarm = new Tile(Text.SITUATION_ALARMS, "situation-alarms");
  private final Label age = Labels.styled("", "age");
  private final Button move = new Button();
  private final Button force = new Button();
  private final GridPane grid = new GridPane();
  private Subscription pulse = Subscription.EMPTY;

  /// One answer: caption and mark, a few words, a sentence.
  private record Tile(VBox box, Label caption, Mark mark, Label brief, Label sentence) {
    Tile(Text caption, String id) {
      this(
          new VBox(),
          Labels.wrapped(caption.of(), "caption"),
          new Mark(),
          Labels.wrapped("", "brief"),
          Labels.wrapped("", "sentence"));
      sentence.setId(id);
      brief.setId(id + "-brief");
      HBox head = new HBox(mark, this.caption);
      head.getStyleClass().add("card-head");
      HBox.setHgrow(this.caption, Priority.ALWAYS);
      mark.setMinWidth(Region.USE_PREF_SIZE);
      box.getChildren().addAll(head, brief, sentence);
      box.getStyleClass().add("tile");
      box.setMaxSize(Double.MAX_VALUE, Double.MAX_VALUE);
    }

    void show(Situation.Statement statement) {
      mark.show(statement.severity());
      brief.setText(statement.brief());
      sentence.setText(statement.text());
      for (Severity each : Severity.values()) {
        box.pseudoClassStateChanged(of(each), each == statement.severity());
      }
    }

    private static PseudoClass of(Severity severity) {
      return PseudoClass.getPseudoClass(severity.name().toLowerCase(Locale.ROOT));
    }
  }

  @Inject
  SituationBar(ConsoleModel console, MoveDialogs dialogs) {
    this.console = console;
    this.dialogs = dialogs;
  }

  @PostConstruct
  void create(BorderPane parent) {
    grid.getStyleClass().add("situation");
    for (int i = 0; i < TILES; i++) {
      ColumnConstraints equal = new ColumnConstraints();
      equal.setPercentWidth(100.0 / TILES);
      grid.getColumnConstraints().add(equal);
    }
    add(Text.SITUATION_HOME, "situation-home");
    add(Text.SITUATION_LAG_CAPTION, "situation-lag");
    add(Text.SITUATION_RISK, "situation-risk");
    add(Text.SITUATION_LAST_MOVE, "situation-last-move");
    add(Text.SITUATION_MAY_MOVE, "situation-may-move");
    alarm.box().getStyleClass().add("alarm-tile");
    alarm.brief().setManaged(false);
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
    parent.setBottom(alarm.box());
    pulse = console.watch(this::refresh);
    refresh();
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  private void add(Text caption, String id) {
    Tile tile = new Tile(caption, id);
    grid.add(tile.box(), tiles.size(), 0);
    tiles.add(tile);
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
      tiles.forEach(tile -> tile.show(new Situation.Statement("–", "", Severity.NORMAL)));
      tiles
          .getFirst()
          .show(new Situation.Statement("–", Text.SITUATION_NOTHING.of(), Severity.INFO));
      move.setText(Text.SITUATION_BUTTON_NONE.of());
      force.setText(Text.SITUATION_BUTTON_FORCE_NONE.of());
      move.setDisable(true);
      force.setDisable(true);
      age.setText("");
      alarms(null);
      return;
    }
    Situation now = service.situation();
    List<Situation.Statement> answers =
        List.of(now.home(), now.lag(), now.risk(), now.lastMove(), now.move());
    for (int i = 0; i < TILES; i++) {
      tiles.get(i).show(answers.get(i));
    }
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
    if (!standing.isEmpty()) {
      AlarmView first = standing.getFirst();
      String more = standing.size() == 1 ? "" : Text.SITUATION_ALARMS_MORE.of(standing.size() - 1);
      alarm.show(
          new Situation.Statement(
              "",
              Text.SITUATION_ALARM.of(
                  first.service(), first.name(), first.what(), first.remedy(), more),
              Severity.CRITICAL));
    }
    alarm.box().setVisible(!standing.isEmpty());
    alarm.box().setManaged(!standing.isEmpty());
  }
}
