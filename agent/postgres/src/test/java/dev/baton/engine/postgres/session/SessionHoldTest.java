package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.route.Route.LossVerdict;
import dev.baton.core.route.RouteState;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A client that is held, and one that is not held any longer.
final class SessionHoldTest extends SessionTranscript {
  @Test
  void keepAlivesGoOnlyToAClientThatIsOwedAnAnswer() {
    SessionCore idle = begin();
    backend().listener.lost();
    loop.runPendingTasks();
    loop.advanceTimeBy(1000, TimeUnit.MILLISECONDS);
    loop.runScheduledPendingTasks();
    assertThat(toClient).isEmpty();

    query(idle, "select 1");
    loop.advanceTimeBy(1000, TimeUnit.MILLISECONDS);
    loop.runScheduledPendingTasks();
    assertThat(toClient).isNotEmpty().containsOnly("application_name=psql");
  }

  @Test
  void aClientThatIsHeldTooLongIsToldAndClosed() {
    SessionCore session = begin();
    session.backendLost();
    loop.runPendingTasks();
    loop.advanceTimeBy(21, TimeUnit.SECONDS);
    loop.runScheduledPendingTasks();
    assertThat(toClient).containsExactly("error 08006");
    assertThat(closed).isTrue();
  }

  @Test
  void aBackendThatWasEndedAloneEndsItsClientWithTheServersWords() {
    route.verdict = LossVerdict.SESSION_ENDED;
    SessionCore session = begin();
    backend().says(session, fatal("57P01"));
    assertThat(toClient).as("kept back until it is known what it means").isEmpty();
    session.backendLost();
    loop.runPendingTasks();
    assertThat(toClient).containsExactly("error 57P01");
    assertThat(closed).isTrue();
  }

  @Test
  void whileDrainingOnlyOpenTransactionsGoOn() {
    SessionCore session = begin();
    session.routeChanged(new RouteState.Draining(1, "a", 100));
    query(session, "select 1");
    assertThat(backend().sent).doesNotContain("select 1");
    session.routeChanged(GUARDED);
    assertThat(backend().sent).contains("select 1");
  }
}
