package dev.baton.installers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;

/// What the agent's package installs.
///
/// @param repository the project's root
/// @param program the commands as they are in this package
/// @param version as the operator reads it
/// @param time of the manual pages
record AgentLayout(Path repository, CommandLine program, String version, Instant time) {
  static final String HOME = "usr/lib/baton";
  static final String DOCUMENTS = "usr/share/doc/baton";
  static final String COMPLETION = "usr/share/bash-completion/completions/baton";
  private static final List<String> GUIDES =
      List.of("operations.md", "configuration.md", "sessions.md");

  Path sources() {
    return repository.resolve("installers/src/packaging/agent");
  }

  /// All but the jars and the runtime.
  ///
  /// @param zsh folder where the distribution's zsh looks for completions
  Layout descriptors(String zsh) throws IOException {
    Layout layout = new Layout();
    layout.program(HOME + "/baton", repository.resolve("baton"));
    layout.link("usr/bin/baton", "../lib/baton/baton");
    layout.configuration("etc/baton/agent.yaml", sources().resolve("etc/agent.yaml"));
    for (String unit : List.of("baton-agent.service", "baton-coordination.service")) {
      layout.file("usr/lib/systemd/system/" + unit, sources().resolve("systemd").resolve(unit));
    }
    layout.text(COMPLETION, completion());
    layout.file(zsh + "/_baton", sources().resolve("zsh/_baton"));
    ManPage.all(program, version, time)
        .forEach(
            (name, page) ->
                layout.compressed("usr/share/man/man1/" + name + ".1.gz", page.getBytes(UTF_8)));
    for (String guide : GUIDES) {
      layout.file(DOCUMENTS + "/" + guide, repository.resolve("docs").resolve(guide));
    }
    return layout;
  }

  /// It is read by a shell, not run: its first line would have it run.
  private String completion() {
    String script = AutoComplete.bash("baton", program);
    return script.startsWith("#!") ? script.substring(script.indexOf('\n') + 1) : script;
  }

  /// Adds what runs.
  void programs(Layout layout, Bundle jars, Path runtime) throws IOException {
    for (Path jar : jars.jars()) {
      layout.file(HOME + "/lib/" + jar.getFileName(), jar);
    }
    layout.text(HOME + "/lib/classpath", String.join("\n", jars.names()) + "\n");
    layout.tree(HOME + "/runtime", runtime);
  }

  /// Adds what is bundled and under which terms.
  void terms(Layout layout, Bundle jars, ThirdParty others) throws IOException {
    layout.text(DOCUMENTS + "/copyright", others.copyright());
    layout.text(DOCUMENTS + "/bom.cdx.json", others.json());
    ThirdParty.terms(layout, DOCUMENTS + "/licenses", jars);
  }

  String source(String name) throws IOException {
    return Files.readString(sources().resolve(name));
  }
}
