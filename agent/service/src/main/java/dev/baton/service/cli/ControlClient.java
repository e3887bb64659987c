package dev.baton.service.cli;

import dev.baton.model.Json;
import dev.baton.model.view.Problem;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Asks an agent's control interface. Of several addresses the first that takes the connection is
/// used; a request that was sent is never sent again.
final class ControlClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(20);

  private final List<String> addresses;
  private final @Nullable String token;
  private final @Nullable String user;
  private final HttpClient http;

  /// @param addresses base URLs, at least one
  /// @param token of the operator; null: only reading
  /// @param user who asks, for the history
  /// @param tls null: as Java does it
  ControlClient(
      List<String> addresses,
      @Nullable String token,
      @Nullable String user,
      @Nullable SSLContext tls) {
    this.addresses = addresses;
    this.token = token;
    this.user = user;
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    this.http = (tls == null ? builder : builder.sslContext(tls)).build();
  }

  JsonNode get(String path) {
    return Json.MAPPER.readTree(send("GET", path, null));
  }

  <T> T get(String path, Class<T> type) {
    return Json.MAPPER.treeToValue(get(path), type);
  }

  /// What is no JSON.
  String text(String path) {
    return send("GET", path, null);
  }

  JsonNode post(String path, Object body) {
    return Json.MAPPER.readTree(send("POST", path, Json.MAPPER.writeValueAsString(body)));
  }

  void delete(String path) {
    String _ = send("DELETE", path, null);
  }

  private String send(String method, String path, @Nullable String body) {
    List<String> silent = new ArrayList<>();
    for (String address : addresses) {
      try {
        return answer(
            address, http.send(request(address, method, path, body), BodyHandlers.ofString()));
      } catch (ConnectException | HttpConnectTimeoutException e) {
        silent.add(address);
      } catch (SSLException e) {
        throw new CommandFailed(
            "no TLS with the agent at %s: %s; give the authorities of its certificate by --ca-file or BATON_CA_FILE"
                .formatted(address, e.getMessage()),
            e);
      } catch (HttpTimeoutException e) {
        throw new CommandFailed(
            "the agent at %s took the request %s %s and did not answer within %d s; look at 'baton status' before you repeat it"
                .formatted(address, method, path, ANSWER.toSeconds()),
            e);
      } catch (IOException e) {
        throw new CommandFailed(
            "the connection to the agent at %s broke during %s %s: %s"
                .formatted(address, method, path, e.getMessage()),
            e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailed("interrupted", e);
      }
    }
    throw new CommandFailed(
        "no agent answers at %s; start one, or name another by --connect URL or --demo DIR"
            .formatted(String.join(" or ", silent)));
  }

  private HttpRequest request(String address, String method, String path, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(address, path))
            .timeout(ANSWER)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request
          .header("Content-Type", "application/json")
          .header("Idempotency-Key", UUID.randomUUID().toString());
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (user != null) {
      request.header("Baton-User", user);
    }
    return request.build();
  }

  private static URI uri(String address, String path) {
    try {
      URI uri =
          URI.create(
              (address.endsWith("/") ? address.substring(0, address.length() - 1) : address)
                  + path);
      if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new CommandFailed(
        "'" + address + "' is no address of an agent; one looks like http://127.0.0.1:6434");
  }

  private String answer(String address, HttpResponse<String> response) {
    if (response.statusCode() < 400) {
      return response.body();
    }
    Problem problem = problem(response);
    if (problem == null) {
      throw new CommandFailed(
          "%s answered with status %d and is no agent's control interface"
              .formatted(address, response.statusCode()));
    }
    String hint =
        problem.status() == 401 && token == null
            ? "; give the token's file by --token-file or BATON_TOKEN_FILE"
            : "";
    throw new CommandFailed(problem.title() + ": " + problem.detail() + hint, problem);
  }

  private static @Nullable Problem problem(HttpResponse<String> response) {
    try {
      return response
              .headers()
              .firstValue("content-type")
              .orElse("")
              .startsWith("application/problem+json")
          ? Json.MAPPER.readValue(response.body(), Problem.class)
          : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
