package dev.baton.service.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.Json;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanView.Verdict;
import dev.baton.model.view.Problem;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What those who change something get, and what is written down of it.
final class ControlChangesTest extends ControlStage {
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

  @Test
  void planRefusalKeepsGuardrailsInThePlan() throws Exception {
    source.plan = FakeControlSource.plan("b", Verdict.BLOCK);
    HttpResponse<String> response = send(post("/v1/plans", PLAN));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Json.MAPPER.readTree(response.body()).get("runnable").asBoolean()).isFalse();
  }
}
