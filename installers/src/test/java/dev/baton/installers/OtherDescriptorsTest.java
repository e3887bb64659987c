package dev.baton.installers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.service.agent.AgentConfig;
import dev.baton.service.cli.Baton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Descriptors for containers and for other systems, as far as this one can check them: their form,
/// the commands in them, the configurations that they name. None of them is run here.
class OtherDescriptorsTest {
  private static final Path SOURCES = Path.of("src/packaging");
  private static final YAMLMapper YAML = new YAMLMapper();

  private static void parses(JsonNode words) {
    List<String> arguments = new ArrayList<>();
    words.forEach(word -> arguments.add(word.asString()));
    assertThat(Baton.model().parseArgs(arguments.toArray(String[]::new)).errors()).isEmpty();
  }

  @Test
  void theComposeFileStartsWhatThereIsWithConfigurationsThatAre() throws Exception {
    Path folder = SOURCES.resolve("container");
    JsonNode compose = YAML.readTree(Files.readString(folder.resolve("compose.yaml")));
    Set<String> volumes = new TreeSet<>();
    compose.path("volumes").propertyNames().forEach(volumes::add);
    int agents = 0;
    for (var service : compose.path("services").properties()) {
      JsonNode command = service.getValue().path("command");
      if (service.getKey().startsWith("coordination-")) {
        parses(command);
      }
      for (JsonNode mount : service.getValue().path("volumes")) {
        String source = mount.asString().replaceAll(":.*", "");
        assertThat(
                source.startsWith("./")
                    ? Files.exists(folder.resolve(source))
                    : volumes.contains(source))
            .as(service.getKey() + " " + source)
            .isTrue();
      }
      if (service.getKey().startsWith("agent-")) {
        agents++;
        JsonNode test = service.getValue().path("healthcheck").path("test");
        assertThat(test.get(1).asString()).isEqualTo("baton");
        String control = test.get(test.size() - 1).asString();
        AgentConfig config =
            AgentConfig.read(folder.resolve(service.getKey().substring(6) + ".yaml"));
        assertThat(control).endsWith(":" + config.ports().control());
      }
    }
    assertThat(agents).isEqualTo(3);
  }

  @Test
  void hostsOfTheTrialShareOneNetworkAndNoPort() throws Exception {
    Set<Integer> ports = new TreeSet<>();
    for (String host : List.of("a", "b", "w")) {
      AgentConfig config = AgentConfig.read(SOURCES.resolve("container/" + host + ".yaml"));
      assertThat(config.host()).isEqualTo(host);
      List<Integer> own = new ArrayList<>();
      own.addAll(
          List.of(config.ports().clients(), config.ports().peers(), config.ports().control()));
      own.add(Integer.parseInt(config.coordination().replaceAll(".*:", "")));
      for (AgentConfig.Service service : config.services()) {
        if (service.carriesInstance()) {
          own.addAll(List.of(service.port(), service.relayPort()));
        }
      }
      assertThat(own)
          .allSatisfy(port -> assertThat(ports.add(port)).as(host + " " + port).isTrue());
    }
  }

  @Test
  void thePodsContainersHaveProbesAndRunWhatThereIs() throws Exception {
    List<JsonNode> documents = new ArrayList<>();
    for (String part :
        Files.readString(SOURCES.resolve("kubernetes/trial.yaml")).split("(?m)^---$")) {
      documents.add(YAML.readTree(part));
    }
    assertThat(documents)
        .extracting(each -> each.path("kind").asString())
        .containsExactly("Service", "StatefulSet");
    JsonNode pod = documents.getLast().path("spec").path("template").path("spec");
    assertThat(pod.path("containers").size()).isEqualTo(6);
    Set<String> volumes = new TreeSet<>(Set.of("files"));
    pod.path("volumes").forEach(volume -> volumes.add(volume.path("name").asString()));
    for (JsonNode container : pod.path("containers")) {
      String name = container.path("name").asString();
      assertThat(container.has("livenessProbe")).as(name).isTrue();
      assertThat(container.path("securityContext").path("allowPrivilegeEscalation").asBoolean(true))
          .as(name)
          .isFalse();
      for (JsonNode mount : container.path("volumeMounts")) {
        assertThat(volumes).contains(mount.path("name").asString());
      }
      if (name.startsWith("coordination-")) {
        parses(container.path("args"));
      } else {
        AgentConfig config =
            AgentConfig.read(SOURCES.resolve("container/" + name.substring(6) + ".yaml"));
        assertThat(container.path("readinessProbe").toString())
            .contains("/127.0.0.1/" + config.ports().control() + " ", "GET /health HTTP");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows/baton-agent.xml", "macos/dev.baton.agent.plist"})
  void descriptorsOfOtherServiceManagersAreWellFormedAndStartTheAgent(String file)
      throws Exception {
    DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    builder.setEntityResolver((_, _) -> new InputSource(new java.io.StringReader("")));
    Document document = builder.parse(SOURCES.resolve(file).toFile());
    assertThat(document.getDocumentElement().getTextContent())
        .containsPattern("agent\\s+--config\\s")
        .contains("agent.yaml");
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows/console-msi.args", "macos/console-dmg.args"})
  void optionsOfTheConsolesInstallersAreJpackages(String file) throws Exception {
    assertThat(ToolProvider.findFirst("jpackage")).isPresent();
    for (String line : Files.readAllLines(SOURCES.resolve(file))) {
      if (!line.startsWith("#")) {
        String option = line.replaceAll(" .*", "");
        // its own help tells only the options of the system that it runs on
        assertThat(option).as(file).isIn(JPACKAGE);
      }
    }
    assertThat(Files.readString(SOURCES.resolve(file)))
        .contains("--main-class " + ConsoleLayout.MAIN);
    assertThat(ConsoleLayout.JVM)
        .allSatisfy(option -> assertThat(SOURCES.resolve(file)).content().contains(option));
  }

  /// As the manual of JDK 25 has them.
  private static final Set<String> JPACKAGE =
      Set.of(
          "--type",
          "--name",
          "--main-class",
          "--java-options",
          "--vendor",
          "--win-menu",
          "--win-menu-group",
          "--win-shortcut-prompt",
          "--win-dir-chooser",
          "--win-per-user-install",
          "--win-upgrade-uuid",
          "--mac-package-identifier",
          "--mac-package-name",
          "--mac-app-category");
}
