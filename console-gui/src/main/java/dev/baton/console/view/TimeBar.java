package dev.baton.console.view;

import dev.baton.console.model.ClusterModel;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.EventLog;
import dev.baton.console.model.Severity;
import dev.baton.console.model.TimeMachine;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.util.Subscription;

/// The time machine's controls: a slider over what was kept, with a mark for each thing that
/// happened; step, play, and back to the present. While the past is shown the whole bar says so.
final class TimeBar {
  private static final PseudoClass PAST = PseudoClass.getPseudoClass("past");
  private static final PseudoClass PLAYING = PseudoClass.getPseudoClass("playing");
  private static final long STEP_MILLIS = 1_000;
  private static final double FAST = 8;
  private static final int MAX_MARKS = 60;
  private static final double THUMB = 8;

  private final ConsoleModel console;
  private final TimeMachine time;
  private final Slider slider = new Slider(0, 1, 1);
  private final Pane marks = new Pane();
  private final Button back = button("time-back", Text.TIME_BACK);
  private final Button play = button("time-play", Text.TIME_PLAY);
  private final Button forward = button("time-forward", Text.TIME_FORWARD);
  private final Label speed = Labels.muted("");
  private final Button present = new Button(Text.TIME_PRESENT.of());
  private final Label shown = Labels.styled("", "time-shown");
  private final HBox bar = new HBox();
  private final DateTimeFormatter clock =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
  private boolean following; // the slider follows the time; no wish of the user's
  private List<EventLog.Event> marked = List.of();
  private double markedFrom;
  private double markedWidth;
  private Subscription pulse = Subscription.EMPTY;

  @Inject
  TimeBar(ConsoleModel console) {
    this.console = console;
    this.time = console.time();
  }

  private static Button button(String sign, Text text) {
    Region shape = new Region();
    shape.getStyleClass().addAll("time-sign", sign);
    Button button = new Button("", shape);
    button.getStyleClass().addAll("flat", "time-button");
    button.setAccessibleText(text.of());
    button.setTooltip(new Tooltip(text.of()));
    return button;
  }

  @PostConstruct
  void create(BorderPane parent) {
    slider.setId("time-slider");
    slider.setAccessibleText(Text.TIME_SLIDER.of());
    slider.setBlockIncrement(STEP_MILLIS);
    slider
        .valueProperty()
        .addListener(
            (_, _, value) -> {
              if (!following) {
                time.showAt(Math.round(value.doubleValue()));
              }
            });
    present.setId("time-present");
    present.setOnAction(_ -> time.showPresent());
    shown.setId("time-shown");
    play.setId("time-play");
    back.setOnAction(_ -> time.showAt(time.shownMillis() - STEP_MILLIS));
    forward.setOnAction(_ -> time.showAt(time.shownMillis() + STEP_MILLIS));
    play.setOnAction(_ -> time.play(next()));
    marks.setMouseTransparent(true);
    StackPane track = new StackPane(slider, marks);
    HBox.setHgrow(track, Priority.ALWAYS);
    bar.setId("time-bar");
    bar.getStyleClass().add("time-bar");
    bar.setAlignment(Pos.CENTER_LEFT);
    bar.getChildren().addAll(back, play, forward, speed, track, shown, present);
    parent.setCenter(bar);
    pulse = console.eachTick(this::refresh);
    refresh();
  }

  /// Still, real speed, eight times, still again.
  private double next() {
    if (!time.isPast() || time.speed() == 0) {
      boolean atEnd = time.shownMillis() >= time.lastMillis().orElse(0);
      if (atEnd) {
        time.firstMillis().ifPresent(time::showAt);
      }
      return 1;
    }
    return time.speed() < FAST ? FAST : 0;
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  private void refresh() {
    OptionalLong first = time.firstMillis();
    OptionalLong last = time.lastMillis();
    boolean any = first.isPresent() && last.isPresent();
    bar.setDisable(!any);
    bar.pseudoClassStateChanged(PAST, time.isPast());
    present.setVisible(time.isPast() && time.hasPresent());
    present.setManaged(present.isVisible());
    play.getGraphic().pseudoClassStateChanged(PLAYING, time.speed() >= FAST);
    speed.setText(time.speed() == 0 ? "" : Units.whole(time.speed()) + "×");
    if (!any) {
      shown.setText("");
      return;
    }
    following = true;
    slider.setMin((double) first.getAsLong());
    slider.setMax((double) Math.max(first.getAsLong() + 1, last.getAsLong()));
    if (!slider.isValueChanging()) {
      slider.setValue(time.isPast() ? time.shownMillis() : slider.getMax());
    }
    following = false;
    String at = clock.format(Instant.ofEpochMilli(time.shownMillis()));
    shown.setText(time.isPast() ? Text.TIME_PAST.of(at) : Text.TIME_LIVE.of(at));
    mark();
  }

  private void mark() {
    List<EventLog.Event> events = new ArrayList<>();
    for (ClusterModel cluster : console.clusters()) {
      cluster.happened().stream()
          .filter(event -> event.severity() != Severity.NORMAL)
          .forEach(events::add);
    }
    List<EventLog.Event> some =
        events.subList(Math.max(0, events.size() - MAX_MARKS), events.size());
    double span = slider.getMax() - slider.getMin();
    double width = slider.getWidth() - 2 * THUMB;
    boolean moved = Math.abs(slider.getMin() - markedFrom) > span / 500 || width != markedWidth;
    if (width <= 0 || (some.equals(marked) && !moved)) {
      return;
    }
    marked = List.copyOf(some);
    markedFrom = slider.getMin();
    markedWidth = width;
    marks.getChildren().clear();
    for (EventLog.Event event : marked) {
      Region tick = new Region();
      tick.getStyleClass()
          .addAll("time-mark", "time-mark-" + event.severity().name().toLowerCase(Locale.ROOT));
      double x = THUMB + (event.atMillis() - slider.getMin()) / span * width;
      if (x >= 0) {
        tick.setManaged(false); // else the pane gives it a size of its own
        tick.resizeRelocate(x, 0, 2, 6);
        marks.getChildren().add(tick);
      }
    }
  }
}
