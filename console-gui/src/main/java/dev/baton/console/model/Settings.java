package dev.baton.console.model;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the user has chosen, kept between starts in a small file beside the layout. What is not
/// understood there counts as not chosen.
public final class Settings {
  public static final int SMALLEST_PERCENT = 80;
  public static final int LARGEST_PERCENT = 200;
  private static final int USUAL_PERCENT = 100;
  private static final Logger LOG = LoggerFactory.getLogger(Settings.class);

  private final Path file;
  private final Properties chosen = new Properties();

  /// Light or dark.
  public enum Theme {
    /// As the operating system has it.
    SYSTEM,
    LIGHT,
    DARK
  }

  /// @param directory where the layout lies as well
  public static Settings in(Path directory) {
    Settings settings = new Settings(directory.resolve("console.properties"));
    if (Files.isReadable(settings.file)) {
      try (Reader in = Files.newBufferedReader(settings.file)) {
        settings.chosen.load(in);
      } catch (IOException | IllegalArgumentException e) {
        LOG.warn("settings {} are not read: {}", settings.file, e.toString());
      }
    }
    return settings;
  }

  private Settings(Path file) {
    this.file = file;
  }

  public Theme theme() {
    try {
      return Theme.valueOf(
          chosen.getProperty("theme", Theme.SYSTEM.name()).toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return Theme.SYSTEM;
    }
  }

  public void setTheme(Theme theme) {
    put("theme", theme.name().toLowerCase(Locale.ROOT));
  }

  /// Size of letters, of the usual one.
  public int fontPercent() {
    try {
      int percent = Integer.parseInt(chosen.getProperty("font-percent", "100"));
      return Math.clamp(percent, SMALLEST_PERCENT, LARGEST_PERCENT);
    } catch (NumberFormatException e) {
      return USUAL_PERCENT;
    }
  }

  public void setFontPercent(int percent) {
    put("font-percent", Integer.toString(Math.clamp(percent, SMALLEST_PERCENT, LARGEST_PERCENT)));
  }

  /// Empty: as the operating system has it.
  public Optional<Locale> language() {
    String tag = chosen.getProperty("language", "");
    return tag.isBlank() ? Optional.empty() : Optional.of(Locale.forLanguageTag(tag));
  }

  /// Takes effect at the next start.
  public void setLanguage(Optional<Locale> language) {
    put("language", language.map(Locale::toLanguageTag).orElse(""));
  }

  private void put(String key, String value) {
    chosen.setProperty(key, value);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (Writer out = Files.newBufferedWriter(fresh)) {
        chosen.store(out, null);
      }
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING); // never half written
    } catch (IOException e) {
      LOG.warn("settings {} are not kept: {}", file, e.toString());
    }
  }
}
