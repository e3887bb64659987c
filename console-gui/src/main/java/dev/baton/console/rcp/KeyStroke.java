package dev.baton.console.rcp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import org.jspecify.annotations.Nullable;

/// One stroke of a key binding, written as e4 writes it: `M1+M2+F5`. M1 is Control (Command on a
/// Mac), M2 Shift, M3 Alt.
///
/// @param shortcut the platform's main modifier
record KeyStroke(boolean shortcut, boolean shift, boolean alt, KeyCode code) {
  /// @return null for a modifier key alone
  static @Nullable KeyStroke of(KeyEvent event) {
    return event.getCode().isModifierKey() || event.getCode() == KeyCode.UNDEFINED
        ? null
        : new KeyStroke(
            event.isShortcutDown(), event.isShiftDown(), event.isAltDown(), event.getCode());
  }

  /// Reads strokes parted by blanks.
  ///
  /// @throws IllegalArgumentException naming the key that does not exist
  static List<KeyStroke> sequence(String text) {
    return Stream.of(text.trim().split("\\s+")).map(KeyStroke::parse).toList();
  }

  private static KeyStroke parse(String text) {
    List<String> parts = new ArrayList<>(List.of(text.toUpperCase(Locale.ROOT).split("\\+")));
    String key = parts.removeLast();
    return new KeyStroke(
        parts.contains("M1") || parts.contains("CTRL"),
        parts.contains("M2") || parts.contains("SHIFT"),
        parts.contains("M3") || parts.contains("ALT"),
        code(key, text));
  }

  private static KeyCode code(String key, String text) {
    boolean digit = key.length() == 1 && Character.isDigit(key.charAt(0));
    try {
      return KeyCode.valueOf(digit ? "DIGIT" + key : key);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("no key '" + key + "' in binding '" + text + "'", e);
    }
  }

  /// As a binding writes it, `M1+M2+F5`.
  String toBinding() {
    String key = code.name().startsWith("DIGIT") ? code.name().substring(5) : code.name();
    return (shortcut ? "M1+" : "") + (shift ? "M2+" : "") + (alt ? "M3+" : "") + key;
  }

  static String describe(List<KeyStroke> sequence) {
    return sequence.stream().map(KeyStroke::describe).collect(Collectors.joining(" "));
  }

  private String describe() {
    return (shortcut ? "Ctrl+" : "")
        + (shift ? "Shift+" : "")
        + (alt ? "Alt+" : "")
        + code.getName();
  }
}
