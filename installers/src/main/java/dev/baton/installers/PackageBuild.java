package dev.baton.installers;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.baton.service.cli.Baton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/// Builds all packages of this system into a folder: the profile `packages` of the build runs it.
public final class PackageBuild {
  private final Path repository;
  private final Path out;
  private final String version;
  private final Instant time;

  private PackageBuild(Path repository, Path out, String version, Instant time) {
    this.repository = repository;
    this.out = out;
    this.version = version;
    this.time = time;
  }

  /// Arguments: the project's root, the folder to write to, the project's version, the time that
  /// all files get.
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 4) {
      throw new IllegalArgumentException("usage: REPOSITORY OUT VERSION TIMESTAMP");
    }
    // dpkg and rpm take what begins with a tilde as earlier than what it stands behind
    String version = arguments[2].replace("-SNAPSHOT", "~snapshot");
    new PackageBuild(
            Path.of(arguments[0]).toAbsolutePath().normalize(),
            Path.of(arguments[1]).toAbsolutePath(),
            version,
            Instant.parse(arguments[3]))
        .run();
  }

  private void run() throws IOException {
    clear(out);
    Files.createDirectories(out);
    agent();
    sums();
  }

  private void agent() throws IOException {
    Bundle jars = Bundle.of(repository.resolve("agent/service"));
    RuntimeImage jdk = new RuntimeImage(Path.of(System.getProperty("java.home")));
    var modules = RuntimeImage.agentModules().sequencedKeySet();
    var missing = jdk.missing(jars.jars(), modules);
    if (!missing.isEmpty()) {
      throw new IOException(
          "the jars need modules that the runtime would not have: "
              + missing
              + "; name them in RuntimeImage with what needs them, or why they can be left out");
    }
    Path image = out.resolve("runtime");
    jdk.link(modules, image);
    AgentLayout agent = new AgentLayout(repository, Baton.model(), version, time);
    ThirdParty others =
        ThirdParty.of(
            repository.resolve("agent/service/target/bom.json"),
            jars,
            System.getProperty("java.version"));
    Layout debian = whole(agent, "usr/share/zsh/vendor-completions", jars, image, others);
    deb(agent, debian);
    rpm(agent, whole(agent, "usr/share/zsh/site-functions", jars, image, others));
    archive(debian);
    clear(image);
  }

  private Layout whole(AgentLayout agent, String zsh, Bundle jars, Path image, ThirdParty others)
      throws IOException {
    Layout layout = agent.descriptors(zsh);
    agent.programs(layout, jars, image);
    agent.terms(layout, jars, others);
    return layout;
  }

  private void deb(AgentLayout agent, Layout layout) throws IOException {
    layout.text("usr/share/lintian/overrides/baton", agent.source("deb/lintian-overrides"));
    layout.compressed(AgentLayout.DOCUMENTS + "/changelog.gz", changelog().getBytes(UTF_8));
    String architecture = isArm() ? "arm64" : "amd64";
    SequencedMap<String, String> control = new LinkedHashMap<>();
    control.put(
        "control",
        agent
            .source("deb/control")
            .replace("@VERSION@", version)
            .replace("@DEB_ARCH@", architecture)
            .replace("@INSTALLED_KB@", Long.toString(layout.installedKilobytes())));
    for (String script : List.of("postinst", "prerm", "postrm")) {
      control.put(script, agent.source("deb/" + script));
    }
    new DebWriter(time)
        .write(layout, control, out.resolve("baton_%s_%s.deb".formatted(version, architecture)));
  }

  private String changelog() {
    return """
    baton (%s) unstable; urgency=medium

      * See the project's history.

     -- Baton developers <packages@baton.invalid>  %s
    """
        .formatted(
            version,
            java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
                time.atOffset(java.time.ZoneOffset.UTC)));
  }

  private void rpm(AgentLayout agent, Layout layout) throws IOException {
    String architecture = isArm() ? "aarch64" : "x86_64";
    new RpmWriter(time)
        .write(
            layout,
            new RpmWriter.Description(
                "baton",
                version,
                architecture,
                "Keeps database clients running while the database changes hosts",
                description(agent.source("deb/control")),
                "LicenseRef-Baton AND Apache-2.0 AND MIT AND BSD-2-Clause AND EPL-1.0 AND"
                    + " GPL-2.0-only WITH Classpath-exception-2.0",
                List.of("glibc", "shadow-utils"),
                List.of("bash-completion"),
                Map.of(
                    "pre", agent.source("rpm/pre"),
                    "post", agent.source("rpm/post"),
                    "preun", agent.source("rpm/preun"),
                    "postun", agent.source("rpm/postun"))),
            out.resolve("baton-%s-1.%s.rpm".formatted(version, architecture)));
  }

  /// The long description of a control file, without its marks.
  private static String description(String control) {
    return control
        .substring(control.indexOf("\n ", control.indexOf("Description:")))
        .replace("\n .\n", "\n\n")
        .replace("\n ", "\n")
        .strip();
  }

  /// For systems without a package manager of the two: the same files, below one folder.
  private void archive(Layout layout) throws IOException {
    String folder = "baton-" + version;
    Path file = out.resolve(folder + "-linux-" + (isArm() ? "aarch64" : "x86_64") + ".tar.gz");
    try (OutputStream stream = Files.newOutputStream(file);
        GzipCompressorOutputStream gzip = new GzipCompressorOutputStream(stream)) {
      new TarWriter(time).write(layout, gzip, path -> inArchive(folder, path));
    }
  }

  private static String inArchive(String folder, String path) {
    return path.contains("lintian") ? "" : folder + "/" + path;
  }

  private static boolean isArm() {
    return System.getProperty("os.arch").equals("aarch64");
  }

  private void sums() throws IOException {
    StringBuilder sums = new StringBuilder();
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        sums.append(sha256(file)).append("  ").append(file.getFileName()).append('\n');
      }
    }
    Files.writeString(out.resolve("SHA256SUMS"), sums);
    System.out.print(sums);
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void clear(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
