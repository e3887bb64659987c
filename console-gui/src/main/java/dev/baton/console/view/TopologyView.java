package dev.baton.console.view;

import dev.baton.console.model.ClusterModel;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.HostModel;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.ServiceView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.eclipse.e4.ui.di.Focus;

/// The services of the cluster and, for the one that is looked at, its hosts: the home on the left,
/// an arrow with the lag to each standby on the right, hosts without its data below. A service is
/// dragged from its home to a standby to plan a move.
final class TopologyView {
  private final ConsoleModel console;
  private final Cargo cargo;
  private final VBox services = new VBox();
  private final TopologyPane hosts = new TopologyPane();
  private final ScrollPane scroll = new ScrollPane(new VBox(services, hosts));
  private final Label empty = Labels.wrapped(Text.HOSTS_EMPTY.of(), "muted", "empty");
  private final Map<ServiceModel, ServiceCard> serviceCards = new HashMap<>();
  private final Map<HostModel, HostCard> hostCards = new HashMap<>();
  private Subscription pulse = Subscription.EMPTY;

  @Inject
  TopologyView(ConsoleModel console, Cargo cargo) {
    this.console = console;
    this.cargo = cargo;
  }

  @PostConstruct
  void create(BorderPane parent) {
    services.getStyleClass().add("service-cards");
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("edge-to-edge");
    parent.setCenter(scroll);
    pulse = Shown.watch(console, parent, this::refresh);
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
      hosts.clear();
      return;
    }
    ClusterModel cluster = selected.cluster();
    serviceCards.keySet().retainAll(cluster.services());
    hostCards.keySet().retainAll(cluster.hosts());
    List<Node> nodes = new ArrayList<>();
    for (ServiceModel service : cluster.services()) {
      ServiceCard card = serviceCards.computeIfAbsent(service, s -> new ServiceCard(console, s));
      card.refresh(service.equals(selected));
      nodes.add(card.node());
    }
    if (!services.getChildren().equals(nodes)) {
      services.getChildren().setAll(nodes);
    }
    place(cluster, selected);
  }

  private void place(ClusterModel cluster, ServiceModel selected) {
    ServiceView view = selected.view().value();
    Optional<Node> home = Optional.empty();
    List<TopologyPane.Follower> standbys = new ArrayList<>();
    List<Node> others = new ArrayList<>();
    for (HostModel host : cluster.hosts()) {
      HostCard card = hostCards.computeIfAbsent(host, h -> new HostCard(h, console, cargo));
      card.refresh(selected, console.nowMillis());
      Optional<ServiceView.StandbyView> standby =
          view.standbys().stream().filter(s -> s.host().equals(host.name())).findFirst();
      if (host.name().equals(view.home())) {
        home = Optional.of(card.node());
      } else if (standby.isPresent()) {
        standbys.add(follower(card.node(), standby.get(), view));
      } else {
        others.add(card.node());
      }
    }
    hosts.show(home.orElse(null), standbys, others);
  }

  private static TopologyPane.Follower follower(
      Node card, ServiceView.StandbyView standby, ServiceView view) {
    boolean flows = standby.state().equals("in-sync");
    Long bytes = standby.lagBytes();
    Double millis = standby.lagMillis();
    Integer percent = standby.seedPercent();
    String state = percent == null ? standby.state() : standby.state() + " " + percent + " %";
    String lag =
        (bytes == null ? "–" : Units.bytes(bytes))
            + "\n"
            + (millis == null ? "–" : Units.millis(millis));
    String words =
        Text.TOPOLOGY_ARROW.of(view.home(), standby.host(), state, lag.replace('\n', ' '));
    return new TopologyPane.Follower(card, state, lag, flows, words);
  }
}
