package dev.baton.service.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.Json;
import dev.baton.model.Movability;
import dev.baton.net.Transport;
import dev.baton.service.control.Router.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The description that agents serve is that of the code, and answers are as it says.
class OpenApiTest {
  private static final Path COMMITTED =
      Path.of("src/main/resources/dev/baton/service/control/openapi.json");

  private final FakeControlSource source = new FakeControlSource();
  private Transport transport;
  private ControlServer server;

  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    transport = Transport.open(1);
    Path token = folder.resolve("operator.token");
    OperatorToken.create(token);
    server = ControlServer.open(ControlSettings.loopback(0, token), source, transport);
  }

  @AfterEach
  void close() {
    server.close();
    transport.close();
  }

  private static ObjectNode generated() throws IOException {
    return OpenApiDocument.of(
        SourceComments.of(
            Path.of("../../shared-model/src/main/java"),
            Path.of("src/main/java/dev/baton/service/control")));
  }

  @Test
  void theCommittedDescriptionIsThatOfTheCode() throws IOException {
    String text = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(generated());
    if (Boolean.getBoolean("openapi.write")) {
      Files.writeString(COMMITTED, text + "\n");
    }
    assertThat(Files.readString(COMMITTED))
        .as("run this test with -Dopenapi.write=true and look at what changes in %s", COMMITTED)
        .isEqualTo(text + "\n");
  }

  @Test
  void agentsServeIt() throws IOException {
    assertThat(get("/v1/openapi")).isEqualTo(Json.MAPPER.readTree(Files.readString(COMMITTED)));
  }

  /// Words that nobody wrote help nobody.
  @Test
  void whatStandsInTheSourceIsInIt() throws IOException {
    JsonNode properties =
        generated().path("components").path("schemas").path("LoadView").path("properties");
    assertThat(properties.path("cpuPercent").path("description").asString())
        .isEqualTo("of all cores of the host, 0 to 100");
  }

  private JsonNode get(String path) throws IOException {
    String answer =
        Raw.ask(
            server.address(),
            "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertThat(answer).as(path).startsWith("HTTP/1.1 200");
    return Json.MAPPER.readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
  }

  @Test
  void answersAreAsItSays() throws IOException {
    ObjectNode document = generated();
    source.audit.record(
        new dev.baton.service.audit.AuditEvent("a", "admin", "", "x", "", "", "done", ""));
    List<String> problems = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    for (Resource resource : Resource.values()) {
      Contract contract = Contract.of(resource);
      if (resource.changes()
          || contract.answer() == null
          || resource == Resource.STREAM
          || resource == Resource.REPLICA) { // not one, in this cluster
        continue;
      }
      asked.add(resource.path());
      JsonNode schema =
          document
              .path("paths")
              .path(resource.path())
              .path("get")
              .path("responses")
              .path("200")
              .path("content")
              .path("application/json")
              .path("schema");
      JsonNode answer =
          get(resource.path().replace("{id}", resource == Resource.DRILL ? "a-1" : "1"));
      assertThat(answer.isEmpty() && resource != Resource.MAINTENANCE)
          .as(resource.path())
          .isFalse();
      check(document, schema, answer, resource.path(), problems);
    }
    assertThat(problems).isEmpty();
    assertThat(asked).hasSizeGreaterThan(15);
  }

  /// A checker that finds nothing would find everything in order.
  @Test
  void whatIsNotAsItSaysIsFound() throws IOException {
    ObjectNode document = generated();
    JsonNode schema = Json.MAPPER.readTree("{\"$ref\":\"#/components/schemas/SessionView\"}");
    ObjectNode answer =
        Json.MAPPER.valueToTree(FakeControlSource.session("w-1", "u", "idle", Movability.MOVABLE));
    answer.put("requests", "many").put("colour", "red").remove("home");
    answer.put("measuredAt", "noon");
    List<String> problems = new ArrayList<>();
    check(document, schema, answer, "", problems);
    assertThat(new TreeSet<>(problems))
        .containsExactly(
            "/colour is not described",
            "/home is missing",
            "/measuredAt is no time",
            "/requests is STRING, not \"integer\"");
  }

  private static void check(
      JsonNode document, JsonNode schema, JsonNode value, String at, List<String> problems) {
    if (schema.has("$ref")) {
      String name = schema.get("$ref").asString().replaceFirst(".*/", "");
      check(document, document.path("components").path("schemas").path(name), value, at, problems);
      return;
    }
    if (schema.has("anyOf")) {
      if (!value.isNull()) {
        check(document, schema.get("anyOf").get(0), value, at, problems);
      }
      return;
    }
    JsonNode type = Objects.requireNonNull(schema.get("type"), () -> at + ": no type in " + schema);
    if (value.isNull() && type.isArray()) {
      return;
    }
    String wanted = type.isArray() ? type.get(0).asString() : type.asString();
    boolean fits =
        switch (wanted) {
          case "object" -> value.isObject();
          case "array" -> value.isArray();
          case "string" -> value.isString();
          case "integer" -> value.isIntegralNumber();
          case "number" -> value.isNumber();
          case "boolean" -> value.isBoolean();
          default -> false;
        };
    if (!fits) {
      problems.add(at + " is " + value.getNodeType() + ", not " + type);
      return;
    }
    if (schema.path("format").asString("").equals("date-time")) {
      try {
        Instant.parse(value.asString());
      } catch (java.time.format.DateTimeParseException e) {
        problems.add(at + " is no time");
      }
    }
    if (schema.has("enum")
        && schema.get("enum").valueStream().noneMatch(word -> word.equals(value))) {
      problems.add(at + " is " + value + ", none of " + schema.get("enum"));
    }
    value
        .valueStream()
        .filter(_ -> value.isArray())
        .forEach(each -> check(document, schema.get("items"), each, at + "[]", problems));
    if (value.isObject()) {
      checkObject(document, schema, value, at, problems);
    }
  }

  private static void checkObject(
      JsonNode document, JsonNode schema, JsonNode value, String at, List<String> problems) {
    schema
        .path("required")
        .valueStream()
        .filter(name -> !value.has(name.asString()))
        .forEach(name -> problems.add(at + "/" + name.asString() + " is missing"));
    value
        .properties()
        .forEach(
            each -> {
              JsonNode described = schema.path("properties").get(each.getKey());
              String path = at + "/" + each.getKey();
              if (described != null) {
                check(document, described, each.getValue(), path, problems);
              } else if (schema.path("additionalProperties").isObject()) {
                check(
                    document, schema.get("additionalProperties"), each.getValue(), path, problems);
              } else {
                problems.add(path + " is not described");
              }
            });
  }
}
