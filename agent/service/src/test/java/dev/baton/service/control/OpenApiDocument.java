package dev.baton.service.control;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.baton.model.Json;
import dev.baton.model.view.Problem;
import dev.baton.service.control.Router.Resource;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The OpenAPI description of the control interface, made from its routes and records.
final class OpenApiDocument {
  private final SourceComments comments;
  private final Map<String, ObjectNode> schemas = new TreeMap<>();

  private OpenApiDocument(SourceComments comments) {
    this.comments = comments;
  }

  static ObjectNode of(SourceComments comments) {
    return new OpenApiDocument(comments).document();
  }

  private static ObjectNode object() {
    return Json.MAPPER.createObjectNode();
  }

  private ObjectNode document() {
    ObjectNode root = object();
    root.put("openapi", "3.1.0");
    root.putObject("info")
        .put("title", "Baton, control interface of an agent")
        .put("version", "1")
        .put(
            "description",
            "Times are ISO 8601 in UTC, sizes bytes, durations in the unit that ends their name."
                + " Refusals are problem details (RFC 9457). A POST with an Idempotency-Key is done"
                + " once within an hour.");
    ObjectNode paths = root.putObject("paths");
    for (Resource resource : Resource.values()) {
      ObjectNode path = (ObjectNode) paths.get(resource.path());
      if (path == null) {
        path = paths.putObject(resource.path());
      }
      path.set(resource.method().toLowerCase(Locale.ROOT), operation(resource));
    }
    reference(Problem.class);
    ObjectNode components = root.putObject("components");
    ObjectNode all = components.putObject("schemas");
    schemas.forEach(all::set);
    ObjectNode schemes = components.putObject("securitySchemes");
    schemes.putObject("token").put("type", "http").put("scheme", "bearer");
    schemes.putObject("certificate").put("type", "mutualTLS");
    return root;
  }

  private ObjectNode operation(Resource resource) {
    Contract contract = Contract.of(resource);
    ObjectNode operation = object();
    operation.put("operationId", resource.action());
    operation.put("summary", contract.summary());
    operation.put(
        "description",
        resource.open()
            ? "Needs no token."
            : "Needs the role %s%s."
                .formatted(
                    resource.role(),
                    resource.role() == Role.VIEWER
                        ? ", or nothing on the loopback address without TLS"
                        : ""));
    parameters(resource, operation);
    if (contract.request() != null) {
      ObjectNode body = operation.putObject("requestBody").put("required", true);
      body.putObject("content")
          .putObject("application/json")
          .set("schema", reference(contract.request()));
    }
    ObjectNode responses = operation.putObject("responses");
    ObjectNode success = responses.putObject(Integer.toString(contract.status()));
    success.put("description", contract.summary());
    content(resource, contract, success);
    if (resource.open()) {
      content(resource, contract, responses.putObject("503").put("description", "It is not so"));
    }
    ObjectNode refusal = responses.putObject("default").put("description", "Why it was refused");
    refusal
        .putObject("content")
        .putObject("application/problem+json")
        .set("schema", reference(Problem.class));
    if (!resource.open()) {
      ArrayNode security = operation.putArray("security");
      security.addObject().putArray("token");
      security.addObject().putArray("certificate");
      if (resource.role() == Role.VIEWER) {
        security.addObject();
      }
    }
    return operation;
  }

  private void content(Resource resource, Contract contract, ObjectNode response) {
    if (contract.answer() != null) {
      ObjectNode schema = reference(contract.answer());
      if (contract.list()) {
        ObjectNode list = object().put("type", "array");
        list.set("items", schema);
        schema = list;
      }
      response.putObject("content").putObject("application/json").set("schema", schema);
    } else if (contract.status() != 204) {
      String type =
          switch (resource) {
            case METRICS -> "text/plain";
            case DRILL_REPORT -> "text/html";
            default -> "application/json";
          };
      response.putObject("content").putObject(type);
    }
  }

  private static void parameters(Resource resource, ObjectNode operation) {
    ArrayNode parameters = operation.putArray("parameters");
    if (resource.path().contains("{id}")) {
      parameter(parameters, "id", "path").put("required", true);
    }
    resource.parameters().forEach(name -> parameter(parameters, name, "query"));
    if (resource.changes()) {
      parameter(parameters, "Idempotency-Key", "header");
    }
  }

