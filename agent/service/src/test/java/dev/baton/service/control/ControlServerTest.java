package dev.baton.service.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.model.Json;
import dev.baton.model.Movability;
import dev.baton.model.view.AlarmView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanView.Verdict;
import dev.baton.model.view.Problem;
import dev.baton.model.view.SessionView;
import dev.baton.net.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What well-meaning and mistaken callers get.
class ControlServerTest {
  static final String PLAN = "{\"service\":\"app\"}";

  private final FakeControlSource source = new FakeControlSource();
  private final HttpClient client = HttpClient.newHttpClient();
  private Transport transport;
  private ControlServer server;
  private String token;

  @TempDir private Path folder;

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

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(Duration.ofSeconds(60));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  private HttpRequest.Builder post(String path, String body) {
    return request(path)
        .header("Content-Type", "application/json")
        .header("Authorization", "Bearer " + token)
        .POST(BodyPublishers.ofString(body));
  }

  private static Problem problem(HttpResponse<String> response) {
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    Problem problem = Json.MAPPER.readValue(response.body(), Problem.class);
    assertThat(problem.status()).isEqualTo(response.statusCode());
    assertThat(problem.type()).startsWith("urn:baton:problem:");
    return problem;
  }

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

  @Test
  void plansAndMovesInTheNameOfTheTokensHolder() throws Exception {
    HttpResponse<String> plan =
        send(
            post("/v1/plans", "{\"service\":\"app\",\"kind\":\"failover\",\"target\":\"b\"}")
                .header("Baton-User", "alice"));
    assertThat(plan.statusCode()).isEqualTo(200);
    HttpResponse<String> move =
        send(post("/v1/moves", "{\"plan\":\"p-1\",\"confirmation\":\"b\",\"reason\":\"drill\"}"));
    assertThat(move.statusCode()).isEqualTo(202);
    assertThat(move.headers().firstValue("location")).hasValue("/v1/moves/7?service=app");
    assertThat(source.asked)
        .containsExactly(
            "alice: plan app failover -> b (null)", "operator: move p-1 confirmed b (drill)");
  }

  @Test
  void acknowledgesAMoveThatHasEnded() throws Exception {
    source.moves =
        List.of(FakeControlSource.move(2, "running"), FakeControlSource.move(1, "failed"));
    HttpResponse<String> done =
        send(
            post("/v1/moves/1/acknowledgement", "{\"comment\":\"disk was full\"}")
                .header("Baton-User", "alice"));
    assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
    MoveView move = Json.MAPPER.readValue(done.body(), MoveView.class);
    assertThat(Objects.requireNonNull(move.acknowledged()).comment()).isEqualTo("disk was full");
    assertThat(move.acknowledged().actor()).isEqualTo("alice");
    assertThat(source.asked).containsExactly("alice: acknowledge 1 (disk was full)");

    assertThat(send(post("/v1/moves/2/acknowledgement", "{}")).statusCode()).isEqualTo(409);
    assertThat(send(post("/v1/moves/9/acknowledgement", "{}")).statusCode()).isEqualTo(404);
    assertThat(send(post("/v1/moves//acknowledgement", "{}")).statusCode()).isEqualTo(404);
    String long1 = "{\"comment\":\"" + "x".repeat(1_001) + "\"}";
    assertThat(send(post("/v1/moves/1/acknowledgement", long1)).statusCode()).isEqualTo(400);
  }

