package dev.baton.console.view;

import dev.baton.console.model.ClusterModel;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.HostModel;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.text.Text;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.eclipse.e4.ui.di.Focus;

/// The services of the cluster and, for the one that is looked at, its hosts as cards.
final class HostsView {
  private final ConsoleModel console;
  private final VBox services = new VBox();
  private final FlowPane hosts = new FlowPane();
  private final ScrollPane scroll = new ScrollPane(new VBox(services, hosts));
  private final Label empty = Labels.wrapped(Text.HOSTS_EMPTY.of(), "muted", "empty");
  private final Map<ServiceModel, ServiceCard> serviceCards = new HashMap<>();
  private final Map<HostModel, HostCard> hostCards = new HashMap<>();
  private Subscription pulse = Subscription.EMPTY;

  @Inject
  HostsView(ConsoleModel console) {
    this.console = console;
  }

  @PostConstruct
  void create(BorderPane parent) {
    services.getStyleClass().add("service-cards");
    hosts.getStyleClass().add("host-cards");
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("edge-to-edge");
    parent.setCenter(scroll);
    pulse = console.watch(this::refresh);
    refresh();
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  @Focus
  void focus() {
    scroll.requestFocus();
  }

  private void refresh() {
    ServiceModel selected = console.selected();
    if (selected == null) {
      services.getChildren().setAll(empty);
      hosts.getChildren().clear();
      return;
    }
    ClusterModel cluster = selected.cluster();
    serviceCards.keySet().retainAll(cluster.services());
    hostCards.keySet().retainAll(cluster.hosts());
    List<Node> serviceNodes = new ArrayList<>();
    for (ServiceModel service : cluster.services()) {
      ServiceCard card = serviceCards.computeIfAbsent(service, s -> new ServiceCard(console, s));
      card.refresh(service.equals(selected));
      serviceNodes.add(card.node());
    }
    List<Node> hostNodes = new ArrayList<>();
    for (HostModel host : cluster.hosts()) {
      HostCard card = hostCards.computeIfAbsent(host, HostCard::new);
      card.refresh(selected, console.nowMillis());
      hostNodes.add(card.node());
    }
    put(services, serviceNodes);
    if (!hosts.getChildren().equals(hostNodes)) {
      hosts.getChildren().setAll(hostNodes);
    }
  }

  private static void put(VBox box, List<Node> nodes) {
    if (!box.getChildren().equals(nodes)) {
      box.getChildren().setAll(nodes);
    }
  }
}
