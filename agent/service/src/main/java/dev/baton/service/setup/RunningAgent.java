package dev.baton.service.setup;

import dev.baton.model.Json;
import dev.baton.model.view.HostView;
import dev.baton.service.agent.AgentConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The agent of this host, when one runs.
@FunctionalInterface
interface RunningAgent {
  Duration BOUND = Duration.ofSeconds(3);

  /// What it knows of the hosts of its cluster; empty when none answers.
  Optional<List<HostView>> hosts();

  /// Where it serves TLS, which wants to be believed, only whether somebody listens is asked.
  static RunningAgent of(AgentConfig config) {
    int port = config.ports().control();
    if (config.control().tls() == null) {
      return at(port);
    }
    return () -> {
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(config.bind(), port), Math.toIntExact(BOUND.toMillis()));
        return Optional.of(List.of());
      } catch (IOException e) {
        return Optional.empty();
      }
    };
  }

  /// At a control port of the loopback address.
  static RunningAgent at(int port) {
    return () -> {
      try (HttpClient http =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(BOUND)
              .build()) {
        String body =
            http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/hosts"))
                        .timeout(BOUND)
                        .build(),
                    BodyHandlers.ofString())
                .body();
        List<HostView> hosts = new ArrayList<>();
        for (JsonNode host : Json.MAPPER.readTree(body)) {
          hosts.add(Json.MAPPER.treeToValue(host, HostView.class));
        }
        return Optional.of(hosts);
      } catch (IOException | JacksonException e) {
        return Optional.empty();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    };
  }
}