  @Test
  void disconnectsASession() throws Exception {
    HttpResponse<String> response =
        send(request("/v1/sessions/w-3").header("Authorization", "Bearer " + token).DELETE());
    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.body()).isEmpty();
    assertThat(source.asked).containsExactly("operator: disconnect w-3");
  }

  @Test
  void writesDownWhoChangedWhatAndWhatCameOfIt() throws Exception {
    send(post("/v1/plans", PLAN).header("Baton-User", "alice")); // changes nothing by itself
    send(post("/v1/moves", "{\"plan\":\"p-1\"}").header("Baton-User", "alice"));
    send(post("/v1/policies/app", "{\"mode\":\"automatic\"}"));
    send(post("/v1/maintenance/a%0Ab", "{\"reason\":\"disk\"}"));
    source.refusal = Refused.changed("b is no longer in sync");
    send(post("/v1/moves", "{\"plan\":\"p-1\"}"));
    source.refusal = new IllegalStateException("a defect");
    send(request("/v1/sessions/w-3").header("Authorization", "Bearer " + token).DELETE());
    send(request("/v1/sessions/w-3").DELETE()); // without the token: nobody to write down

    assertThat(source.audit.recorded())
        .extracting(
            event ->
                "%s %s %s '%s' %s: %s"
                    .formatted(
                        event.actor(),
                        event.role(),
                        event.action(),
                        event.subject(),
                        event.result(),
                        event.detail()))
        .containsExactly(
            "alice admin start-move '' begun: move 7 of app: switchover from a to b",
            "operator admin change-policy 'app' done: ",
            "operator admin announce 'a?b' refused: malformed request: body: unknown key"
                + " 'reason'; known are [from, until, why]",
            "operator admin start-move '' refused: plan changed: b is no longer in sync",
            "operator admin disconnect 'w-3' failed: java.lang.IllegalStateException: a defect");
    assertThat(source.audit.recorded().get(1).request()).isEqualTo("{\"mode\":\"automatic\"}");
    assertThat(source.audit.recorded().get(1).from()).startsWith("127.0.0.1:");
    assertThat(Json.MAPPER.readTree(get("/v1/audit?actor=alice").body())).hasSize(1);
    assertThat(Json.MAPPER.readTree(get("/v1/audit?action=start-move&limit=1").body())).hasSize(1);
    assertThat(Json.MAPPER.readTree(get("/v1/audit/check").body()).get(0).get("intact").asBoolean())
        .isTrue();
  }

  @Test
  void drillsArePlannedRunAndBrokenOff() throws Exception {
    String wish = "{\"kind\":\"kill-database\",\"service\":\"app\"}";
    assertThat(send(post("/v1/drills", wish)).statusCode()).isEqualTo(200);
    assertThat(send(post("/v1/drills/a-1/run", "{\"confirmation\":\"app\"}")).statusCode())
        .isEqualTo(202);
    assertThat(send(post("/v1/drills/a-1/abort", "{\"reason\":\"enough\"}")).statusCode())
        .isEqualTo(202);
    assertThat(source.asked)
        .containsExactly(
            "operator: drill kill-database app",
            "operator: run a-1 confirmed app",
            "operator: abort a-1 (enough)");
    assertThat(source.audit.recorded())
        .extracting(event -> event.action() + " " + event.subject() + " " + event.result())
        .containsExactly("run-drill a-1 begun", "abort-drill a-1 begun");
    HttpResponse<String> page = get("/v1/drills/a-1/report");
    assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("content-security-policy"))
        .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'none'"));
    assertThat(page.body()).startsWith("<!doctype html>");
    assertThat(problem(get("/v1/drills/a-9")).status()).isEqualTo(404);
    for (String bad :
        List.of(
            "{\"kind\":\"rm-rf\",\"service\":\"app\"}",
            "{\"service\":\"app\"}",
            "{\"kind\":\"kill-database\"}")) {
      assertThat(problem(send(post("/v1/drills", bad))).status()).as(bad).isEqualTo(400);
    }
    assertThat(problem(send(post("/v1/drills/a-1/run", "{}"))).status()).isEqualTo(400);
  }

  @Test
  void passesTheSourcesRefusalOn() throws Exception {
    source.refusal = Refused.changed("b is no longer in sync: 4 MB behind; make a new plan");
    Problem problem = problem(send(post("/v1/moves", "{\"plan\":\"p-1\"}")));
    assertThat(problem.status()).isEqualTo(409);
    assertThat(problem.title()).isEqualTo("plan changed");
    assertThat(problem.detail()).isEqualTo("b is no longer in sync: 4 MB behind; make a new plan");
    assertThat(problem.instance()).isEqualTo("/v1/moves");
  }

  @Test
  void tellsNothingOfItsInsidesWhenItFails() throws Exception {
    source.refusal = new IllegalStateException("secret detail");
    Problem problem = problem(send(post("/v1/moves", "{\"plan\":\"p-1\"}")));
    assertThat(problem.status()).isEqualTo(500);
    assertThat(problem.detail()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Basic dTpw", "Token x"})
  void asksForTheTokenWhereSomethingChanges(String authorization) throws Exception {
    HttpRequest.Builder request =
        request("/v1/plans")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(PLAN));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    HttpResponse<String> response = send(request);
    assertThat(problem(response).status()).isEqualTo(401);
    assertThat(response.headers().firstValue("www-authenticate"))
        .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer"));
    assertThat(source.asked).isEmpty();
  }

  @Test
  void refusesAWrongTokenEverywhereSomethingChanges() throws Exception {
    for (HttpRequest.Builder request :
        List.of(
            request("/v1/plans").POST(BodyPublishers.ofString(PLAN)),
            request("/v1/moves").POST(BodyPublishers.ofString("{\"plan\":\"p-1\"}")),
            request("/v1/sessions/w-1").DELETE())) {
      HttpResponse<String> response =
          send(
              request
                  .header("Content-Type", "application/json")
                  .header("Authorization", "Bearer " + token + "x"));
      assertThat(problem(response).status()).isEqualTo(403);
    }
    assertThat(source.asked).isEmpty();
  }

  @Test
  void refusesForeignOriginsWhereAPageCouldDoHarm() throws Exception {
    HttpResponse<String> foreign =
        send(post("/v1/plans", PLAN).header("Origin", "https://evil.example"));
    assertThat(problem(foreign).title()).isEqualTo("foreign origin");
    HttpResponse<String> own = send(post("/v1/plans", PLAN).header("Origin", server.url()));
    assertThat(own.statusCode()).isEqualTo(200);
    assertThat(problem(send(post("/v1/plans", PLAN).header("Origin", "null"))).status())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | /v1/nothing | 404 | there are /v1/status",
        "GET | / | 404 | nothing is at /",
        "GET | /v1/sessions/ | 404 | nothing is at",
        "GET | /v1/sessions/a/b | 404 | nothing is at",
        "GET | /v1/sessions/w-1 | 405 | but DELETE",
        "GET | /v1/plans | 405 | but POST",
        "DELETE | /v1/moves | 405 | but GET, POST",
        "PUT | /v1/status | 405 | but GET",
        "GET | /v1/sessions?limit=0 | 400 | from 1 to",
        "GET | /v1/sessions?limit=many | 400 | from 1 to",
        "GET | /v1/sessions?movable=maybe | 400 | true or false",
        "GET | /v1/sessions?colour=red | 400 | unknown query parameter 'colour'",
        "GET | /v1/sessions?user=a&user=b | 400 | more than once",
        "GET | /v1/status?%zz=1 | 400 | percent-encoded",
        "GET | /v1/stream | 426 | Upgrade: websocket",
        "GET | /primary?service=other | 404 | no service 'other'",
      })
  void saysWhatIsWrongWithARequest(String method, String path, int status, String detail)
      throws Exception {
    // java.net.URI does not let the broken encoding through
    String answer =
        Raw.ask(
            server.address(),
            method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 " + status).contains(detail);
    assertThat(answer).contains("application/problem+json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | empty",
        "null | null",
        "[] | body",
        "{ | body line 1",
        "{} | key 'service' is missing",
        "{\"service\":\" \"} | key 'service' is missing",
        "{\"service\":\"app\",\"kind\":\"swap\"} | body line 1",
        "{\"service\":\"app\",\"force\":true} | force",
        "{\"service\":\"app\",\"service\":\"b\"} | body line 1",
        "{\"service\":\"app\"} {} | body line 1",
        "{\"service\":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]} | body line 1",
      })
  void refusesBodiesThatAreNotExactlyARequest(String body, String detail) throws Exception {
    Problem problem = problem(send(post("/v1/plans", body)));
    assertThat(problem.status()).isEqualTo(400);
    assertThat(problem.detail()).contains(detail);
    assertThat(source.asked).isEmpty();
  }

  @Test
  void takesJsonOnly() throws Exception {
    HttpResponse<String> response =
        send(
            request("/v1/plans")
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(PLAN)));
    assertThat(problem(response).status()).isEqualTo(415);
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
  void doesNotStartWithATokenThatOthersCanRead() throws Exception {
    Path file = folder.resolve("open.token");
    Files.writeString(file, "x".repeat(30));
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Files.getFileStore(file).supportsFileAttributeView("posix"), "needs POSIX permissions");
    for (String permissions : List.of("rw-r-----", "rw----r--", "rw--w----")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      assertThatThrownBy(
              () -> ControlServer.open(ControlSettings.loopback(0, file), source, transport))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("chmod 600");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "has a blank in its middle, though long"})
  void doesNotStartWithAWeakToken(String weak) throws Exception {
    Path file = folder.resolve("weak.token");
    OperatorToken.create(file);
    Files.writeString(file, weak);
    assertThatThrownBy(
            () -> ControlServer.open(ControlSettings.loopback(0, file), source, transport))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("at least 20");
  }

  @Test
  void doesNotListenBeyondTheLoopbackWithoutTls() {
    ControlSettings settings =
        new ControlSettings(
            new InetSocketAddress("0.0.0.0", 0),
            folder.resolve("operator.token"),
            null,
            null,
            List.of(),
            List.of());
    assertThatThrownBy(() -> ControlServer.open(settings, source, transport))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("without TLS");
  }

  @Test
  void planRefusalKeepsGuardrailsInThePlan() throws Exception {
    source.plan = FakeControlSource.plan("b", Verdict.BLOCK);
    HttpResponse<String> response = send(post("/v1/plans", PLAN));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Json.MAPPER.readTree(response.body()).get("runnable").asBoolean()).isFalse();
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
