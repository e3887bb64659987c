package dev.baton.console.view;

import dev.baton.console.model.ConsoleModel;
import dev.baton.console.text.Text;
import java.net.URI;
import java.util.Optional;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import javafx.stage.Modality;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/// Asks for the address of an agent's control interface and takes its cluster into view.
public final class ConnectDialog {
  /// Where an agent on this host listens when nothing else was said.
  public static final String DEFAULT_ADDRESS = "http://127.0.0.1:6434";

  private final ConsoleModel console;
  private final Appearance appearance;

  public ConnectDialog(ConsoleModel console, Appearance appearance) {
    this.console = console;
    this.appearance = appearance;
  }

  public void open(@Nullable Window owner) {
    TextField address = new TextField(DEFAULT_ADDRESS);
    address.setId("connect-address");
    address.setPrefColumnCount(32);
    Label ask = new Label(Text.CONNECT_ASK.of());
    ask.setLabelFor(address);
    Label wrong = Labels.wrapped("", "obstacle");
    wrong.setId("connect-wrong");
    Button cancel = new Button(Text.CONNECT_CANCEL.of());
    cancel.setCancelButton(true);
    Button connect = new Button(Text.CONNECT_CONNECT.of());
    connect.setId("connect-button");
    connect.setDefaultButton(true);
    HBox buttons = new HBox(Labels.spring(), cancel, connect);
    buttons.getStyleClass().add("dialog-buttons");
    VBox root =
        new VBox(ask, address, Labels.wrapped(Text.CONNECT_HINT.of(), "muted"), wrong, buttons);
    root.getStyleClass().add("connect-dialog");
    Stage stage = new Stage();
    stage.initOwner(owner);
    stage.initModality(Modality.WINDOW_MODAL);
    stage.setTitle(Text.CONNECT_TITLE.of());
    Scene scene = new Scene(root);
    appearance.dress(scene);
    stage.setScene(scene);
    cancel.setOnAction(_ -> stage.close());
    connect.setOnAction(
        _ ->
            parse(address.getText())
                .ifPresentOrElse(
                    uri -> {
                      console.connect(uri);
                      stage.close();
                    },
                    () -> wrong.setText(Text.CONNECT_WRONG.of(address.getText()))));
    stage.show();
  }

  /// @return empty when the text is no address of a control interface
  public static Optional<URI> parse(String text) {
    String stripped = text.strip();
    String whole = stripped.contains("://") ? stripped : "http://" + stripped;
    try {
      URI uri = URI.create(whole.endsWith("/") ? whole.substring(0, whole.length() - 1) : whole);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean bare = uri.getPath().isEmpty() && uri.getQuery() == null;
      return http && bare && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
