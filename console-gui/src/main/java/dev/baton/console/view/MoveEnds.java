package dev.baton.console.view;

import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.HostModel;
import dev.baton.console.model.MoveConversation;
import dev.baton.console.model.MoveStage;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.model.Timed;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.HostView;
import dev.baton.model.view.PlanView;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// The head of a move's dialog: from where to where, each with its live values and their age.
final class MoveEnds {
  private final ConsoleModel console;
  private final MoveConversation conversation;
  private final String firstHome;
  private final End from = new End(Text.MOVE_FROM, "move-from");
  private final End to = new End(Text.MOVE_TO, "move-to");
  private final HBox box;

  private record End(Label name, Mark mark, Label values, Label age, VBox card) {
    End(Text caption, String id) {
      this(
          Labels.styled("", "end-name"),
          new Mark(),
          Labels.wrapped(""),
          Labels.styled("", "age"),
          new VBox());
      HBox head = new HBox(mark, Labels.muted(caption.of()), name, Labels.spring(), age);
      head.getStyleClass().add("card-head");
      card.getChildren().addAll(head, values);
      card.getStyleClass().addAll("card", "end");
      card.setId(id);
      HBox.setHgrow(card, Priority.ALWAYS);
      card.setMaxWidth(Double.MAX_VALUE);
      card.setPrefWidth(320);
    }
  }

  MoveEnds(ConsoleModel console, MoveConversation conversation) {
    this.console = console;
    this.conversation = conversation;
    this.firstHome = conversation.service().view().value().home();
    box = new HBox(from.card(), Labels.styled("→", "arrow"), to.card());
    box.getStyleClass().add("ends");
  }

  Node node() {
    return box;
  }

  void refresh() {
    show(from, source(), false);
    show(to, conversation.target(), true);
  }

  /// The plan's source while there is a plan; the home moves while the dialog is open.
  private String source() {
    return switch (conversation.stage()) {
      case MoveStage.Reviewing(PlanView plan) -> plan.source();
      case MoveStage.Starting(PlanView plan) -> plan.source();
      case MoveStage.Uncertain(PlanView plan, _, _) -> plan.source();
      case MoveStage.Running(PlanView plan, _) -> plan.source();
      case MoveStage.Ended(PlanView plan, _) -> plan.source();
      case MoveStage.Planning _, MoveStage.Refused _ -> firstHome;
    };
  }

  private void show(End end, String hostName, boolean standby) {
    ServiceModel service = conversation.service();
    end.name().setText(hostName);
    Optional<HostModel> host = service.cluster().host(hostName);
    if (host.isEmpty()) {
      end.values().setText(Text.MOVE_HOST_UNKNOWN.of());
      return;
    }
    Timed<HostView> view = host.get().view();
    HostHealth health = HostHealth.of(view.value(), service.view().value());
    end.mark().show(health.severity());
    end.values()
        .setText(
            Text.MOVE_END_VALUES.of(
                health.role(),
                health.words(),
                cpu(view.value()),
                standby ? lag(service, hostName) : clients(service)));
    Labels.age(end.age(), view, console.nowMillis(), end.values());
  }

  private static String cpu(HostView host) {
    HostView.LoadView load = host.load();
    return load == null ? "–" : Units.percent(load.cpuPercent());
  }

  private static String clients(ServiceModel service) {
    return Text.MOVE_END_CLIENTS.of(
        Units.count(service.view().value().clients()),
        Units.perSecond(service.view().value().transactionsPerSecond()));
  }

  private static String lag(ServiceModel service, String host) {
    return service.view().value().standbys().stream()
        .filter(s -> s.host().equals(host))
        .findFirst()
        .map(
            s -> {
              Long bytes = s.lagBytes();
              Double millis = s.lagMillis();
              return Text.MOVE_END_LAG.of(
                  s.state(),
                  bytes == null ? "–" : Units.bytes(bytes),
                  millis == null ? "–" : Units.millis(millis));
            })
        .orElse("");
  }
}
