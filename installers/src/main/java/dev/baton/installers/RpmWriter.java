package dev.baton.installers;

import dev.baton.installers.Entry.Folder;
import dev.baton.installers.Entry.Link;
import dev.baton.installers.Entry.Regular;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.packager.rpm.FileFlags;
import org.eclipse.packager.rpm.RpmTag;
import org.eclipse.packager.rpm.RpmVersion;
import org.eclipse.packager.rpm.build.BuilderContext;
import org.eclipse.packager.rpm.build.FileInformation;
import org.eclipse.packager.rpm.build.RpmBuilder;

/// Writes a package of RPM.
///
/// @param time of every file in it, and of the build
record RpmWriter(Instant time) {
  private static final String SHELL = "/bin/sh";

  /// Folders of the system or of other packages; to own them too would be a conflict.
  private static final Set<String> SHARED =
      Set.of(
          "etc",
          "opt",
          "usr",
          "usr/bin",
          "usr/lib",
          "usr/lib/systemd",
          "usr/lib/systemd/system",
          "usr/share",
          "usr/share/applications",
          "usr/share/bash-completion",
          "usr/share/bash-completion/completions",
          "usr/share/doc",
          "usr/share/icons",
          "usr/share/icons/hicolor",
          "usr/share/icons/hicolor/scalable",
          "usr/share/icons/hicolor/scalable/apps",
          "usr/share/man",
          "usr/share/man/man1",
          "usr/share/mime",
          "usr/share/mime/packages",
          "usr/share/zsh",
          "usr/share/zsh/site-functions");

  private static final Pattern SIZED_ICONS =
      Pattern.compile("usr/share/icons/hicolor/[0-9]+x[0-9]+(/apps)?");

  /// @param licence an SPDX expression
  /// @param scripts `pre`, `post`, `preun`, `postun` with their text, as far as there are any
  record Description(
      String name,
      String version,
      String architecture,
      String summary,
      String text,
      String licence,
      List<String> requires,
      List<String> recommends,
      Map<String, String> scripts) {}

  void write(Layout layout, Description description, Path rpm) throws IOException {
    try (RpmBuilder builder =
        new RpmBuilder(
            description.name(),
            new RpmVersion(description.version(), "1"),
            description.architecture(),
            rpm,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      RpmBuilder.PackageInformation information = builder.getInformation();
      information.setSummary(description.summary());
      information.setDescription(description.text());
      information.setLicense(description.licence());
      information.setGroup("Applications/Databases");
      information.setVendor("Baton");
      information.setPackager("Baton developers <packages@baton.invalid>");
      information.setBuildHost("localhost");
      information.setSourcePackage(description.name() + "-" + description.version() + "-1.src.rpm");
      builder.setHeaderCustomizer(
          header -> header.putInt(RpmTag.BUILDTIME, Math.toIntExact(time.getEpochSecond())));
      for (String name : description.requires()) {
        builder.addRequirement(name, null);
      }
      for (String name : description.recommends()) {
        builder.addRecommends(name, null);
      }
      scripts(builder, description.scripts());
      BuilderContext context = builder.newContext();
      for (Entry entry : layout.entries()) {
        add(context, entry);
      }
      builder.build();
    }
  }

  private static void scripts(RpmBuilder builder, Map<String, String> scripts) {
    scripts.forEach(
        (when, text) -> {
          switch (when) {
            case "pre" -> builder.setPreInstallationScript(SHELL, text);
            case "post" -> builder.setPostInstallationScript(SHELL, text);
            case "preun" -> builder.setPreRemoveScript(SHELL, text);
            case "postun" -> builder.setPostRemoveScript(SHELL, text);
            default -> throw new IllegalArgumentException("no script is run at " + when);
          }
        });
  }

  private void add(BuilderContext context, Entry entry) throws IOException {
    String path = "/" + entry.path();
    switch (entry) {
      case Folder _ -> {
        if (!SHARED.contains(entry.path()) && !SIZED_ICONS.matcher(entry.path()).matches()) {
          context.addDirectory(path, information -> as(information, Entry.FOLDER_MODE));
        }
      }
      case Link link ->
          context.addSymbolicLink(path, link.target(), information -> as(information, 0777));
      case Regular file -> {
        try (InputStream in = file.content().open()) {
          context.addFile(path, in, information -> as(information, file));
        }
      }
    }
  }

  private void as(FileInformation information, Regular file) {
    // RPM wants libraries to be programs, Debian that they are not
    as(information, file.path().endsWith(".so") ? Entry.PROGRAM_MODE : file.mode());
    EnumSet<FileFlags> flags = EnumSet.noneOf(FileFlags.class);
    if (file.configuration()) {
      flags.add(FileFlags.CONFIGURATION);
      flags.add(FileFlags.NOREPLACE);
    }
    if (file.path().startsWith("usr/share/doc/") || file.path().startsWith("usr/share/man/")) {
      flags.add(FileFlags.DOC);
    }
    information.setFileFlags(flags);
  }

  private void as(FileInformation information, int mode) {
    information.setMode((short) mode);
    information.setUser("root");
    information.setGroup("root");
    information.setTimestamp(time);
  }
}
