package dev.baton.console.rcp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javafx.scene.Scene;
import javafx.scene.input.KeyEvent;
import org.eclipse.core.commands.ParameterizedCommand;
import org.eclipse.e4.core.commands.ECommandService;
import org.eclipse.e4.core.commands.EHandlerService;
import org.eclipse.e4.core.contexts.IEclipseContext;
import org.eclipse.e4.ui.model.application.MApplication;
import org.eclipse.e4.ui.model.application.commands.MBindingContext;
import org.eclipse.e4.ui.model.application.commands.MBindingTable;
import org.eclipse.e4.ui.model.application.commands.MKeyBinding;
import org.eclipse.e4.ui.model.application.commands.MParameter;
import org.eclipse.e4.ui.services.EContextService;
import org.jspecify.annotations.Nullable;

/// Turns keys into commands by the binding tables of the application model; e4's own dispatcher
/// needs SWT. A sequence may have several strokes (`M1+X M1+S`); a stroke that continues none
/// starts anew.
final class KeyDispatcher {
  private final MApplication application;
  private final List<KeyStroke> pending = new ArrayList<>();

  KeyDispatcher(MApplication application) {
    this.application = application;
  }

  void listenTo(Scene scene) {
    scene.addEventFilter(KeyEvent.KEY_PRESSED, this::pressed);
  }

  boolean execute(String commandId) {
    return run(commandId, Map.of());
  }

  /// As text for a menu, `Ctrl+M`; null when nothing is bound.
  @Nullable String keysOf(String commandId) {
    for (MBindingTable table : application.getBindingTables()) {
      for (MKeyBinding binding : table.getBindings()) {
        if (binding.getCommand().getElementId().equals(commandId)
            && binding.getParameters().isEmpty()) {
          return KeyStroke.describe(KeyStroke.sequence(binding.getKeySequence()));
        }
      }
    }
    return null;
  }

  private void pressed(KeyEvent event) {
    KeyStroke stroke = KeyStroke.of(event);
    if (stroke == null) {
      return; // a modifier alone
    }
    pending.add(stroke);
    Match match = match();
    if (match instanceof Match.None && pending.size() > 1) {
      pending.clear();
      pending.add(stroke);
      match = match();
    }
    switch (match) {
      case Match.Complete complete -> {
        pending.clear();
        event.consume();
        run(complete.binding().getCommand().getElementId(), parameters(complete.binding()));
      }
      case Match.Partial _ -> event.consume();
      case Match.None _ -> pending.clear();
    }
  }

  private Match match() {
    boolean partial = false;
    for (MBindingTable table : application.getBindingTables()) {
      if (!isActive(table)) {
        continue;
      }
      for (MKeyBinding binding : table.getBindings()) {
        List<KeyStroke> sequence = KeyStroke.sequence(binding.getKeySequence());
        if (sequence.equals(pending)) {
          return new Match.Complete(binding);
        }
        partial |=
            sequence.size() > pending.size() && sequence.subList(0, pending.size()).equals(pending);
      }
    }
    return partial ? Match.PARTIAL : Match.NONE;
  }

  private boolean isActive(MBindingTable table) {
    MBindingContext context = table.getBindingContext();
    EContextService contexts = activeLeaf().get(EContextService.class);
    Collection<String> active = contexts == null ? List.of() : contexts.getActiveContextIds();
    return active.contains(context.getElementId());
  }

  boolean run(String commandId, Map<String, Object> parameters) {
    IEclipseContext leaf = activeLeaf();
    ECommandService commands = Objects.requireNonNull(leaf.get(ECommandService.class));
    EHandlerService handlers = Objects.requireNonNull(leaf.get(EHandlerService.class));
    ParameterizedCommand command = commands.createCommand(commandId, parameters);
    if (command == null || !handlers.canExecute(command)) {
      return false;
    }
    handlers.executeHandler(command);
    return true;
  }

  boolean canExecute(String commandId) {
    IEclipseContext leaf = activeLeaf();
    ECommandService commands = Objects.requireNonNull(leaf.get(ECommandService.class));
    EHandlerService handlers = Objects.requireNonNull(leaf.get(EHandlerService.class));
    ParameterizedCommand command = commands.createCommand(commandId, Map.of());
    return command != null && handlers.canExecute(command);
  }

  private static Map<String, Object> parameters(MKeyBinding binding) {
    Map<String, Object> parameters = new HashMap<>();
    for (MParameter parameter : binding.getParameters()) {
      parameters.put(parameter.getName(), parameter.getValue());
    }
    return parameters;
  }

  private IEclipseContext activeLeaf() {
    return application.getContext().getActiveLeaf();
  }

  private sealed interface Match {
    Match NONE = new None();
    Match PARTIAL = new Partial();

    record None() implements Match {}

    record Partial() implements Match {}

    record Complete(MKeyBinding binding) implements Match {}
  }
}
