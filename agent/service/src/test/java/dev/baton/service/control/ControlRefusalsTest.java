package dev.baton.service.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.view.Problem;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What mistaken callers get.
final class ControlRefusalsTest extends ControlStage {
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
}
