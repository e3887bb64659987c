package dev.baton.console.view;

import dev.baton.console.model.ClusterModel;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.HostModel;
import dev.baton.console.model.MaintenanceDraft;
import dev.baton.console.model.PolicyDraft;
import dev.baton.console.model.PolicyField;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.text.Text;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.PolicyView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.eclipse.e4.ui.di.Focus;
import org.jspecify.annotations.Nullable;

/// When a service is moved by itself: its policy, as the agents have it, and the maintenance that
/// was announced for its cluster's hosts. Both are changed here.
final class PoliciesView {
  private static final double POLICY_HEIGHT = 620;
  private static final double MAINTENANCE_HEIGHT = 380;
  private static final double TABLE_HEIGHT = 120;

  private final ConsoleModel console;
  private final Appearance appearance;
  private final Label head = Labels.wrapped("", "section-title");
  private final GridPane values = new GridPane();
  private final TableView<MaintenanceView> table = new TableView<>();
  private final Button change = new Button(Text.POLICY_CHANGE_BUTTON.of());
  private final Button announce = new Button(Text.MAINTENANCE_ANNOUNCE_BUTTON.of());
  private final Button end = new Button(Text.MAINTENANCE_END_BUTTON.of());
  private @Nullable PolicyView shown;
  private Subscription pulse = Subscription.EMPTY;

  @Inject
  PoliciesView(ConsoleModel console, Appearance appearance) {
    this.console = console;
    this.appearance = appearance;
  }

  @PostConstruct
  void create(BorderPane parent) {
    head.setId("policy-head");
    HBox.setHgrow(head, Priority.ALWAYS);
    head.setMaxWidth(Double.MAX_VALUE);
    change.setId("policy-change");
    change.setOnAction(_ -> changePolicy());
    values.setId("policy-values");
    values.getStyleClass().add("guardrails");
    ColumnConstraints fits = new ColumnConstraints();
    fits.setMinWidth(Region.USE_PREF_SIZE);
    ColumnConstraints rest = new ColumnConstraints();
    rest.setHgrow(Priority.ALWAYS);
    values.getColumnConstraints().addAll(fits, fits, rest);
    announce.setId("maintenance-announce");
    announce.setOnAction(_ -> announce());
    end.setId("maintenance-end");
    end.setOnAction(_ -> end());
    HBox top = new HBox(head, change, announce, end);
    top.getStyleClass().add("part-head");
    for (Button button : List.of(change, announce, end)) {
      button.setMinWidth(Region.USE_PREF_SIZE);
    }
    maintenance();
    VBox all = new VBox(values, Labels.title(Text.MAINTENANCE_TITLE.of()), table);
    all.getStyleClass().add("part-body");
    ScrollPane scroll = new ScrollPane(all);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("edge-to-edge");
    parent.setTop(top);
    parent.setCenter(scroll);
    pulse = Shown.watch(console, parent, this::refresh);
  }

  private void maintenance() {
    table.setId("maintenance");
    table.getStyleClass().addAll("dense", "edge-to-edge");
    table.setAccessibleText(Text.MAINTENANCE_TITLE.of());
    table.setPlaceholder(Labels.muted(Text.MAINTENANCE_NONE.of()));
    table.setMinHeight(TABLE_HEIGHT);
    table.setPrefHeight(TABLE_HEIGHT);
    column(Text.ALARMS_HOST, 60, MaintenanceView::host);
    column(Text.MAINTENANCE_FROM, 140, view -> MoveColumns.time(view.from()));
    column(
        Text.MAINTENANCE_UNTIL,
        140,
        view -> view.until() == null ? Text.MAINTENANCE_OPEN.of() : MoveColumns.time(view.until()));
    column(Text.MOVES_ACTOR, 90, MaintenanceView::announcedBy);
    column(Text.MAINTENANCE_WHY, 200, MaintenanceView::why);
    TextCell.fill(table);
  }

