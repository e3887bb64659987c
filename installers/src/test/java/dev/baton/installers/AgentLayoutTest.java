package dev.baton.installers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.installers.Entry.Link;
import dev.baton.installers.Entry.Regular;
import dev.baton.service.agent.AgentConfig;
import dev.baton.service.cli.Baton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the agent's package installs fits together: every path that a unit, a script or a text
/// names is there, and every command has its page and its completion.
class AgentLayoutTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
  private static final Pattern OWN_PATH =
      Pattern.compile(
          "(?<![A-Za-z0-9])/(?:usr|etc|lib|opt)/[A-Za-z0-9_.@/-]*baton[A-Za-z0-9_.@/-]*");

  /// What is made at run time, by `baton init` or by the system.
  private static final Set<String> MADE_LATER =
      Set.of(
          "etc/baton/coordination.conf",
          "etc/baton/cluster.secret",
          "etc/baton/operator.token",
          "etc/baton/admin.password",
          "etc/baton/ca.crt",
          "etc/baton/server.crt",
          "etc/baton/server.key",
          "etc/systemd/system/baton-agent.service.d");

  private final AgentLayout agent = new AgentLayout(REPOSITORY, Baton.model(), "0.1.0", TIME);
  private Layout layout;

  @BeforeEach
  void listed() throws IOException {
    layout = agent.descriptors("usr/share/zsh/vendor-completions");
  }

  private String text(String path) throws IOException {
    Regular file = (Regular) layout.find(path).orElseThrow(() -> new AssertionError("no " + path));
    return new String(file.content().open().readAllBytes(), UTF_8);
  }

  private List<String> units() {
    return layout.entries().stream()
        .map(Entry::path)
        .filter(path -> path.endsWith(".service"))
        .toList();
  }

  @Test
  void everyPathThatAUnitAScriptOrTheConfigurationNamesIsInstalledOrMadeLater() throws IOException {
    List<String> texts = new ArrayList<>();
    for (String unit : units()) {
      texts.add(text(unit));
    }
    texts.add(text("etc/baton/agent.yaml"));
    for (String script :
        List.of("deb/postinst", "deb/prerm", "deb/postrm", "rpm/pre", "rpm/post")) {
      texts.add(agent.source(script));
    }
    texts.add(agent.source("zsh/_baton"));
    Set<String> named = new TreeSet<>();
    for (String text : texts) {
      for (Matcher path = OWN_PATH.matcher(text); path.find(); ) {
        named.add(path.group().substring(1).replaceAll("[./]+$", ""));
      }
    }
    assertThat(named).contains("usr/bin/baton", "etc/baton/agent.yaml");
    assertThat(named)
        .allSatisfy(
            path ->
                assertThat(layout.find(path).isPresent() || MADE_LATER.contains(path))
                    .as(path)
                    .isTrue());
  }

  @Test
  void theProgramOnThePathLeadsToTheLauncher() {
    Link link = (Link) layout.find("usr/bin/baton").orElseThrow();
    String target = Path.of("usr/bin").resolve(link.target()).normalize().toString();
    assertThat(layout.find(target))
        .hasValueSatisfying(
            entry -> assertThat(((Regular) entry).mode()).isEqualTo(Entry.PROGRAM_MODE));
  }

  @Test
  void onlyTheConfigurationIsKeptAtAnUpgrade() {
    assertThat(layout.entries())
        .filteredOn(entry -> entry instanceof Regular file && file.configuration())
        .extracting(Entry::path)
        .containsExactly("etc/baton/agent.yaml");
  }

  @Test
  void theConfigurationThatComesAlongIsOneAndItsCommentsAreToo() throws Exception {
    Path file = Files.createTempFile("agent", ".yaml");
    try {
      String shipped = text("etc/baton/agent.yaml");
      Files.writeString(file, shipped);
      assertThat(AgentConfig.read(file).services()).hasSize(1);
      Files.writeString(file, shipped.replaceAll("(?m)^    #(  |[a-z])", "    $1"));
      AgentConfig.Service all = AgentConfig.read(file).services().getFirst();
      assertThat(all.clientTls()).isNotNull();
      assertThat(all.access()).hasSize(1);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void unitsAreSectionsOfKnownSettings() throws IOException {
    assertThat(units()).hasSize(2);
    for (String unit : units()) {
      String section = "";
      for (String line : text(unit).lines().toList()) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        if (line.startsWith("[")) {
          section = line;
          assertThat(section).as(unit).isIn("[Unit]", "[Service]", "[Install]");
          continue;
        }
        assertThat(line).as(unit + " " + section).matches("[A-Z][A-Za-z0-9]+=.*");
        String words = line.substring(line.indexOf('=') + 1);
        if (line.startsWith("ExecStart=")) {
          assertParses(words.replaceAll("\\$\\{BATON_VOTER}", "1").replaceAll("\\$\\{\\w+}", "x"));
        }
      }
      assertThat(text(unit)).contains("NoNewPrivileges=yes", "ProtectSystem=", "Restart=always");
    }
    assertThat(text("usr/lib/systemd/system/baton-agent.service"))
        .contains("Type=notify", "WatchdogSec=");
  }

  private void assertParses(String command) {
    String[] words = command.split(" ");
    assertThat(words[0]).isEqualTo("/usr/bin/baton");
    assertThat(
            Baton.model()
                .parseArgs(List.of(words).subList(1, words.length).toArray(String[]::new))
                .errors())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deb/postinst",
        "deb/prerm",
        "deb/postrm",
        "rpm/pre",
        "rpm/post",
        "rpm/preun",
        "rpm/postun"
      })
  void scriptsAreReadByThePlainShell(String script) throws Exception {
    Path file = agent.sources().resolve(script);
    Process shell =
        new ProcessBuilder("/bin/sh", "-n", file.toString()).redirectErrorStream(true).start();
    String said = new String(shell.getInputStream().readAllBytes(), UTF_8);
    assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(said).isEmpty();
    assertThat(shell.exitValue()).isZero();
  }

  @Test
  void everyCommandHasItsPageAndItsCompletion() throws IOException {
    Set<String> commands = Baton.model().getSubcommands().keySet();
    assertThat(commands).contains("agent", "status", "move", "coordination");
    String completion = text(AgentLayout.COMPLETION);
    for (String command : commands) {
      Regular page =
          (Regular) layout.find("usr/share/man/man1/baton-" + command + ".1.gz").orElseThrow();
      String text;
      try (GZIPInputStream in = new GZIPInputStream(page.content().open())) {
        text = new String(in.readAllBytes(), UTF_8);
      }
      assertThat(text)
          .startsWith(".TH \"BATON-" + command.toUpperCase(java.util.Locale.ROOT) + "\"")
          .contains(".SH NAME", ".SH SYNOPSIS", "\\fB\\-\\-help\\fR")
          .doesNotContain("${", "null");
      assertThat(completion).contains("_picocli_baton_" + command + "()");
    }
  }

  @Test
  void nothingOfTheLabIsPackaged() throws IOException {
    assertThat(Baton.model().getSubcommands().keySet()).doesNotContain("demo", "bench", "train");
    assertThat(System.getProperty("java.class.path")).doesNotContain("agent/lab");
  }
}
