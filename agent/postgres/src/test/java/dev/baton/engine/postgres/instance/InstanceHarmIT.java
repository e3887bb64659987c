package dev.baton.engine.postgres.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.core.engine.Instance.Going;
import dev.baton.testing.Await;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Harm is really done to a real server, and really taken back.
class InstanceHarmIT {
  private final BlockingQueue<Going> goings = new LinkedBlockingQueue<>();
  private TestServer server;
  private InstanceHarm harm;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start();
    server.instance().onGoing(goings::add);
    harm = new InstanceHarm(server.settings().dataDirectory());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private Going.Cause cause() throws InterruptedException {
    return Await.next(goings).cause();
  }

  @Test
  void aFrozenServerGoesOnWhenItIsHealed() throws Exception {
    assertThat(harm.freeze()).contains("processes were stopped by a signal");
    assertThat(ServerProcesses.of(server.settings().dataDirectory()))
        .isNotEmpty()
        .allMatch(InstanceHarm::isStopped);
    assertThat(cause()).isEqualTo(Going.Cause.FROZEN);
    assertThat(harm.heal()).contains("processes go on");
    assertThat(server.ask("SELECT 40 + 2")).isEqualTo("42");
    assertThat(harm.heal()).isEqualTo("nothing had to be taken back");
  }

  @Test
  void aKilledServerIsGone() throws Exception {
    long main = Objects.requireNonNull(server.instance().identity()).processId();
    assertThat(harm.kill()).contains("the main process " + main + " was killed");
    assertThat(cause()).isEqualTo(Going.Cause.DIED);
    ServerProcesses.kill(server.settings().dataDirectory());
    assertThatThrownBy(harm::kill)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no server runs");
    assertThatThrownBy(harm::freeze).isInstanceOf(IOException.class);
  }

  @Test
  void aServerThatIsStoppedPastItsAgentEndsInOrder() throws Exception {
    assertThat(harm.stop()).isEqualTo("the server was stopped in order");
    assertThat(cause()).isIn(Going.Cause.STOPPING, Going.Cause.DIED);
    assertThat(ServerProcesses.of(server.settings().dataDirectory())).isEmpty();
  }
}
