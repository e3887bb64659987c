package dev.baton.service.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.service.config.ConfigKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// docs/configuration.md names exactly the keys that there are, and says truly which are live.
class ConfigurationDocumentTest {
  private static final Path DOCUMENT = Path.of("../../docs/configuration.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `([A-Za-z.\\[\\]]+)` \\| (yes|no) \\|.*\\| .+ \\|");

  @TempDir Path folder;

  @Test
  void namesEveryKeyAndNoOther() throws Exception {
    Map<String, Boolean> documented = new TreeMap<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        assertThat(documented.put(row.group(1), row.group(2).equals("yes")))
            .as("%s is there once", row.group(1))
            .isNull();
      }
    }
    Map<String, Boolean> known = new TreeMap<>();
    for (ConfigKeys.Key key : AgentConfig.KEYS.all()) {
      known.put(key.path(), key.live());
    }
    assertThat(documented).containsExactlyEntriesOf(known);
  }

  @Test
  void itsExampleIsAConfigurationAndItsDefaultsAreTrue() throws Exception {
    String document = Files.readString(DOCUMENT);
    int begin = document.indexOf("```yaml\n") + "```yaml\n".length();
    Path file = folder.resolve("example.yaml");
    Files.writeString(file, document.substring(begin, document.indexOf("```", begin)));
    AgentConfig.Service service = AgentConfig.read(file).services().getFirst();
    Map<String, Object> values =
        Map.ofEntries(
            Map.entry("engine", "`" + service.engine() + "`"),
            Map.entry("adminUser", "`" + service.adminUser() + "`"),
            Map.entry("durability", "`" + service.durability() + "`"),
            Map.entry("memoryBytes", service.memoryBytes()),
            Map.entry("memoryDiskBytes", service.memoryDiskBytes()),
            Map.entry("twins", "`" + service.twins() + "`"),
            Map.entry("automatic", "`" + service.automatic() + "`"),
            Map.entry("holdMillis", service.holdMillis()),
            Map.entry("keepAliveMillis", service.keepAliveMillis()),
            Map.entry("maxClients", service.maxClients()),
            Map.entry("maxTransactionBytes", service.maxTransactionBytes()),
            Map.entry("maxMessageBytes", service.maxMessageBytes()),
            Map.entry("loginMillis", service.loginMillis()),
            Map.entry("maxLoggingIn", service.maxLoggingIn()));
    List<String> lines = document.lines().toList();
    values.forEach(
        (key, value) ->
            assertThat(lines)
                .as("default of %s", key)
                .anyMatch(
                    line -> line.startsWith("| `services[]." + key + "` | no | " + value + " |")));
  }
}
