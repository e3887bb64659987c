package dev.baton.console.rcp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.scene.input.KeyEvent;
import org.eclipse.e4.ui.model.application.MApplication;
import org.eclipse.e4.ui.model.application.commands.MBindingTable;
import org.eclipse.e4.ui.model.application.commands.MCommand;
import org.eclipse.e4.ui.model.application.commands.MCommandParameter;
import org.eclipse.e4.ui.model.application.commands.MCommandsFactory;
import org.eclipse.e4.ui.model.application.commands.MKeyBinding;
import org.eclipse.e4.ui.model.application.commands.MParameter;
import org.eclipse.e4.ui.model.application.ui.MUIElement;
import org.eclipse.e4.ui.model.application.ui.MUILabel;
import org.eclipse.e4.ui.workbench.modeling.EModelService;
import org.jspecify.annotations.Nullable;

/// The commands of the application model by name, with the keys that run them; keys can be bound
/// anew, which is kept with the layout. On the FX thread.
public final class CommandCatalog {
  private static final String DEFAULT_KEYS = "dev.baton.console.default.keys";

  private final MApplication application;
  private final KeyDispatcher keys;

  CommandCatalog(MApplication application, KeyDispatcher keys) {
    this.application = application;
    this.keys = keys;
  }

  /// A command as the user knows it.
  ///
  /// @param id of the command
  /// @param parameters with which it is run
  /// @param keys as text, `Ctrl+M`; empty when none are bound
  public record Entry(String id, Map<String, String> parameters, String label, String keys) {
    public Entry {
      parameters = Map.copyOf(parameters);
    }
  }

  /// Every command that can be run without further questions, in the order of the model.
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (MCommand command : application.getCommands()) {
      if (command.getParameters().stream().allMatch(MCommandParameter::isOptional)) {
        entries.add(
            new Entry(
                command.getElementId(),
                Map.of(),
                label(command),
                binding(command.getElementId(), Map.of()).map(CommandCatalog::text).orElse("")));
      }
    }
    for (MBindingTable table : application.getBindingTables()) {
      for (MKeyBinding binding : table.getBindings()) {
        Map<String, String> parameters = parameters(binding);
        if (!parameters.isEmpty()) {
          entries.add(
              new Entry(
                  binding.getCommand().getElementId(),
                  parameters,
                  label(binding.getCommand()) + ": " + shownNames(parameters),
                  text(binding)));
        }
      }
    }
    return entries;
  }

  /// Runs it with the handler that is active now.
  ///
  /// @return false when no handler takes it now
  public boolean execute(Entry entry) {
    return keys.run(entry.id(), new HashMap<>(entry.parameters()));
  }

  public boolean canExecute(Entry entry) {
    return !entry.parameters().isEmpty() || keys.canExecute(entry.id());
  }

  /// The stroke of a key event as a binding writes it; empty for a modifier alone.
  public static Optional<String> strokeOf(KeyEvent event) {
    return Optional.ofNullable(KeyStroke.of(event)).map(KeyStroke::toBinding);
  }

  /// `Ctrl+M` for `M1+M`.
  public static String describe(String sequence) {
    return KeyStroke.describe(KeyStroke.sequence(sequence));
  }

  /// Who has a sequence of keys already.
  public Optional<Entry> holder(String sequence) {
    String wanted = describe(sequence);
    return entries().stream().filter(entry -> entry.keys().equals(wanted)).findFirst();
  }

  /// Binds keys to a command, in place of those it had.
  ///
  /// @throws IllegalArgumentException when another command has them, or there is no such key
  public void rebind(Entry entry, String sequence) {
    Optional<Entry> other = holder(sequence);
    if (other.isPresent() && !same(other.get(), entry)) {
      throw new IllegalArgumentException(other.get().label());
    }
    MKeyBinding binding = binding(entry.id(), entry.parameters()).orElseGet(() -> added(entry));
    binding
        .getPersistedState()
        .putIfAbsent(
            DEFAULT_KEYS, binding.getKeySequence() == null ? "" : binding.getKeySequence());
    binding.setKeySequence(sequence);
  }

  /// Gives every command the keys that it came with.
  public void reset() {
    for (MBindingTable table : application.getBindingTables()) {
      for (MKeyBinding binding : List.copyOf(table.getBindings())) {
        String before = binding.getPersistedState().remove(DEFAULT_KEYS);
        if (before != null && before.isEmpty()) {
          table.getBindings().remove(binding);
        } else if (before != null) {
          binding.setKeySequence(before);
        }
      }
    }
  }

  private static boolean same(Entry one, Entry other) {
    return one.id().equals(other.id()) && one.parameters().equals(other.parameters());
  }

  private MKeyBinding added(Entry entry) {
    MKeyBinding binding = MCommandsFactory.INSTANCE.createKeyBinding();
    binding.setCommand(
        application.getCommands().stream()
            .filter(command -> command.getElementId().equals(entry.id()))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no command " + entry.id())));
    application.getBindingTables().getFirst().getBindings().add(binding);
    return binding;
  }

  private Optional<MKeyBinding> binding(String id, Map<String, String> parameters) {
    return application.getBindingTables().stream()
        .flatMap(table -> table.getBindings().stream())
        .filter(binding -> binding.getCommand().getElementId().equals(id))
        .filter(binding -> parameters(binding).equals(parameters))
        .findFirst();
  }

  private static Map<String, String> parameters(MKeyBinding binding) {
    Map<String, String> parameters = new HashMap<>();
    for (MParameter parameter : binding.getParameters()) {
      parameters.put(parameter.getName(), parameter.getValue());
    }
    return parameters;
  }

  private static String text(MKeyBinding binding) {
    return describe(binding.getKeySequence());
  }

  private static String label(MCommand command) {
    String name = command.getLocalizedCommandName();
    return name == null ? command.getElementId() : name;
  }

  /// The labels of the elements that parameters name by their ids.
  private String shownNames(Map<String, String> parameters) {
    return String.join(", ", parameters.values().stream().map(this::nameOf).toList());
  }

  private String nameOf(String elementId) {
    @Nullable EModelService models = application.getContext().get(EModelService.class);
    return models == null
        ? elementId
        : models.findElements(application, elementId, MUIElement.class).stream()
            .filter(MUILabel.class::isInstance)
            .map(element -> ((MUILabel) element).getLocalizedLabel())
            .findFirst()
            .orElse(elementId);
  }
}
