package dev.baton.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.view.AuditView;
import dev.baton.model.view.MoveView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;

/// Sessions, history and the audit log.
final class RecordsViewTest extends ConsoleStage {
  @Test
  void aMoveIsAcknowledgedAndExported() throws Exception {
    List<String> acknowledged = new CopyOnWriteArrayList<>();
    AGENT.onAcknowledge(
        asked -> {
          acknowledged.add(asked);
          MoveView move =
              CLUSTER
                  .move(7, "done", 9)
                  .acknowledged(new MoveView.Acknowledgement("alice", "as planned", Instant.now()));
          CLUSTER.change(
              c -> {
                c.moves.clear();
                c.moves.add(move);
              });
          return move;
        });
    CLUSTER.change(c -> c.moves.add(c.move(7, "done", 9)));
    screen.push(
        "History",
        () -> screen.there("#history-head") && screen.text("#history-head").contains("Move 7"),
        KeyCode.ALT,
        KeyCode.DIGIT3);
    assertThat(screen.text("#history-moves-acknowledged")).isEqualTo("by nobody yet");

    screen.press("#history-acknowledge", "asked", () -> screen.there("#confirm-comment"));
    robot.clickOn("#confirm-comment").write("as planned").clickOn("#confirm-go");
    screen.await(
        "acknowledged",
        () ->
            screen.text("#history-moves-acknowledged").contains("alice")
                && screen.text("#history-moves-acknowledged").endsWith(": as planned"));
    assertThat(acknowledged).containsExactly("/v1/moves/7/acknowledgement?service=app as planned");

    robot.clickOn("#history-csv");
    Path file = layout.resolve("exported");
    screen.await("written", () -> Files.exists(file) && Files.size(file) > 0);
    assertThat(Files.readString(file)).contains("app,7,switchover,a,b,4,by hand,operator,done");
    screen.push("Watch", () -> screen.there("#navigation"), KeyCode.ALT, KeyCode.DIGIT1);
  }

  @Test
  void aSessionIsDisconnectedAfterAQuestion() throws TimeoutException {
    robot.push(KeyCode.CONTROL, KeyCode.F);
    screen.await("sessions", () -> screen.there("#session-filter"));
    robot.clickOn("10.0.0.3:51003");
    screen.press("#sessions-disconnect", "asked", () -> screen.there("#confirm-go"));
    assertThat(screen.button("#confirm-cancel").isFocused()).isTrue();
    assertThat(AGENT.requests()).noneMatch(r -> r.startsWith("DELETE"));
    robot.clickOn("#confirm-go");
    screen.await(
        "done",
        () -> AGENT.requests().stream().anyMatch(r -> r.startsWith("DELETE /v1/sessions/w-3 ")));
  }

  @Test
  void whoAskedForWhatIsReadInTheAuditLog() throws TimeoutException {
    AGENT.onAudit(List.of(entry(2, "mallory", "refused"), entry(1, "alice", "done")));
    screen.push("History", () -> screen.isThereToSee("#history"), KeyCode.ALT, KeyCode.DIGIT3);
    robot.clickOn("Audit");
    screen.await(
        "both",
        () ->
            screen.there("#audit")
                && ((TableView<?>) screen.seen("#audit")).getItems().size() == 2);
    assertThat(robot.lookup("the token is a viewer's").tryQuery()).isPresent();
    robot.clickOn("#audit-filter").write("alice");
    screen.await("one", () -> ((TableView<?>) screen.seen("#audit")).getItems().size() == 1);
  }

  private static AuditView entry(long number, String actor, String result) {
    return new AuditView(
        number,
        "a",
        Instant.now(),
        actor,
        "operator",
        "127.0.0.1",
        "start-move",
        "app",
        "{}",
        result,
        result.equals("done") ? "move 1 began" : "the token is a viewer's",
        "00");
  }
}
