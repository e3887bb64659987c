package dev.baton.console.view;

import dev.baton.console.model.ClusterModel;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.LinkState;
import dev.baton.console.model.Severity;
import dev.baton.console.model.Timed;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.StatusView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.stream.Collectors;
import javafx.scene.layout.BorderPane;
import javafx.util.Subscription;
import org.controlsfx.control.StatusBar;

/// Below everything: to which agent each cluster's connection goes, since when it is broken and
/// why.
final class ConnectionBar {
  private final ConsoleModel console;
  private final StatusBar bar = new StatusBar();
  private final Mark mark = new Mark();
  private Subscription pulse = Subscription.EMPTY;

  @Inject
  ConnectionBar(ConsoleModel console) {
    this.console = console;
  }

  @PostConstruct
  void create(BorderPane parent) {
    bar.setId("connections");
    bar.getLeftItems().add(mark);
    parent.setCenter(bar);
    pulse = console.eachTick(this::refresh);
    refresh();
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  private void refresh() {
    mark.show(
        console.clusters().stream()
            .map(cluster -> severity(cluster.linkState()))
            .reduce(Severity.NORMAL, Severity::worse));
    bar.setText(
        console.clusters().isEmpty()
            ? Text.CONNECTION_NONE.of()
            : console.clusters().stream().map(this::words).collect(Collectors.joining("   ·   ")));
  }

  private static Severity severity(LinkState state) {
    return switch (state) {
      case LinkState.Live _ -> Severity.NORMAL;
      case LinkState.Connecting _, LinkState.Past _ -> Severity.INFO;
      case LinkState.Broken _ -> Severity.CRITICAL;
    };
  }

  private String words(ClusterModel cluster) {
    return switch (cluster.linkState()) {
      case LinkState.Past(var address, _) -> Text.CONNECTION_PAST.of(cluster.name(), address);
      case LinkState.Connecting(var address) -> Text.CONNECTION_CONNECTING.of(address);
      case LinkState.Broken(var address, String reason, long since) ->
          Text.CONNECTION_BROKEN.of(
              cluster.name(), address, reason, Units.age(console.nowMillis() - since));
      case LinkState.Live(var address) -> {
        Timed<StatusView> status = cluster.status();
        yield status == null
            ? Text.CONNECTION_WAITING.of(address)
            : Text.CONNECTION_LIVE.of(
                cluster.name(),
                status.value().host(),
                address,
                status.value().coordination(),
                status.value().version());
      }
    };
  }
}
