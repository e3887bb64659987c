package dev.baton.console.view;

import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.Export;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.model.Severity;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.AuditView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.List;
import java.util.function.Function;
import javafx.application.Platform;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.util.Subscription;
import org.eclipse.e4.ui.di.Focus;
import org.jspecify.annotations.Nullable;

/// Who asked the agents to change what, by which right, and what came of it: the audit logs of all
/// agents of the cluster that is looked at, newest first. Asked for every few seconds while it is
/// seen; it is no part of the stream, since it can be long and few may read it.
final class AuditTrailView {
  private static final long ASK_EVERY_MILLIS = 2_000;

  private final ConsoleModel console;
  private final SavedFiles files;
  private final WordFilter filter =
      new WordFilter("audit-filter", Text.HISTORY_FILTER.of(), this::show);
  private final Label count = Labels.styled("", "muted");
  private final Label said = Labels.styled("", "muted");
  private final Label age = Labels.styled("", "age");
  private final Button export = new Button(Text.SESSIONS_EXPORT.of());
  private final TableView<AuditView> table = new TableView<>();
  private List<AuditView> told = List.of();
  private long askedMillis;
  private long toldMillis;
  private boolean asking;
  private Subscription pulse = Subscription.EMPTY;

  @Inject
  AuditTrailView(ConsoleModel console, SavedFiles files) {
    this.console = console;
    this.files = files;
  }

  @PostConstruct
  void create(BorderPane parent) {
    table.setId("audit");
    table.getStyleClass().addAll("dense", "edge-to-edge");
    table.setAccessibleText(Text.AUDIT_ACCESSIBLE.of());
    table.setPlaceholder(Labels.muted(Text.AUDIT_NONE.of()));
    table.getColumns().add(new MarkColumn<>(AuditTrailView::severity));
    column(Text.AUDIT_AT, 150, entry -> MoveColumns.time(entry.at()));
    column(Text.MOVES_ACTOR, 100, AuditView::actor);
    column(Text.AUDIT_ROLE, 80, AuditView::role);
    column(Text.AUDIT_FROM, 110, AuditView::from);
    column(Text.AUDIT_HOST, 60, AuditView::host);
    column(Text.AUDIT_ACTION, 120, AuditView::action);
    column(Text.EVENTS_SUBJECT, 110, AuditView::subject);
    column(Text.AUDIT_RESULT, 80, AuditView::result);
    column(Text.AUDIT_DETAIL, 400, AuditView::detail);
    TextCell.fill(table);
    export.setId("audit-export");
    export.setOnAction(
        _ ->
            files.save(
                table, "audit.csv", () -> Export.auditAsCsv(List.copyOf(table.getItems())), said));
    HBox head = new HBox(filter.field(), count, said, Labels.spring(), age, export);
    head.getStyleClass().add("part-head");
    parent.setTop(head);
    parent.setCenter(table);
    show();
    pulse = Shown.watch(console, parent, this::refresh);
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  @Focus
  void focus() {
    filter.field().requestFocus();
  }

  private void refresh() {
    ServiceModel service = console.selected();
    long now = console.nowMillis();
    boolean live = service != null && service.cluster().linkState().live();
    if (service != null && live && !asking && now - askedMillis >= ASK_EVERY_MILLIS) {
      asking = true;
      askedMillis = now;
      service.cluster().operations().audit().whenCompleteAsync(this::answered, Platform::runLater);
    }
    boolean past = console.time().isPast();
    Labels.stale(table, !live);
    age.setText(
        past
            ? Text.AUDIT_PRESENT.of()
            : toldMillis == 0 ? "" : Text.AGE_FRESH.of(Units.age(Math.max(0, now - toldMillis))));
  }

  private void answered(@Nullable List<AuditView> answer, @Nullable Throwable failure) {
    asking = false;
    if (answer == null) {
      said.setText(Notices.failure(failure));
      return;
    }
    said.setText("");
    toldMillis = console.nowMillis();
    if (!answer.equals(told)) {
      told = answer;
      show();
    }
  }

  private void show() {
    List<AuditView> some = told.stream().filter(this::isWanted).toList();
    table.getItems().setAll(some);
    export.setDisable(some.isEmpty());
    count.setText(Text.EVENTS_COUNT.of(Units.count(some.size()), Units.count(told.size())));
  }

  private boolean isWanted(AuditView entry) {
    return filter.finds(
        entry.actor(),
        entry.role(),
        entry.from(),
        entry.host(),
        entry.action(),
        entry.subject(),
        entry.result(),
        entry.detail());
  }

  private static Severity severity(AuditView entry) {
    return switch (entry.result()) {
      case "refused" -> Severity.WARNING;
      case "failed" -> Severity.CRITICAL;
      default -> Severity.NORMAL;
    };
  }

  private void column(Text title, double width, Function<AuditView, String> value) {
    TableColumn<AuditView, String> column = new TableColumn<>(title.of());
    column.setPrefWidth(width);
    column.setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(value.apply(cell.getValue())));
    column.setCellFactory(_ -> new TextCell<>(Function.identity()));
    table.getColumns().add(column);
  }
}
