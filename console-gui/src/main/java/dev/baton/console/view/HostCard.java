package dev.baton.console.view;

import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.HostModel;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.HostView;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javafx.geometry.HPos;
import javafx.scene.Node;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// A host: its role for the service that is looked at, its health in words, its load.
final class HostCard {
  private static final String SHOWN = "dev.baton.console.shown";

  private final HostModel host;
  private @Nullable ServiceModel shown;
  private final Mark mark = new Mark();
  private final Label name;
  private final Label role = Labels.styled("", "role");
  private final Label health = Labels.wrapped("", "health");
  private final Label instance = Labels.wrapped("", "muted");
  private final Label clients = Labels.styled("–", "figure");
  private final FlowPane services = new FlowPane(4, 2);
  private final Gauge cpu = new Gauge(Text.HOST_CPU);
  private final Gauge memory = new Gauge(Text.HOST_MEMORY);
  private final Label disk = Labels.styled("–", "figure");
  private final Label age = Labels.styled("", "age");
  private final VBox body;
  private final VBox card = new VBox();

  /// A bar and the value beside it.
  private record Gauge(Text caption, ProgressBar bar, Label value) {
    Gauge(Text caption) {
      this(caption, new ProgressBar(0), new Label("–"));
      bar.getStyleClass().add("gauge");
      bar.setMinWidth(24);
      bar.setPrefWidth(60);
      bar.setMaxWidth(Double.MAX_VALUE);
    }

    void show(double part, String text) {
      bar.setProgress(Math.clamp(part, 0, 1));
      bar.setAccessibleText(caption.of() + " " + text);
      value.setText(text);
    }
  }

  HostCard(HostModel host, ConsoleModel console, Cargo cargo) {
    this.host = host;
    this.name = Labels.styled(host.name(), "card-title");
    HBox head = new HBox(mark, name, role, Labels.spring(), age);
    head.getStyleClass().add("card-head");
    GridPane figures = new GridPane();
    figures.getStyleClass().add("figures");
    ColumnConstraints bar = new ColumnConstraints();
    bar.setHgrow(Priority.ALWAYS);
    ColumnConstraints caption = new ColumnConstraints();
    caption.setMinWidth(Region.USE_PREF_SIZE);
    ColumnConstraints value = new ColumnConstraints();
    value.setMinWidth(Region.USE_PREF_SIZE); // the bar gives way, never the figure
    value.setHalignment(HPos.RIGHT);
    figures.getColumnConstraints().addAll(caption, bar, value);
    figures.addRow(0, Labels.muted(Text.HOST_CPU.of()), cpu.bar(), cpu.value());
    figures.addRow(1, Labels.muted(Text.HOST_MEMORY.of()), memory.bar(), memory.value());
    wide(figures, 2, Text.HOST_DISK_CAPTION, disk);
    wide(figures, 3, Text.HOST_CLIENTS_CAPTION, clients);
    services.getStyleClass().add("chips");
    body = new VBox(health, instance, services, figures);
    card.getChildren().addAll(head, body);
    card.getStyleClass().addAll("card", "host-card");
    card.setId("host-" + host.name());
    card.setFocusTraversable(true);
    cargo.from(card, this::homed, _ -> List.of());
    cargo.onto(card, host.name());
    MenuItem here = new MenuItem();
    ContextMenu menu = new ContextMenu(here);
    card.setOnContextMenuRequested(
        event -> {
          ServiceModel service = console.selected();
          Optional<String> obstacle =
              service == null
                  ? Optional.of(Text.SITUATION_NOTHING.of())
                  : Cargo.obstacle(service, host.name());
          here.setText(
              obstacle.orElseGet(
                  () ->
                      Text.SITUATION_BUTTON_MOVE.of(
                          service == null ? "" : service.name(), host.name())));
          here.setDisable(obstacle.isPresent());
          here.setOnAction(
              _ -> {
                if (service != null) {
                  cargo.plan(service, host.name());
                }
              });
          menu.show(card, event.getScreenX(), event.getScreenY());
        });
  }

  private static void wide(GridPane figures, int row, Text caption, Label value) {
    figures.add(Labels.muted(caption.of()), 0, row);
    figures.add(value, 1, row, 2, 1);
    value.setMaxWidth(Double.MAX_VALUE);
  }

  /// The service that would be dragged with this card: the one looked at, if it is at home here.
  private @Nullable ServiceModel homed() {
    ServiceModel service = shown;
    return service != null && service.view().value().home().equals(host.name()) ? service : null;
  }

  Node node() {
    return card;
  }

  void refresh(ServiceModel service, long nowMillis) {
    shown = service;
    HostView view = host.view().value();
    services(view);
    HostHealth is = HostHealth.of(view, service.view().value());
    mark.show(is.severity());
    role.setText(is.role());
    health.setText(is.words());
    instance.setText(instanceOf(view, service.name()));
    load(view.load());
    clients.setText(
        Text.HOST_CLIENTS.of(
            Units.count(view.clients()), Objects.requireNonNullElse(view.clientAddress(), "–")));
    Labels.age(age, host.view(), nowMillis, body);
    card.setAccessibleText(host.name() + ", " + is.role() + ", " + is.words());
  }

  /// Every service that has an instance here, with its role.
  private void services(HostView view) {
    List<String> words =
        view.instances().stream()
            .map(each -> Text.HOST_CHIP.of(each.service(), each.role()))
            .toList();
    if (words.equals(services.getProperties().get(SHOWN))) {
      return;
    }
    services.getProperties().put(SHOWN, words);
    services.getChildren().setAll(words.stream().map(w -> Labels.styled(w, "chip")).toList());
    services.setManaged(words.size() > 1); // with one service the line above says it
    services.setVisible(words.size() > 1);
  }

  private static String instanceOf(HostView view, String service) {
    return view.instances().stream()
        .filter(i -> i.service().equals(service))
        .map(i -> Text.HOST_INSTANCE.of(i.version(), i.role(), Integer.toString(i.port())))
        .findFirst()
        .orElse(Text.HOST_NO_INSTANCE.of());
  }

  private void load(HostView.@Nullable LoadView load) {
    if (load == null) {
      cpu.show(0, "–");
      memory.show(0, "–");
      disk.setText(Text.HOST_NO_LOAD.of());
      return;
    }
    cpu.show(load.cpuPercent() / 100, Units.percent(load.cpuPercent()));
    memory.show(
        load.memoryTotalBytes() == 0
            ? 0
            : (double) load.memoryUsedBytes() / load.memoryTotalBytes(),
        Units.bytes(load.memoryUsedBytes()));
    disk.setText(Units.bytesPerSecond((double) load.diskWriteBytesPerSecond()));
  }
}
