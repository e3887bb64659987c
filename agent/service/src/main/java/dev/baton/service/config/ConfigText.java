package dev.baton.service.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// A file of YAML as it is written: which keys stand in which line.
public final class ConfigText {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final int MAX_BYTES = 1 << 20;

  private final Path file;
  private final String text;
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  private ConfigText(Path file, String text) {
    this.file = file;
    this.text = text;
  }

  /// @param known keys that may be there
  public static ConfigText read(Path file, ConfigKeys known) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(file + " has more than " + MAX_BYTES + " bytes: no configuration has");
    }
    ConfigText read = new ConfigText(file, Files.readString(file));
    try (JsonParser parser = YAML.createParser(read.text)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        read.object(parser, "", known);
      } else {
        read.problems.add(file + ": not a list of keys with values");
      }
    } catch (JacksonException e) {
      read.problems.add(read.at(line(e.getLocation())) + ": " + oneLine(e.getOriginalMessage()));
    }
    return read;
  }

  private void object(JsonParser parser, String prefix, ConfigKeys known) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String path = prefix + parser.currentName();
      int line = line(parser.currentTokenLocation());
      if (lines.putIfAbsent(path, line) != null) {
        problems.add(
            at(line) + ": key '" + path + "' is there already, in line " + lines.get(path));
      }
      boolean unknown = !known.contains(path);
      if (unknown) {
        problems.add(
            at(line)
                + ": unknown key '"
                + path
                + "'"
                + known.nearest(path).map(near -> ", did you mean '" + near + "'?").orElse(""));
      }
      parser.nextToken();
      if (unknown) {
        parser.skipChildren();
      } else {
        value(parser, path, known);
      }
    }
  }

  private void value(JsonParser parser, String path, ConfigKeys known) {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      object(parser, path + ".", known);
    } else if (parser.currentToken() == JsonToken.START_ARRAY) {
      for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
        String element = path + "[" + i + "]";
        lines.put(element, line(parser.currentTokenLocation()));
        value(parser, element, known);
      }
    }
  }

  private static int line(TokenStreamLocation location) {
    return location.getLineNr();
  }

  private static String oneLine(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse(text);
  }

  /// Text of the file.
  String text() {
    return text;
  }

  /// What is wrong with the keys, in the order of the lines.
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /// Where a key stands: file and line, or the line of what it would stand in.
  ///
  /// @param path with numbers of elements: `services[0].port`
  public String where(String path) {
    String at = path;
    while (!at.isEmpty()) {
      Optional<Integer> line = Optional.ofNullable(lines.get(at));
      if (line.isPresent()) {
        return at(line.get());
      }
      int cut = Math.max(at.lastIndexOf('.'), at.endsWith("]") ? at.lastIndexOf('[') : -1);
      at = cut < 0 ? "" : at.substring(0, cut);
    }
    return file.toString();
  }

  private String at(int line) {
    return line < 1 ? file.toString() : file + " line " + line;
  }
}
