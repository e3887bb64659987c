package dev.baton.console.view;

import dev.baton.console.model.ClusterModel;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.HostModel;
import dev.baton.console.model.QuickAccess;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.rcp.CommandCatalog;
import dev.baton.console.text.Text;
import dev.baton.model.view.SessionView;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.Modality;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/// One field for everything: commands with their keys, services, hosts and sessions. Arrow keys
/// choose, Enter does it.
public final class QuickAccessDialog {
  private final ConsoleModel console;
  private final Appearance appearance;
  private final SessionFocus sessions;

  public QuickAccessDialog(ConsoleModel console, Appearance appearance, SessionFocus sessions) {
    this.console = console;
    this.appearance = appearance;
    this.sessions = sessions;
  }

  public void open(CommandCatalog commands, @Nullable Window owner) {
    List<QuickAccess.Item> items = items(commands);
    Stage stage = new Stage();
    stage.initOwner(owner);
    stage.initModality(Modality.WINDOW_MODAL);
    stage.setTitle(Text.QUICK_TITLE.of());
    TextField field = new TextField();
    field.setId("quick-access-field");
    field.setPromptText(Text.QUICK_PROMPT.of());
    field.setAccessibleText(Text.QUICK_PROMPT.of());
    ListView<QuickAccess.Item> list = new ListView<>();
    list.setId("quick-access-list");
    list.setCellFactory(_ -> new ItemCell());
    list.setPlaceholder(Labels.muted(Text.QUICK_NONE.of()));
    VBox.setVgrow(list, Priority.ALWAYS);
    field
        .textProperty()
        .subscribe(
            text -> {
              list.getItems().setAll(QuickAccess.find(items, text));
              list.getSelectionModel().selectFirst();
            });
    Runnable go =
        () -> {
          QuickAccess.Item item = list.getSelectionModel().getSelectedItem();
          if (item != null) {
            stage.close();
            item.act().run();
          }
        };
    field.addEventFilter(KeyEvent.KEY_PRESSED, event -> steer(event, list, stage, go));
    list.setOnMouseClicked(_ -> go.run());
    VBox root = new VBox(field, list);
    root.getStyleClass().add("quick-access");
    Scene scene = new Scene(root, 560, 420);
    appearance.dress(scene);
    stage.setScene(scene);
    stage.show();
    field.requestFocus();
  }

  private static void steer(
      KeyEvent event, ListView<QuickAccess.Item> list, Stage stage, Runnable go) {
    int step = event.getCode() == KeyCode.DOWN ? 1 : event.getCode() == KeyCode.UP ? -1 : 0;
    if (step != 0) {
      int next = list.getSelectionModel().getSelectedIndex() + step;
      list.getSelectionModel().select(Math.clamp(next, 0, Math.max(0, list.getItems().size() - 1)));
      list.scrollTo(list.getSelectionModel().getSelectedIndex());
      event.consume();
    } else if (event.getCode() == KeyCode.ENTER) {
      go.run();
      event.consume();
    } else if (event.getCode() == KeyCode.ESCAPE) {
      stage.close();
      event.consume();
    }
  }

  private List<QuickAccess.Item> items(CommandCatalog commands) {
    List<QuickAccess.Item> items = new ArrayList<>();
    for (CommandCatalog.Entry entry : commands.entries()) {
      items.add(
          new QuickAccess.Item(
              QuickAccess.Kind.COMMAND,
              entry.label(),
              entry.keys(),
              () -> commands.execute(entry)));
    }
    for (ClusterModel cluster : console.clusters()) {
      for (ServiceModel service : cluster.services()) {
        Runnable select = () -> console.selectedProperty().set(service);
        items.add(
            new QuickAccess.Item(
                QuickAccess.Kind.SERVICE,
                service.name(),
                Text.QUICK_SERVICE.of(cluster.name(), service.view().value().home()),
                select));
        for (HostModel host : cluster.hosts()) {
          HostHealth health = HostHealth.of(host.view().value(), service.view().value());
          if (health.carries()) {
            items.add(
                new QuickAccess.Item(
                    QuickAccess.Kind.HOST,
                    host.name(),
                    Text.QUICK_HOST.of(service.name(), health.role(), health.words()),
                    select));
          }
        }
      }
      for (SessionView session : cluster.sessions()) {
        items.add(
            new QuickAccess.Item(
                QuickAccess.Kind.SESSION,
                session.user() + "@" + session.client(),
                Text.QUICK_SESSION.of(session.service(), session.application(), session.state()),
                () -> {
                  cluster
                      .service(session.service())
                      .ifPresent(service -> console.selectedProperty().set(service));
                  commands.entries().stream()
                      .filter(entry -> entry.id().equals("dev.baton.console.command.filter"))
                      .findFirst()
                      .ifPresent(commands::execute);
                  sessions.lookFor(session.client()); // heard by tables that are there by now
                }));
      }
    }
    return items;
  }

  private static final class ItemCell extends ListCell<QuickAccess.Item> {
    private final Label text = new Label();
    private final Label detail = Labels.muted("");
    private final HBox line = new HBox(text, Labels.spring(), detail);

    @Override
    protected void updateItem(QuickAccess.@Nullable Item item, boolean empty) {
      super.updateItem(item, empty);
      if (empty || item == null) {
        setGraphic(null);
        setAccessibleText(null);
      } else {
        text.setText(item.text());
        detail.setText(item.detail());
        setGraphic(line);
        setAccessibleText(item.text() + ", " + item.detail());
      }
    }
  }
}
