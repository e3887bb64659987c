package dev.baton.service.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads a file of YAML into a record.
public final class ConfigReader {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build();

  private ConfigReader() {}

  /// @param value as it was read; nothing of its values is checked but their types
  /// @param text for the lines of its keys
  public record Read<T extends Record>(T value, ConfigText text) {}

  /// @throws InvalidConfig naming every key that is wrong, with its line
  public static <T extends Record> Read<T> read(Path file, Class<T> type) throws InvalidConfig {
    ConfigText text;
    try {
      text = ConfigText.read(file, ConfigKeys.of(type));
    } catch (IOException e) {
      throw new InvalidConfig(List.of(file + " cannot be read: " + e.getMessage()));
    }
    if (!text.problems().isEmpty()) {
      throw new InvalidConfig(text.problems());
    }
    try {
      return new Read<>(YAML.readValue(text.text(), type), text);
    } catch (JacksonException e) {
      throw new InvalidConfig(List.of(problem(text, e)));
    }
  }

  private static String problem(ConfigText text, JacksonException e) {
    String path = e instanceof DatabindException bind ? path(bind) : "";
    String what =
        switch (e) {
          case ValueInstantiationException made
              when made.getCause() != null && made.getCause().getMessage() != null ->
              made.getCause().getMessage();
          case InvalidFormatException format when format.getTargetType() != null ->
              "expected " + kind(format.getTargetType()) + ", not '" + format.getValue() + "'";
          case MismatchedInputException mismatch when mismatch.getTargetType() != null ->
              "expected " + kind(mismatch.getTargetType());
          default -> e.getOriginalMessage();
        };
    return text.where(path) + ": " + path + ": " + what;
  }

  private static String kind(Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a whole number";
    }
    return Collection.class.isAssignableFrom(type) ? "a list" : type.isRecord() ? "keys" : "a text";
  }

  private static String path(DatabindException e) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference part : e.getPath()) {
      if (part.getPropertyName() == null) {
        path.append('[').append(part.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(part.getPropertyName());
      }
    }
    return path.toString();
  }
}
