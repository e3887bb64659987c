package dev.baton.console.view;

import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.model.Severity;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.ServiceView;
import java.util.Objects;
import java.util.stream.Collectors;
import javafx.css.PseudoClass;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/// A service in a few lines: home, epoch, phase, durability, standbys, protected or why not.
final class ServiceCard {
  private static final PseudoClass SELECTED = PseudoClass.getPseudoClass("selected");

  private final ConsoleModel console;
  private final ServiceModel service;
  private final Mark mark = new Mark();
  private final Label name = Labels.styled("", "card-title");
  private final Label facts = Labels.wrapped("");
  private final Label standbys = Labels.wrapped("");
  private final Label protection = Labels.styled("", "role");
  private final Label unprotected = Labels.wrapped("");
  private final Label age = Labels.styled("", "age");
  private final VBox body = new VBox(facts, standbys, unprotected);
  private final VBox card = new VBox();

  ServiceCard(ConsoleModel console, ServiceModel service) {
    this.console = console;
    this.service = service;
    HBox head = new HBox(mark, name, protection, Labels.spring(), age);
    head.getStyleClass().add("card-head");
    card.getChildren().addAll(head, body);
    card.getStyleClass().addAll("card", "service-card");
    card.setId("service-" + service.name());
    card.setFocusTraversable(true);
    card.setAccessibleRole(AccessibleRole.BUTTON);
    card.setOnKeyPressed(
        event -> {
          if (event.getCode() == KeyCode.ENTER || event.getCode() == KeyCode.SPACE) {
            console.selectedProperty().set(service);
          }
        });
    card.setOnMouseClicked(_ -> console.selectedProperty().set(service));
  }

  Node node() {
    return card;
  }

  void refresh(boolean selected) {
    ServiceView view = service.view().value();
    mark.show(view.protectedNow() ? Severity.NORMAL : Severity.CRITICAL);
    name.setText(Text.SERVICE_TITLE.of(view.name(), view.engine()));
    facts.setText(
        Text.SERVICE_FACTS.of(
            view.home(),
            Long.toString(view.epoch()),
            view.phase(),
            view.durability(),
            Units.count(view.clients()),
            Units.perSecond(view.transactionsPerSecond())));
    standbys.setText(
        view.standbys().isEmpty()
            ? Text.SERVICE_NO_STANDBY.of()
            : view.standbys().stream().map(ServiceCard::standby).collect(Collectors.joining("\n")));
    protection.setText(
        view.protectedNow() ? Text.SERVICE_PROTECTED.of() : Text.SERVICE_NOT_PROTECTED.of());
    unprotected.setText(
        Text.SERVICE_UNPROTECTED.of(
            Objects.requireNonNullElse(view.unprotectedReason(), Text.SITUATION_NO_REASON.of())));
    unprotected.setManaged(!view.protectedNow());
    unprotected.setVisible(!view.protectedNow());
    Labels.age(age, service.view(), console.nowMillis(), body);
    card.pseudoClassStateChanged(SELECTED, selected);
    card.setAccessibleText(name.getText() + ". " + facts.getText() + ". " + protection.getText());
  }

  private static String standby(ServiceView.StandbyView standby) {
    Integer percent = standby.seedPercent();
    if (percent != null) {
      return Text.SERVICE_STANDBY_SEEDING.of(standby.host(), standby.state(), percent);
    }
    Long bytes = standby.lagBytes();
    Double millis = standby.lagMillis();
    return Text.SERVICE_STANDBY.of(
        standby.host(),
        standby.state(),
        bytes == null ? "–" : Units.bytes(bytes),
        millis == null ? "–" : Units.millis(millis));
  }
}