  private void column(Text title, double width, Function<MaintenanceView, String> value) {
    TableColumn<MaintenanceView, String> column = new TableColumn<>(title.of());
    column.setPrefWidth(width);
    column.setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(value.apply(cell.getValue())));
    column.setCellFactory(_ -> new TextCell<>(Function.identity()));
    table.getColumns().add(column);
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  @Focus
  void focus() {
    change.requestFocus();
  }

  private void refresh() {
    ServiceModel service = console.selected();
    PolicyView policy = service == null ? null : service.policy();
    boolean may = service != null && service.cluster().whyNotNow(console.nowMillis()).isEmpty();
    change.setDisable(policy == null || !may);
    announce.setDisable(!may);
    List<MaintenanceView> announced = service == null ? List.of() : service.cluster().maintenance();
    if (!announced.equals(List.copyOf(table.getItems()))) {
      table.getItems().setAll(announced);
    }
    end.setDisable(!may || chosen() == null);
    if (policy == null) {
      head.setText(Text.POLICY_UNKNOWN.of());
      values.getChildren().clear();
      shown = null;
    } else if (!policy.equals(shown)) {
      shown = policy;
      show(policy);
    }
  }

  private void show(PolicyView policy) {
    head.setText(
        policy.changedBy().isEmpty()
            ? Text.POLICY_HEAD_DEFAULT.of(policy.service())
            : Text.POLICY_HEAD.of(
                policy.service(),
                Long.toString(policy.policy().version()),
                policy.changedBy(),
                MoveColumns.time(policy.changedAt())));
    values.getChildren().clear();
    row(
        "mode",
        Text.POLICY_MODE.of(),
        policy.policy().mode().toString(),
        PolicyForm.meaningOf(policy.policy().mode()));
    for (PolicyField field : PolicyField.values()) {
      String value = field.of(policy.policy());
      row(
          field.name().toLowerCase(Locale.ROOT),
          field.caption(),
          value.isEmpty() ? "–" : value,
          field.meaning());
    }
  }

  private void row(String id, String name, String value, String meaning) {
    Label shownValue = Labels.styled(value, "mono");
    shownValue.setId("policy-value-" + id);
    values.addRow(
        values.getRowCount(), new Label(name), shownValue, Labels.wrapped(meaning, "muted"));
  }

  /// The one that is selected; the only one, when none is.
  private @Nullable MaintenanceView chosen() {
    MaintenanceView selected = table.getSelectionModel().getSelectedItem();
    return selected == null && table.getItems().size() == 1
        ? table.getItems().getFirst()
        : selected;
  }

  private void changePolicy() {
    ServiceModel service = console.selected();
    PolicyView policy = service == null ? null : service.policy();
    if (service == null || policy == null) {
      return;
    }
    PolicyDraft draft = new PolicyDraft(service, policy);
    ChangeDialog dialog = new ChangeDialog(console, draft, Text.POLICY_DIALOG.of(service.name()));
    dialog.open(
        head.getScene().getWindow(),
        appearance,
        PolicyForm.of(draft, dialog::refresh),
        POLICY_HEIGHT);
  }

  private void announce() {
    ServiceModel service = console.selected();
    if (service == null) {
      return;
    }
    ClusterModel cluster = service.cluster();
    MaintenanceDraft draft = MaintenanceDraft.announcing(cluster, service.view().value().home());
    ChangeDialog dialog = new ChangeDialog(console, draft, Text.MAINTENANCE_ANNOUNCE.of());
    dialog.open(
        head.getScene().getWindow(),
        appearance,
        MaintenanceForm.of(
            draft, cluster.hosts().stream().map(HostModel::name).toList(), dialog::refresh),
        MAINTENANCE_HEIGHT);
  }

  private void end() {
    ServiceModel service = console.selected();
    MaintenanceView over = chosen();
    if (service == null || over == null) {
      return;
    }
    new ChangeDialog(
            console,
            MaintenanceDraft.ending(service.cluster(), over.host()),
            Text.MAINTENANCE_END.of(over.host()))
        .open(
            head.getScene().getWindow(),
            appearance,
            Labels.wrapped(Objects.requireNonNullElse(over.why(), "")),
            MAINTENANCE_HEIGHT);
  }
}
