package dev.baton.engine.postgres.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/// The same bytes for a real server and for a front: both are to take them in the same way.
///
/// @param model port of the server
/// @param front port of the front
record ServerComparison(int model, int front) {
  @FunctionalInterface
  interface Attack {
    /// @return whom to ask for the verdict: the client itself, or the one within TLS
    RawClient run(RawClient client) throws Exception;
  }

  Stream<DynamicTest> of(Map<String, Attack> attacks) {
    return attacks.entrySet().stream()
        .map(attack -> DynamicTest.dynamicTest(attack.getKey(), () -> compare(attack.getValue())));
  }

  private void compare(Attack attack) throws Exception {
    try (Attempt direct = new Attempt(model, attack);
        Attempt through = new Attempt(front, attack);
        ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> wanted = beside.submit(direct::verdict);
      String seen = through.verdict();
      if (!seen.equals(wanted.get())) {
        // one of both may only have been slow to close
        assertThat(through.end()).isEqualTo(direct.end());
      }
    }
  }

  /// What came of the attack on one of both.
  private static final class Attempt implements AutoCloseable {
    private final RawClient client;
    private final Attack attack;
    private @Nullable RawClient within;
    private String said = "";

    Attempt(int port, Attack attack) throws IOException {
      this.client = new RawClient(port);
      this.attack = attack;
    }

    String verdict() throws Exception {
      try {
        RawClient asked = attack.run(client);
        within = asked;
        said = asked.verdict().toString();
      } catch (SSLException e) {
        said = "no TLS";
      } catch (SocketException | EOFException e) {
        said = new RawClient.Verdict(Optional.empty(), true).toString();
      }
      return said;
    }

    String end() throws IOException {
      RawClient asked = within;
      return asked == null ? said : asked.end().toString();
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }
}
