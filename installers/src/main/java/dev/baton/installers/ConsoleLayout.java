package dev.baton.installers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the console's package installs.
///
/// @param repository the project's root
record ConsoleLayout(Path repository) {
  static final String NAME = "baton-console";
  static final String MAIN = "dev.baton.console.ConsoleMain";
  static final List<Integer> ICON_SIZES = List.of(16, 24, 32, 48, 64, 128, 256, 512);

  static final List<String> JVM =
      List.of(
          "-Xmx512m",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private static final String HOME = "usr/lib/" + NAME;
  private static final String DOCUMENTS = "usr/share/doc/" + NAME;
  private static final String ICONS = "usr/share/icons/hicolor/";

  private Path sources() {
    return repository.resolve("installers/src/packaging/console");
  }

  Path icon(int size) {
    return sources().resolve("icons/" + NAME + "-" + size + ".png");
  }

  String source(String name) throws IOException {
    return Files.readString(sources().resolve(name));
  }

  /// All but what runs.
  Layout descriptors() throws IOException {
    Layout layout = new Layout();
    layout.link("usr/bin/" + NAME, "../lib/" + NAME + "/bin/" + NAME);
    for (String entry : List.of("baton-console.desktop", "baton-recording.desktop")) {
      layout.file("usr/share/applications/" + entry, sources().resolve(entry));
    }
    layout.file("usr/share/mime/packages/" + NAME + ".xml", sources().resolve(NAME + ".xml"));
    for (int size : ICON_SIZES) {
      layout.file(ICONS + "%dx%d/apps/%s.png".formatted(size, size, NAME), icon(size));
    }
    layout.file(
        ICONS + "scalable/apps/" + NAME + ".svg", sources().resolve("icons/" + NAME + ".svg"));
    layout.compressed(
        "usr/share/man/man1/" + NAME + ".1.gz", Files.readAllBytes(sources().resolve(NAME + ".1")));
    return layout;
  }

  /// Adds the application as jpackage has made it, and the terms of what is bundled.
  void programs(Layout layout, Path image, Bundle jars, ThirdParty others) throws IOException {
    layout.tree(HOME, image);
    layout.text(DOCUMENTS + "/copyright", others.copyright());
    layout.text(DOCUMENTS + "/bom.cdx.json", others.json());
    ThirdParty.terms(layout, DOCUMENTS + "/licenses", jars);
  }
}
