package dev.baton.console.view;

import dev.baton.console.model.Timed;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.MemoryView;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/// The memory of one standby in figures: requests, log, and what is held against the bound.
final class MemoryPanel {
  private static final double BAR_WIDTH = 180;

  private final Label title = Labels.title("");
  private final Label age = Labels.styled("", "age");
  private final FlowPane counters = new FlowPane();
  private final Label stamped = counter(Text.MEMORY_STAMPED);
  private final Label purged = counter(Text.MEMORY_PURGED);
  private final Label forwarded = counter(Text.MEMORY_FORWARDED);
  private final Label held = counter(Text.MEMORY_HELD);
  private final Label logReceived = counter(Text.MEMORY_LOG_RECEIVED);
  private final Label logForwarded = counter(Text.MEMORY_LOG_FORWARDED);
  private final Label logPurged = counter(Text.MEMORY_LOG_PURGED);
  private final Label logHeld = counter(Text.MEMORY_LOG_HELD);
  private final Label commits = counter(Text.MEMORY_COMMITS);
  private final ProgressBar bar = new ProgressBar(0);
  private final Label bound = new Label();
  private final VBox box;

  MemoryPanel(String host) {
    counters.getStyleClass().add("counters");
    bar.getStyleClass().add("gauge");
    bar.setPrefWidth(BAR_WIDTH);
    HBox boundLine = new HBox(bar, bound);
    boundLine.getStyleClass().add("bound");
    box = new VBox(new HBox(title, Labels.spring(), age), counters, boundLine);
    box.getStyleClass().add("memory");
    box.setId("memory-" + host);
  }

  Node node() {
    return box;
  }

  private Label counter(Text name) {
    Label value = Labels.styled("", "counter-value");
    Label caption = Labels.muted(name.of());
    caption.setLabelFor(value);
    VBox cell = new VBox(value, caption);
    cell.getStyleClass().add("counter");
    counters.getChildren().add(cell);
    return value;
  }

  void show(Timed<MemoryView> timed, long nowMillis) {
    MemoryView memory = timed.value();
    title.setText(Text.MEMORY_TITLE.of(memory.host(), Long.toString(memory.generation())));
    stamped.setText(Units.count(memory.requestsStamped()));
    purged.setText(Units.count(memory.requestsPurged()));
    forwarded.setText(Units.count(memory.requestsForwarded()));
    held.setText(
        Units.count(memory.requestsHeld()) + " / " + Units.bytes(memory.requestBytesHeld()));
    logReceived.setText(Units.bytes(memory.replicationBytesReceived()));
    logForwarded.setText(Units.bytes(memory.replicationBytesForwarded()));
    logPurged.setText(Units.bytes(memory.replicationBytesPurged()));
    logHeld.setText(Units.bytes(memory.replicationBytesHeld()));
    commits.setText(Units.count(memory.commitsIndexed()));
    double part = memory.bytesBound() == 0 ? 0 : (double) memory.bytesHeld() / memory.bytesBound();
    bar.setProgress(Math.clamp(part, 0, 1));
    bound.setText(
        Text.MEMORY_BOUND.of(
            Units.bytes(memory.bytesHeld()),
            Units.bytes(memory.bytesBound()),
            Units.bytes(memory.bytesMax()),
            Units.bytes(memory.spilledBytes())));
    Labels.age(age, timed, nowMillis, counters, bar);
  }
}
