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
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/// Builds all packages of this system into a folder: the profile `packages` of the build runs it.
public final class PackageBuild {
  private final Path repository;
  private final Path out;
  private final Path work;
  private final Product.Release release;
  private final RuntimeImage jdk = new RuntimeImage(Path.of(System.getProperty("java.home")));

  private PackageBuild(Path repository, Path out, Product.Release release) {
    this.repository = repository;
    this.out = out;
    this.work = out.resolve("work");
    this.release = release;
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
            new Product.Release(version, Instant.parse(arguments[3])))
        .run();
  }

  private void run() throws IOException {
    clear(out);
    Files.createDirectories(work);
    agent();
    console();
    clear(work);
    sums();
  }

  private void agent() throws IOException {
    Bundle jars = Bundle.of(repository.resolve("agent/service"));
    Set<String> modules = RuntimeImage.agentModules().sequencedKeySet();
    check(RuntimeImage.missing(jars.jars(), modules, RuntimeImage.AGENT_WITHOUT.keySet()));
    Path runtime = work.resolve("runtime");
    jdk.link(modules, runtime);
    AgentLayout agent =
        new AgentLayout(repository, Baton.model(), release.version(), release.time());
    ThirdParty others = materials("agent/service", jars);
    Layout debian = whole(agent, "usr/share/zsh/vendor-completions", jars, runtime, others);
    archive(debian);
    Product product = Product.AGENT;
    product.deb(
        debian,
        release,
        Product.texts(agent::source, "deb/", "control", "postinst", "prerm", "postrm"),
        agent.source("deb/lintian-overrides"),
        out);
    product.rpm(
        whole(agent, "usr/share/zsh/site-functions", jars, runtime, others),
        release,
        agent.source("deb/control"),
        Product.texts(agent::source, "rpm/", "pre", "post", "preun", "postun"),
        out);
  }

  private static Layout whole(
      AgentLayout agent, String zsh, Bundle jars, Path runtime, ThirdParty others)
      throws IOException {
    Layout layout = agent.descriptors(zsh);
    agent.programs(layout, jars, runtime);
    agent.terms(layout, jars, others);
    return layout;
  }

  private void console() throws IOException {
    Bundle jars = Bundle.of(repository.resolve("console-gui"));
    Set<String> modules = RuntimeImage.consoleModules().sequencedKeySet();
    check(RuntimeImage.missing(jars.jars(), modules, Set.of()));
    Path runtime = work.resolve("console-runtime");
    jdk.link(modules, runtime);
    Path input = Files.createDirectories(work.resolve("console-jars"));
    for (Path jar : jars.jars()) {
      Files.copy(jar, input.resolve(jar.getFileName()));
    }
    ConsoleLayout console = new ConsoleLayout(repository);
    jdk.application(input, jars.names().getFirst(), runtime, console.icon(512), work);
    ThirdParty others = materials("console-gui", jars);
    Product product = Product.CONSOLE;
    for (boolean debian : new boolean[] {true, false}) {
      Layout layout = console.descriptors();
      console.programs(layout, work.resolve(ConsoleLayout.NAME), jars, others);
      if (debian) {
        product.deb(
            layout,
            release,
            Product.texts(console::source, "", "control"),
            console.source("lintian-overrides"),
            out);
      } else {
        product.rpm(layout, release, console.source("control"), Map.of(), out);
      }
    }
  }

  private ThirdParty materials(String module, Bundle jars) throws IOException {
    return ThirdParty.of(
        repository.resolve(module).resolve("target/bom.json"),
        jars,
        System.getProperty("java.version"));
  }

  private static void check(Map<String, String> missing) throws IOException {
    if (!missing.isEmpty()) {
      throw new IOException(
          "the jars need modules that the runtime would not have: "
              + missing
              + "; name them in RuntimeImage with what needs them, or why they can be left out");
    }
  }

  /// For systems without a package manager of the two: the same files, below one folder.
  private void archive(Layout layout) throws IOException {
    String folder = "baton-" + release.version();
    Path file =
        out.resolve(folder + "-linux-" + Product.architecture("x86_64", "aarch64") + ".tar.gz");
    try (OutputStream stream = Files.newOutputStream(file);
        GzipCompressorOutputStream gzip = new GzipCompressorOutputStream(stream)) {
      new TarWriter(release.time()).write(layout, gzip, path -> folder + "/" + path);
    }
  }

  private void sums() throws IOException {
    StringBuilder sums = new StringBuilder();
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        sums.append(sha256(file)).append("  ").append(file.getFileName()).append('\n');
      }
    }
    Files.writeString(out.resolve("SHA256SUMS"), sums, UTF_8);
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
