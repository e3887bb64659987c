package dev.baton.installers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is bundled that others have made, and under which terms: from the bill of materials
/// (CycloneDX) of a module, and from the jars.
///
/// @param bill as far as it is bundled, with the Java runtime
record ThirdParty(ObjectNode bill) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern TERMS =
      Pattern.compile("META-INF/((LICENSE|LICENCE|NOTICE|AL2\\.0|LGPL2\\.1)[^/]*|license/[^/]+)");

  /// @param bom written by the build for a module
  /// @param jars that are bundled
  static ThirdParty of(Path bom, Bundle jars, String javaVersion) throws IOException {
    ObjectNode bill = (ObjectNode) JSON.readTree(Files.readString(bom));
    ArrayNode bundled = JSON.createArrayNode();
    for (JsonNode component : bill.path("components")) {
      String name = component.path("name").asString() + "-" + component.path("version").asString();
      if (jars.names().stream().anyMatch(jar -> jar.startsWith(name))) {
        bundled.add(component);
      }
    }
    ObjectNode runtime = JSON.createObjectNode();
    runtime.put("type", "platform");
    runtime.put("name", "openjdk");
    runtime.put("version", javaVersion);
    runtime.put("purl", "pkg:generic/openjdk@" + javaVersion);
    runtime
        .putArray("licenses")
        .addObject()
        .put("expression", "GPL-2.0-only WITH Classpath-exception-2.0");
    bundled.add(runtime);
    bill.set("components", bundled);
    bill.remove("dependencies"); // names components that are not bundled
    return new ThirdParty(bill);
  }

  String json() {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(bill) + "\n";
  }

  /// One line for each component: name, version, licences.
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (JsonNode component : bill.path("components")) {
      TreeSet<String> licences = new TreeSet<>();
      for (JsonNode each : component.path("licenses")) {
        licences.add(
            each.has("expression")
                ? each.path("expression").asString()
                : each.path("license")
                    .path("id")
                    .asString(each.path("license").path("name").asString()));
      }
      lines.add(
          "%s %s: %s"
              .formatted(
                  component.path("name").asString(),
                  component.path("version").asString(),
                  licences.isEmpty() ? "see its own files" : String.join(" or ", licences)));
    }
    return lines.stream().sorted().toList();
  }

  /// Adds the terms that the jars bring along, a folder for each jar.
  static void terms(Layout layout, String folder, Bundle jars) throws IOException {
    for (Path jar : jars.jars()) {
      try (JarFile file = new JarFile(jar.toFile())) {
        for (JarEntry entry : file.stream().toList()) {
          if (!entry.isDirectory() && TERMS.matcher(entry.getName()).matches()) {
            String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
            layout.text(
                folder + "/" + jar.getFileName().toString().replaceAll("\\.jar$", "") + "/" + name,
                new String(file.getInputStream(entry).readAllBytes(), UTF_8));
          }
        }
      }
    }
  }

  /// The file `copyright` of a package, as Debian's policy wants it.
  String copyright() {
    return """
    This package is Baton with the software that it is built upon.

    Copyright: the authors of Baton, who have declared no licence and keep all rights.

    Bundled, with the terms that each names; their texts are in the folder licenses beside this
    file, those of the Java runtime in its folder legal. The texts of the Apache License 2.0, the
    GPL and the LGPL are in /usr/share/common-licenses of a Debian system.

    """
        + lines().stream().map(line -> "  " + line + "\n").collect(Collectors.joining());
  }

  static String architecture() {
    return System.getProperty("os.arch").toLowerCase(Locale.ROOT);
  }
}
