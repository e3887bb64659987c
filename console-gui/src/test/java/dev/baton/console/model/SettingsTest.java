package dev.baton.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir Path dir;

  @Test
  void whatWasChosenIsThereAfterARestart() {
    Settings settings = Settings.in(dir.resolve("new"));
    assertThat(settings.theme()).isEqualTo(Settings.Theme.SYSTEM);
    settings.setTheme(Settings.Theme.DARK);
    settings.setFontPercent(999);
    settings.setLanguage(Optional.of(Locale.GERMAN));

    Settings again = Settings.in(dir.resolve("new"));
    assertThat(again.theme()).isEqualTo(Settings.Theme.DARK);
    assertThat(again.fontPercent()).isEqualTo(Settings.LARGEST_PERCENT);
    assertThat(again.language()).contains(Locale.GERMAN);
  }

  @Test
  void whatIsNotUnderstoodCountsAsNotChosen() throws IOException {
    Files.writeString(dir.resolve("console.properties"), "theme=pink\nfont-percent=big\n");
    Settings settings = Settings.in(dir);
    assertThat(settings.theme()).isEqualTo(Settings.Theme.SYSTEM);
    assertThat(settings.fontPercent()).isEqualTo(100);
    assertThat(settings.language()).isEmpty();
  }
}
