package dev.baton.console.link;

import dev.baton.model.Json;
import dev.baton.model.view.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/// Requests and answers of the control interface, JSON both ways.
final class ControlRequests {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);

  private static final Pattern USER = Pattern.compile("[A-Za-z0-9._@-]{1,64}");
  private static final int HUNDRED = 100;
  private static final int UNAVAILABLE = 503; // also said before anything was done

  private final HttpClient http;
  private final OperatorToken token;
  private final Supplier<URI> address;
  private final String user = System.getProperty("user.name", "");

  ControlRequests(HttpClient http, OperatorToken token, Supplier<URI> address) {
    this.http = http;
    this.token = token;
    this.address = address;
  }

  /// Fails with [Refusal] or [IOException], as [Operations] says.
  <T> CompletionStage<T> post(String path, Object body, Class<T> answer) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.MAPPER.writeValueAsString(body)));
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
        .thenCompose(response -> read(response, answer));
  }

  /// As [#post], for what changes nothing.
  <T> CompletionStage<T> get(String path, Class<T> answer) {
    return http.sendAsync(request(path).GET().build(), HttpResponse.BodyHandlers.ofString())
        .thenCompose(response -> read(response, answer));
  }

  /// As [#post], for what answers nothing.
  CompletionStage<Void> delete(String path) {
    return http.sendAsync(request(path).DELETE().build(), HttpResponse.BodyHandlers.ofString())
        .thenCompose(
            response ->
                response.statusCode() / HUNDRED == 2
                    ? CompletableFuture.completedFuture(null)
                    : ControlRequests.<Void>read(response, Void.class));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address.get() + path))
            .timeout(ANSWER_WITHIN)
            .header("Accept", "application/json, application/problem+json");
    if (USER.matcher(user).matches()) {
      request.header("Baton-User", user); // who it was, for the history
    }
    token.authorization().ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  private static <T> CompletionStage<T> read(HttpResponse<String> response, Class<T> answer) {
    int status = response.statusCode();
    try {
      if (status >= 200 && status < 300) {
        return CompletableFuture.completedFuture(Json.MAPPER.readValue(response.body(), answer));
      }
      if ((status >= 400 && status < 500) || status == UNAVAILABLE) {
        return CompletableFuture.failedFuture(new Refusal(problem(response)));
      }
      return CompletableFuture.failedFuture(new IOException(problem(response).detail()));
    } catch (JacksonException e) {
      return CompletableFuture.failedFuture(
          new IOException("the agent's answer is not understood: " + e.getOriginalMessage(), e));
    }
  }

  private static Problem problem(HttpResponse<String> response) {
    try {
      return Json.MAPPER.readValue(response.body(), Problem.class);
    } catch (JacksonException e) {
      String detail = "HTTP status " + response.statusCode() + " from " + response.uri();
      return new Problem("about:blank", "refused", response.statusCode(), detail, null);
    }
  }
}
