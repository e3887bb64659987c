package dev.baton.service.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.Json;
import dev.baton.model.Movability;
import dev.baton.model.view.AlarmView;
import dev.baton.model.view.SessionView;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What those who only ask get.
final class ControlQuestionsTest extends ControlStage {
  @Test
  void answersEveryQuestionWithTheSourcesView() throws Exception {
    var expected =
        java.util.Map.of(
            "/v1/status", source.status(),
            "/v1/services", source.services(),
            "/v1/hosts", source.hosts(),
            "/v1/sessions", source.sessions(),
            "/v1/positions", source.positions(),
            "/v1/memory", source.memory(),
            "/v1/moves", source.moves());
    for (var one : expected.entrySet()) {
      HttpResponse<String> response = get(one.getKey());
      assertThat(response.statusCode()).as(one.getKey()).isEqualTo(200);
      assertThat(Json.MAPPER.readTree(response.body()))
          .as(one.getKey())
          .isEqualTo(
              Json.MAPPER.readTree(
                  Json.MAPPER.writeValueAsBytes(one.getValue().toCompletableFuture().join())));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "user=bob, w-2 w-3",
    "user=BOB&state=idle, w-2",
    "movable=false, w-3",
    "client=10.0.0, w-1 w-2 w-3",
    "client=10.0.1, ''",
    "limit=2, w-1 w-2",
    "user=bob&limit=1, w-2",
  })
  void filtersSessions(String query, String ids) throws Exception {
    HttpResponse<String> response = get("/v1/sessions?" + query);
    SessionView[] rows = Json.MAPPER.readValue(response.body(), SessionView[].class);
    assertThat(rows)
        .extracting(SessionView::id)
        .containsExactly(ids.isEmpty() ? new String[0] : ids.split(" "));
  }

  @Test
  void saysHowManySessionsThereAreBeyondTheLimit() throws Exception {
    assertThat(get("/v1/sessions?limit=1").headers().firstValue("baton-total-count")).hasValue("3");
  }

  @Test
  void historyIsOfMovesThatHaveEnded() throws Exception {
    source.moves =
        List.of(FakeControlSource.move(2, "running"), FakeControlSource.move(1, "failed"));
    assertThat(Json.MAPPER.readTree(get("/v1/moves").body())).hasSize(2);
    assertThat(Json.MAPPER.readTree(get("/v1/history").body())).hasSize(1);
    assertThat(Json.MAPPER.readTree(get("/v1/moves/2").body()).get("outcome").asString())
        .isEqualTo("running");
    assertThat(problem(get("/v1/moves/9")).detail()).contains("no move has the number 9");
  }

  @ParameterizedTest
  @CsvSource({
    "primary, true, 200, 503, 200",
    "primary, false, 503, 503, 503",
    "standby, false, 503, 200, 200",
    "down, false, 503, 503, 503",
    "none, false, 503, 503, 503",
  })
  void tellsLoadBalancersWhereToSendWork(
      String role, boolean serving, int primary, int replica, int readOnly) throws Exception {
    source.role = role;
    source.serving = serving;
    assertThat(get("/primary").statusCode()).isEqualTo(primary);
    assertThat(get("/replica").statusCode()).isEqualTo(replica);
    assertThat(get("/read-only?service=app").statusCode()).isEqualTo(readOnly);
    HttpResponse<String> head = send(request("/primary").method("HEAD", BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(primary);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void isUnhealthyWithoutCoordinationOrInstance() throws Exception {
    assertThat(get("/health").statusCode()).isEqualTo(200);
    source.coordination = "lost";
    assertThat(get("/health").statusCode()).isEqualTo(503);
    source.coordination = "connected";
    source.role = "down";
    assertThat(get("/health").statusCode()).isEqualTo(503);
  }

  @Test
  void givesMetricsOfThisHostInBaseUnits() throws Exception {
    source.alarms =
        List.of(
            new AlarmView("home-gone", "app", "a", FakeControlSource.NOW, "b is silent", "look"),
            new AlarmView("move-failed", "app", "b", FakeControlSource.NOW, "no disk", "look"));
    HttpResponse<String> response = get("/metrics");
    assertThat(response.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    assertThat(response.body())
        .contains("baton_service_epoch{service=\"app\"} 3.0")
        .contains("baton_service_protected{service=\"app\"} 1.0")
        .contains("baton_standby_lag_seconds{service=\"app\",standby=\"b\"} 0.00125")
        .contains("baton_host_cpu_ratio 0.415")
        .contains("baton_host_clients 3.0")
        .contains("baton_moves{kind=\"switchover\",outcome=\"done\",service=\"app\"} 1.0")
        .contains("baton_last_move_duration_seconds{service=\"app\"} 0.0715")
        .contains("baton_alarm_since_seconds{alarm=\"home-gone\",service=\"app\"} 1.7723664E9")
        .contains("# TYPE baton_control_requests_total counter")
        // the memory and the sessions belong to other hosts' agents
        .doesNotContain("baton_memory_requests_stamped")
        .doesNotContain("baton_sessions{")
        .doesNotContain("move-failed");
  }

  @Test
  void aSourceThatDoesNotAnswerIsAProblemNotAHang() throws Exception {
    server.close();
    var bounds =
        new ControlServer.Bounds(
            8, Duration.ofMinutes(1), Duration.ofMillis(50), Duration.ofMinutes(1), 8, 1 << 20);
    source.before = CompletableFuture::new;
    server =
        ControlServer.open(
            ControlSettings.loopback(0, folder.resolve("operator.token")),
            source,
            transport,
            bounds);
    assertThat(problem(get("/v1/status")).status()).isEqualTo(504);
  }

  @Test
  void aThousandSessionsAreTheDefaultLimit() throws Exception {
    source.sessions =
        java.util.stream.IntStream.range(0, 1_500)
            .mapToObj(i -> FakeControlSource.session("w-" + i, "u", "idle", Movability.MOVABLE))
            .toList();
    assertThat(Json.MAPPER.readTree(get("/v1/sessions").body())).hasSize(1_000);
  }
}
