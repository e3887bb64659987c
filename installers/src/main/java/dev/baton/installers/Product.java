package dev.baton.installers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/// What is packaged under one name: its packages of both kinds.
///
/// @param name of the packages
/// @param requires what an RPM needs
/// @param recommends what it is better with
record Product(String name, List<String> requires, List<String> recommends) {
  static final Product AGENT =
      new Product("baton", List.of("glibc", "shadow-utils"), List.of("bash-completion"));
  static final Product CONSOLE =
      new Product(
          ConsoleLayout.NAME,
          List.of("glibc", "gtk3", "libglvnd-glx", "libX11", "libXtst", "libXxf86vm", "fontconfig"),
          List.of("dejavu-sans-fonts"));

  /// SPDX has no name for terms that have not been declared.
  private static final String LICENCE =
      "LicenseRef-Baton AND Apache-2.0 AND MIT AND BSD-2-Clause AND EPL-2.0 AND"
          + " GPL-2.0-only WITH Classpath-exception-2.0";

  private static final DateTimeFormatter CHANGED =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

  /// @param time of all files
  record Release(String version, Instant time) {}

  @FunctionalInterface
  interface Source {
    String read(String name) throws IOException;
  }

  /// Texts of several files, by their names without the folder.
  static SequencedMap<String, String> texts(Source source, String folder, String... names)
      throws IOException {
    SequencedMap<String, String> texts = new LinkedHashMap<>();
    for (String name : names) {
      texts.put(name, source.read(folder + name));
    }
    return texts;
  }

  static String architecture(String intel, String arm) {
    return System.getProperty("os.arch").equals("aarch64") ? arm : intel;
  }

  /// @param layout gets what Debian's own checks look for
  /// @param scripts `control`, with the marks for what is known here alone, and the scripts
  void deb(
      Layout layout,
      Release release,
      SequencedMap<String, String> scripts,
      String overrides,
      Path out)
      throws IOException {
    layout.text("usr/share/lintian/overrides/" + name, overrides);
    layout.compressed(
        "usr/share/doc/" + name + "/changelog.gz", changelog(release).getBytes(UTF_8));
    String architecture = architecture("amd64", "arm64");
    SequencedMap<String, String> control = new LinkedHashMap<>(scripts);
    control.put(
        "control",
        control
            .getOrDefault("control", "")
            .replace("@VERSION@", release.version())
            .replace("@DEB_ARCH@", architecture)
            .replace("@INSTALLED_KB@", Long.toString(layout.installedKilobytes())));
    new DebWriter(release.time())
        .write(
            layout,
            control,
            out.resolve("%s_%s_%s.deb".formatted(name, release.version(), architecture)));
  }

  private String changelog(Release release) {
    return """
    %s (%s) unstable; urgency=medium

      * See the project's history.

     -- Baton developers <packages@baton.invalid>  %s
    """
        .formatted(
            name, release.version(), CHANGED.format(release.time().atOffset(ZoneOffset.UTC)));
  }

  /// @param control Debian's, for its description
  void rpm(Layout layout, Release release, String control, Map<String, String> scripts, Path out)
      throws IOException {
    String architecture = architecture("x86_64", "aarch64");
    String description =
        control.substring(control.indexOf("Description:") + "Description:".length());
    String summary = description.substring(0, description.indexOf('\n')).strip();
    new RpmWriter(release.time())
        .write(
            layout,
            new RpmWriter.Description(
                name,
                release.version(),
                architecture,
                summary.substring(0, 1).toUpperCase(Locale.ROOT) + summary.substring(1),
                description
                    .substring(description.indexOf('\n'))
                    .replace("\n .\n", "\n\n")
                    .replace("\n ", "\n")
                    .strip(),
                LICENCE,
                requires,
                recommends,
                scripts),
            out.resolve("%s-%s-1.%s.rpm".formatted(name, release.version(), architecture)));
  }
}
