package dev.baton.service.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.Json;
import dev.baton.model.view.Problem;
import dev.baton.net.Transport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A control server, and a client that asks it.
abstract class ControlStage {
  final FakeControlSource source = new FakeControlSource();
  final HttpClient client = HttpClient.newHttpClient();
  Transport transport;
  ControlServer server;
  String token;
  @TempDir Path folder;

  static final String PLAN = "{\"service\":\"app\"}";

  @BeforeEach
  void open() throws IOException {
    transport = Transport.open(1);
    Path file = folder.resolve("operator.token");
    OperatorToken.create(file);
    token = Files.readString(file).strip();
    server = ControlServer.open(ControlSettings.loopback(0, file), source, transport);
  }

  @AfterEach
  void close() {
    server.close();
    transport.close();
    client.close();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(Duration.ofSeconds(60));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  HttpRequest.Builder post(String path, String body) {
    return request(path)
        .header("Content-Type", "application/json")
        .header("Authorization", "Bearer " + token)
        .POST(BodyPublishers.ofString(body));
  }

  static Problem problem(HttpResponse<String> response) {
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    Problem problem = Json.MAPPER.readValue(response.body(), Problem.class);
    assertThat(problem.status()).isEqualTo(response.statusCode());
    assertThat(problem.type()).startsWith("urn:baton:problem:");
    return problem;
  }
}