  private static ObjectNode parameter(ArrayNode to, String name, String in) {
    ObjectNode parameter = to.addObject().put("name", name).put("in", in);
    parameter.putObject("schema").put("type", "string");
    return parameter;
  }

  /// A record's schema is named, and described once.
  private ObjectNode reference(Class<?> type) {
    String name = type.getSimpleName();
    if (!schemas.containsKey(name)) {
      ObjectNode schema = object();
      schemas.put(name, schema); // first, since records may contain each other
      describe(type, schema);
    }
    return object().put("$ref", "#/components/schemas/" + name);
  }

  private void describe(Class<?> type, ObjectNode schema) {
    String name = type.getSimpleName();
    schema.put("type", "object");
    if (!comments.of(name).isEmpty()) {
      schema.put("description", comments.of(name));
    }
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (RecordComponent component : type.getRecordComponents()) {
      boolean nullable = isNullable(component.getAnnotatedType());
      ObjectNode property = schema(component.getAnnotatedType());
      ObjectNode whole = nullable ? orNull(property) : property;
      String text = comments.of(name + "." + component.getName());
      if (!text.isEmpty()) {
        whole.put("description", text);
      }
      properties.set(component.getName(), whole);
      if (!nullable) {
        required.add(component.getName());
      }
    }
    schema.put("additionalProperties", false);
  }

  private static boolean isNullable(AnnotatedType type) {
    return type.isAnnotationPresent(Nullable.class);
  }

  private static ObjectNode orNull(ObjectNode schema) {
    if (schema.has("$ref")) {
      ObjectNode either = object();
      either.putArray("anyOf").add(schema).add(object().put("type", "null"));
      return either;
    }
    ArrayNode types = Json.MAPPER.createArrayNode().add(schema.get("type")).add("null");
    schema.set("type", types);
    if (schema.has("enum")) {
      ((ArrayNode) schema.get("enum")).addNull();
    }
    return schema;
  }

  private ObjectNode schema(AnnotatedType annotated) {
    Type type = annotated.getType();
    if (type instanceof ParameterizedType generic) {
      AnnotatedType[] of =
          ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments();
      if (Collection.class.isAssignableFrom((Class<?>) generic.getRawType())) {
        ObjectNode list = object().put("type", "array");
        ObjectNode items = schema(of[0]);
        list.set("items", isNullable(of[0]) ? orNull(items) : items);
        return list;
      }
      if (Map.class.isAssignableFrom((Class<?>) generic.getRawType())) {
        ObjectNode map = object().put("type", "object");
        map.set("additionalProperties", schema(of[1]));
        return map;
      }
      throw new IllegalArgumentException("no schema for " + type);
    }
    return schema((Class<?>) type);
  }

  private ObjectNode schema(Class<?> type) {
    if (type == String.class || type == ZoneId.class) {
      return object().put("type", "string");
    }
    if (type == long.class || type == Long.class) {
      return object().put("type", "integer").put("format", "int64");
    }
    if (type == int.class || type == Integer.class) {
      return object().put("type", "integer").put("format", "int32");
    }
    if (type == double.class || type == Double.class) {
      return object().put("type", "number").put("format", "double");
    }
    if (type == boolean.class || type == Boolean.class) {
      return object().put("type", "boolean");
    }
    if (type == Instant.class) {
      return object().put("type", "string").put("format", "date-time");
    }
    if (type == LocalTime.class) {
      return object().put("type", "string").put("format", "time");
    }
    if (type.isEnum()) {
      ObjectNode words = object().put("type", "string");
      ArrayNode values = words.putArray("enum");
      for (Object constant : List.of(type.getEnumConstants())) {
        values.add(type == DayOfWeek.class ? ((Enum<?>) constant).name() : constant.toString());
      }
      return words;
    }
    if (Arrays.stream(type.getMethods()).anyMatch(OpenApiDocument::isJsonText)) {
      return object().put("type", "string");
    }
    if (type.isRecord()) {
      return reference(type);
    }
    throw new IllegalArgumentException("no schema for " + type);
  }

  private static boolean isJsonText(Method method) {
    return method.isAnnotationPresent(JsonValue.class) && method.getReturnType() == String.class;
  }
}
