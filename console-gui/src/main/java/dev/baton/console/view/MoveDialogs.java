package dev.baton.console.view;

import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.MoveConversation;
import dev.baton.console.model.ServiceModel;
import dev.baton.model.MoveKind;
import dev.baton.model.view.SessionView;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/// Opens the dialog of a move; one at a time, since two open plans for one service would contradict
/// each other.
public final class MoveDialogs {
  private final ConsoleModel console;
  private final Appearance appearance;
  private final Executor ui;
  private final Supplier<@Nullable Window> owner;
  private @Nullable Stage open;

  /// @param owner the window that dialogs belong to
  public MoveDialogs(
      ConsoleModel console, Appearance appearance, Executor ui, Supplier<@Nullable Window> owner) {
    this.console = console;
    this.appearance = appearance;
    this.ui = ui;
    this.owner = owner;
  }

  public void open(ServiceModel service, MoveKind kind, String target) {
    open(service, kind, target, List.of());
  }

  /// @param chosen sessions that were dragged to the target; what becomes of them is said
  public void open(ServiceModel service, MoveKind kind, String target, List<SessionView> chosen) {
    if (open != null && open.isShowing()) {
      open.requestFocus();
      return;
    }
    MoveConversation conversation = new MoveConversation(console, service, kind, target, ui);
    Stage stage = new MoveDialog(console, conversation, appearance, chosen).stage(owner.get());
    open = stage;
    stage.show();
    conversation.plan();
  }
}
