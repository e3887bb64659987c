package dev.baton.lab.demo;

import dev.baton.model.Json;
import dev.baton.model.MoveKind;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.PolicyRequest;
import dev.baton.model.view.PolicyView;
import dev.baton.model.view.ServiceView;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// Asks the agents, as an operator's program would: any that answers.
final class ControlClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlClient.class);
  private static final Duration ANSWER_BOUND = Duration.ofSeconds(5);
  private static final Duration CONNECT_BOUND = Duration.ofSeconds(1);
  private static final Duration MOVE_BOUND = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 50;
  private static final String REASON = "demo";

  private final List<String> urls;
  private final Path tokenFile;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_BOUND)
          .build();

  ControlClient(List<String> urls, Path tokenFile) {
    this.urls = urls;
    this.tokenFile = tokenFile;
  }

  Optional<ServiceView> service(String name) throws IOException, InterruptedException {
    for (ServiceView service : get("/v1/services", ServiceView[].class)) {
      if (service.name().equals(name)) {
        return Optional.of(service);
      }
    }
    return Optional.empty();
  }

  List<MemoryView> memory() throws IOException, InterruptedException {
    return List.of(get("/v1/memory", MemoryView[].class));
  }

  /// Newest first.
  List<MoveView> moves() throws IOException, InterruptedException {
    return List.of(get("/v1/moves", MoveView[].class));
  }

  /// Plans, confirms and runs a move; returns when it has ended.
  ///
  /// @return whether it was done
  boolean move(String service, MoveKind kind) throws IOException, InterruptedException {
    PlanView plan = post("/v1/plans", new PlanRequest(service, kind, null, REASON), PlanView.class);
    if (!plan.runnable()) {
      LOG.warn("{} is refused: {}", kind, plan.guardrails());
      return false;
    }
    MoveView move =
        post("/v1/moves", new MoveRequest(plan.id(), plan.confirmation(), REASON), MoveView.class);
    long deadline = System.nanoTime() + MOVE_BOUND.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<MoveView> now =
          moves().stream()
              .filter(each -> each.id() == move.id() && each.service().equals(service))
              .findFirst();
      if (now.isPresent() && !now.get().outcome().equals("running")) {
        LOG.info("{} {}: {}", kind, now.get().outcome(), now.get().explanation());
        return now.get().outcome().equals("done");
      }
      Thread.sleep(POLL_MILLIS);
    }
    return false;
  }

  void policy(String service, PolicyRequest change) throws IOException, InterruptedException {
    PolicyView changed = post("/v1/policies/" + service, change, PolicyView.class);
    LOG.info("policy of {}: {}", service, changed.policy());
  }

  void maintenance(String host, MaintenanceRequest request)
      throws IOException, InterruptedException {
    MaintenanceView announced = post("/v1/maintenance/" + host, request, MaintenanceView.class);
    LOG.info("maintenance of {}: until={}", host, announced.until());
  }

  private <T> T get(String path, Class<T> type) throws IOException, InterruptedException {
    return any(path, null, type);
  }

  private <T> T post(String path, Object body, Class<T> type)
      throws IOException, InterruptedException {
    return any(path, Json.MAPPER.writeValueAsString(body), type);
  }

  private <T> T any(String path, @org.jspecify.annotations.Nullable String body, Class<T> type)
      throws IOException, InterruptedException {
    IOException last = new IOException("no agent answers " + path);
    for (String url : urls) {
      try {
        return one(url + path, body, type);
      } catch (Refused e) {
        throw e; // a decision, which another agent would repeat
      } catch (IOException e) {
        last.addSuppressed(e);
      }
    }
    throw last;
  }

  private <T> T one(String url, @org.jspecify.annotations.Nullable String body, Class<T> type)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(ANSWER_BOUND)
            .header("authorization", "Bearer " + Files.readString(tokenFile).strip());
    if (body != null) {
      request
          .header("content-type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(body));
    }
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 == 4) {
      throw new Refused(url + " answered " + answer.statusCode() + ": " + answer.body());
    }
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(url + " answered " + answer.statusCode() + ": " + answer.body());
    }
    try {
      return Json.MAPPER.readValue(answer.body(), type);
    } catch (JacksonException e) {
      throw new IOException(url + " answered what is no " + type.getSimpleName(), e);
    }
  }

  @Override
  public void close() {
    http.close();
  }

  /// The agent will not do this.
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }
}
