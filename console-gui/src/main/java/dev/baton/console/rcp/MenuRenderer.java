package dev.baton.console.rcp;

import java.util.Objects;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import org.eclipse.e4.ui.model.application.ui.menu.MHandledMenuItem;
import org.eclipse.e4.ui.model.application.ui.menu.MMenu;
import org.eclipse.e4.ui.model.application.ui.menu.MMenuElement;
import org.eclipse.e4.ui.model.application.ui.menu.MMenuSeparator;
import org.jspecify.annotations.Nullable;

/// Renders the main menu. An item runs its command; whether a handler takes it is asked each time
/// the menu opens.
final class MenuRenderer {
  private static final String KEYS_GAP = "        ";

  private final KeyDispatcher keys;

  MenuRenderer(KeyDispatcher keys) {
    this.keys = keys;
  }

  MenuBar bar(MMenu main) {
    MenuBar bar = new MenuBar();
    for (MMenuElement child : main.getChildren()) {
      if (child instanceof MMenu menu && menu.isToBeRendered()) {
        bar.getMenus().add(menu(menu));
      }
    }
    return bar;
  }

  private Menu menu(MMenu model) {
    Menu menu = new Menu(mnemonic(model.getLocalizedLabel()));
    model.getChildren().stream()
        .filter(MMenuElement::isToBeRendered)
        .map(this::item)
        .filter(Objects::nonNull)
        .forEach(menu.getItems()::add);
    return menu;
  }

  private @Nullable MenuItem item(MMenuElement element) {
    return switch (element) {
      case MMenu menu -> menu(menu);
      case MMenuSeparator _ -> new SeparatorMenuItem();
      case MHandledMenuItem handled -> handled(handled);
      default -> null; // no other kind is in this console's model
    };
  }

  private MenuItem handled(MHandledMenuItem model) {
    String command = model.getCommand().getElementId();
    String bound = keys.keysOf(command);
    String label = mnemonic(model.getLocalizedLabel());
    // The keys are shown as text: an accelerator would be run by the scene and by the dispatcher.
    MenuItem item = new MenuItem(bound == null ? label : label + KEYS_GAP + bound);
    item.setId(model.getElementId().replace('.', '-'));
    item.setOnAction(_ -> keys.execute(command));
    item.parentMenuProperty()
        .subscribe(
            menu -> {
              if (menu != null) {
                menu.addEventHandler(
                    Menu.ON_SHOWING, _ -> item.setDisable(!keys.canExecute(command)));
              }
            });
    return item;
  }

  /// e4 marks a mnemonic with `&`, JavaFX with `_`.
  private static String mnemonic(String label) {
    return label.replace("_", "__").replace('&', '_');
  }
}
