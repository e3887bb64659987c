package dev.baton.console.view;

import dev.baton.console.model.ClusterModel;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.HostModel;
import dev.baton.console.model.LinkState;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.model.Severity;
import dev.baton.console.text.Text;
import dev.baton.model.view.ServiceView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TreeCell;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.BorderPane;
import javafx.util.Subscription;
import org.eclipse.e4.ui.di.Focus;
import org.jspecify.annotations.Nullable;

/// The tree of clusters, their services, and the hosts of each. Selecting a service, or a host
/// below it, makes it the one that all views show.
final class NavigationView {
  private final ConsoleModel console;
  private final TreeView<Entry> tree = new TreeView<>(new TreeItem<>());
  private Subscription pulse = Subscription.EMPTY;
  private List<Entry> shown = List.of();

  /// What one line of the tree says.
  ///
  /// @param key of its place, by which it is found again
  /// @param service selected by it; null for a cluster
  private record Entry(
      String key, int depth, String text, Severity severity, @Nullable ServiceModel service) {}

  @Inject
  NavigationView(ConsoleModel console) {
    this.console = console;
  }

  @PostConstruct
  void create(BorderPane parent) {
    tree.setId("navigation");
    tree.setShowRoot(false);
    tree.setAccessibleText(Text.NAVIGATION_ACCESSIBLE.of());
    tree.setCellFactory(_ -> new EntryCell());
    tree.getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (_, _, item) -> {
              if (item != null && item.getValue().service() != null) {
                console.selectedProperty().set(item.getValue().service());
              }
            });
    MenuItem forget = new MenuItem(Text.NAVIGATION_FORGET.of());
    forget.setOnAction(_ -> forget());
    tree.setContextMenu(new ContextMenu(forget));
    tree.getContextMenu().setOnShowing(_ -> forget.setDisable(chosenCluster().isEmpty()));
    tree.setOnKeyPressed(
        event -> {
          if (event.getCode() == KeyCode.DELETE) {
            forget();
          }
        });
    parent.setTop(Labels.styled(Text.NAVIGATION_TITLE.of(), "part-title"));
    parent.setCenter(tree);
    pulse = console.eachTick(this::refresh);
    refresh();
  }

  /// Only a cluster itself: a service or host is the cluster's to have.
  private Optional<ClusterModel> chosenCluster() {
    TreeItem<Entry> chosen = tree.getSelectionModel().getSelectedItem();
    return chosen == null || chosen.getValue().depth() > 0 || console.time().isPast()
        ? Optional.empty()
        : console.clusters().stream()
            .filter(cluster -> key(cluster).equals(chosen.getValue().key()))
            .findFirst();
  }

  /// Takes the cluster out of view; nothing is done to it.
  private void forget() {
    chosenCluster().ifPresent(console::forget);
  }

  private static String key(ClusterModel cluster) {
    return cluster.linkState().address() + cluster.name();
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  @Focus
  void focus() {
    tree.requestFocus();
  }

  /// Rebuilds the items only when their number or places change; else the texts alone.
  private void refresh() {
    List<Entry> entries = entries();
    if (entries.equals(shown)) {
      return;
    }
    boolean samePlaces =
        entries.stream().map(Entry::key).toList().equals(shown.stream().map(Entry::key).toList());
    shown = entries;
    if (samePlaces) {
      List<TreeItem<Entry>> items = new ArrayList<>();
      collect(tree.getRoot(), items);
      for (int i = 0; i < entries.size(); i++) {
        items.get(i).setValue(entries.get(i));
      }
    } else {
      rebuild(entries);
    }
  }

  private static void collect(TreeItem<Entry> item, List<TreeItem<Entry>> into) {
    for (TreeItem<Entry> child : item.getChildren()) {
      into.add(child);
      collect(child, into);
    }
  }

  private void rebuild(List<Entry> entries) {
    TreeItem<Entry> root = new TreeItem<>();
    List<TreeItem<Entry>> path = new ArrayList<>(List.of(root));
    TreeItem<Entry> selected = null;
    for (Entry entry : entries) {
      TreeItem<Entry> item = new TreeItem<>(entry);
      item.setExpanded(true);
      path.subList(entry.depth() + 1, path.size()).clear();
      path.getLast().getChildren().add(item);
      path.add(item);
      if (selected == null
          && entry.service() != null
          && entry.service().equals(console.selected())) {
        selected = item;
      }
    }
    tree.setRoot(root);
    if (selected != null) {
      tree.getSelectionModel().select(selected);
    }
  }

  private List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (ClusterModel cluster : console.clusters()) {
      String key = key(cluster);
      entries.add(new Entry(key, 0, clusterText(cluster), severity(cluster), null));
      for (ServiceModel service : cluster.services()) {
        addService(entries, cluster, service, key + "/" + service.name());
      }
    }
    return entries;
  }

  private static void addService(
      List<Entry> entries, ClusterModel cluster, ServiceModel service, String key) {
    ServiceView view = service.view().value();
    Severity severity = view.protectedNow() ? Severity.NORMAL : Severity.CRITICAL;
    entries.add(
        new Entry(key, 1, Text.NAVIGATION_SERVICE.of(view.name(), view.home()), severity, service));
    for (HostModel host : cluster.hosts()) {
      HostHealth health = HostHealth.of(host.view().value(), view);
      if (health.carries()) {
        entries.add(
            new Entry(
                key + "/" + host.name(),
                2,
                Text.NAVIGATION_HOST.of(host.name(), health.role()),
                health.severity(),
                service));
      }
    }
  }

  private static String clusterText(ClusterModel cluster) {
    return switch (cluster.linkState()) {
      case LinkState.Live _ -> cluster.name();
      case LinkState.Past _ -> Text.NAVIGATION_PAST.of(cluster.name());
      case LinkState.Connecting _ -> Text.NAVIGATION_CONNECTING.of(cluster.name());
      case LinkState.Broken _ -> Text.NAVIGATION_BROKEN.of(cluster.name());
    };
  }

  private static Severity severity(ClusterModel cluster) {
    return switch (cluster.linkState()) {
      case LinkState.Live _ -> Severity.NORMAL;
      case LinkState.Connecting _, LinkState.Past _ -> Severity.INFO;
      case LinkState.Broken _ -> Severity.CRITICAL;
    };
  }

  private static final class EntryCell extends TreeCell<Entry> {
    private final Mark mark = new Mark();

    @Override
    protected void updateItem(@Nullable Entry entry, boolean empty) {
      super.updateItem(entry, empty);
      if (empty || entry == null) {
        setText(null);
        setGraphic(null);
      } else {
        setText(entry.text());
        mark.show(entry.severity());
        setGraphic(mark);
      }
    }
  }
}
