package dev.baton.service.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.model.Json;
import dev.baton.model.Movability;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PolicyView;
import dev.baton.model.view.RulesView;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.StreamMessage;
import dev.baton.model.view.WhyView;
import dev.baton.net.Transport;
import dev.baton.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `/v1/stream`: a snapshot, then what changes, resumed where a reader left off.
class StreamTest {
  private static final int BACKLOG = 16;

  private final FakeControlSource source = new FakeControlSource();
  private final HttpClient client = HttpClient.newHttpClient();
  private Transport transport;
  private ControlServer server;

  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    transport = Transport.open(1);
    Path file = folder.resolve("operator.token");
    OperatorToken.create(file);
    server = serve(file, Duration.ofMinutes(1));
  }

  /// @param write until a message must be off to its reader
  private ControlServer serve(Path token, Duration write) throws IOException {
    ControlSettings settings = ControlSettings.loopback(0, token);
    return ControlServer.open(
        new ControlSettings(
            settings.listen(), token, null, null, List.of(), List.of(), Duration.ofMillis(5)),
        source,
        transport,
        new ControlServer.Bounds(
            16, Duration.ofMinutes(1), Duration.ofMinutes(1), write, BACKLOG, 64 << 20));
  }

  @AfterEach
  void close() {
    server.close();
    transport.close();
    client.shutdownNow();
  }

  /// Reads what comes; asks for the next message only while it `reads`.
  private static final class Listener implements WebSocket.Listener {
    final BlockingQueue<StreamMessage> messages = new LinkedBlockingQueue<>();
    final CompletableFuture<String> closed = new CompletableFuture<>();
    final boolean reads;
    private final StringBuilder text = new StringBuilder();

    Listener(boolean reads) {
      this.reads = reads;
    }

    @Override
    public void onOpen(WebSocket socket) {
      if (reads) {
        socket.request(1);
      }
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        messages.add(Json.MAPPER.readValue(text.toString(), StreamMessage.class));
        text.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      closed.complete(status + " " + reason);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.complete("error " + error);
    }

    StreamMessage next() throws InterruptedException {
      return Await.next(messages);
    }

    StreamMessage next(Predicate<StreamMessage> wanted) throws InterruptedException {
      StreamMessage message = next();
      while (!wanted.test(message)) {
        message = next();
      }
      return message;
    }
  }

  private WebSocket connect(String query, Listener listener) {
    return client
        .newWebSocketBuilder()
        .buildAsync(
            URI.create(server.url().replace("http:", "ws:") + "/v1/stream" + query), listener)
        .join();
  }

  private static SessionView session(String id, String state) {
    return FakeControlSource.session(id, "u", state, Movability.MOVABLE);
  }

  @Test
  void beginsWithASnapshotAndThenTellsOnlyWhatChanges() throws Exception {
    Listener listener = new Listener(true);
    connect("", listener);
    StreamMessage snapshot = listener.next();
    assertThat(snapshot.snapshot()).isTrue();
    assertThat(snapshot.sessions()).hasSize(3);
    assertThat(snapshot.status()).isEqualTo(source.status().toCompletableFuture().join());
    source.sessions =
        List.of(source.sessions.get(0), session("w-2", "held"), session("w-9", "idle"));
    StreamMessage delta = listener.next(message -> message.sessions() != null);
    assertThat(delta.snapshot()).isFalse();
    assertThat(delta.sequence()).isGreaterThan(snapshot.sequence());
    assertThat(delta.sessions()).extracting(SessionView::id).containsExactly("w-2", "w-9");
    assertThat(delta.closedSessions()).containsExactly("w-3");
    assertThat(delta.status()).isNull();
    assertThat(delta.moves()).isNull();
  }

  @Test
  void tellsTheProgressOfAMove() throws Exception {
    Listener listener = new Listener(true);
    connect("", listener);
    listener.next();
    source.moves = List.of(FakeControlSource.move(2, "running"), source.moves.getFirst());
    assertThat(listener.next(message -> message.moves() != null).moves())
        .extracting(MoveView::outcome)
        .containsExactly("running");
    source.moves = List.of(FakeControlSource.move(2, "done"), source.moves.getLast());
    assertThat(listener.next(message -> message.moves() != null).moves())
        .extracting(MoveView::outcome)
        .containsExactly("done");
  }

  @Test
  void tellsThePoliciesAndWhenTheyChange() throws Exception {
    Listener listener = new Listener(true);
    connect("", listener);
    RulesView first = Objects.requireNonNull(listener.next().rules());
    assertThat(first.policies()).extracting(PolicyView::service).containsExactly("app");
    assertThat(first.why()).extracting(WhyView::target).containsExactly("b");
    assertThat(first.maintenance()).isEmpty();

    source.policies().announce("b", new MaintenanceRequest(null, null, "disks"), "alice");
    RulesView then =
        Objects.requireNonNull(listener.next(message -> message.rules() != null).rules());
    assertThat(then.maintenance()).extracting(MaintenanceView::why).containsExactly("disks");
    assertThat(then.policies()).isEqualTo(first.policies());
  }

  @Test
  void sequencesHaveNoGapAndSilenceIsNoDeath() throws Exception {
    Listener listener = new Listener(true);
    connect("", listener);
    StreamMessage snapshot = listener.next();
    StreamMessage heartbeat = listener.next();
    assertThat(heartbeat.sequence()).isEqualTo(snapshot.sequence() + 1);
    assertThat(StreamState.isEmpty(heartbeat)).isTrue();
  }

  @Test
  void whoResumesGetsTheRest() throws Exception {
    Listener first = new Listener(true);
    WebSocket socket = connect("", first);
    StreamMessage snapshot = first.next();
    socket.abort();
    source.sessions = List.of(session("w-1", "held"));
    Listener second = new Listener(true);
    connect("?after=" + snapshot.sequence(), second);
    StreamMessage rest = second.next();
    assertThat(rest.snapshot()).isFalse();
    assertThat(rest.sequence()).isEqualTo(snapshot.sequence() + 1);
    StreamMessage delta = rest.sessions() != null ? rest : second.next(m -> m.sessions() != null);
    assertThat(delta.snapshot()).isFalse();
    assertThat(delta.closedSessions()).containsExactlyInAnyOrder("w-2", "w-3");
  }

  @Test
  void whoResumesTooLateGetsANewSnapshot() throws Exception {
    Listener witness = new Listener(true);
    connect("", witness);
    long early = witness.next().sequence();
    for (int i = 0; i < BACKLOG + 2; i++) {
      String id = "x-" + i;
      source.sessions = List.of(session(id, "idle"));
      witness.next(
          message -> message.sessions() != null && message.sessions().getFirst().id().equals(id));
    }
    Listener late = new Listener(true);
    connect("?after=" + early, late);
    StreamMessage snapshot = late.next();
    assertThat(snapshot.snapshot()).isTrue();
    assertThat(snapshot.sessions()).extracting(SessionView::id).containsExactly("x-17");
  }

  @Test
  void aSequenceOfAnEarlierLifeIsNotTakenForOneOfThis() throws Exception {
    Listener before = new Listener(true);
    connect("", before);
    long sequence = before.next().sequence();
    server.close();
    server = serve(folder.resolve("operator.token"), Duration.ofMinutes(1));
    Listener after = new Listener(true);
    connect("?after=" + sequence, after);
    assertThat(after.next().snapshot()).isTrue();
    Listener future = new Listener(true);
    connect("?after=" + (sequence + 1_000_000_000_000L), future);
    assertThat(future.next().snapshot()).isTrue();
  }

  @Test
  void aReaderThatDoesNotReadIsDroppedAndTheOthersGoOn() throws Exception {
    server.close();
    server = serve(folder.resolve("operator.token"), Duration.ofSeconds(2));
    Listener good = new Listener(true);
    connect("", good);
    good.next();
    Listener stuck = new Listener(false);
    connect("", stuck);
    boolean dropped = false;
    for (int i = 0; i < 10_000 && !dropped; i++) {
      int round = i;
      source.sessions =
          IntStream.range(0, 2_000).mapToObj(n -> session("w-" + n, "round " + round)).toList();
      good.next(
          message ->
              message.sessions() != null
                  && message.sessions().getFirst().state().equals("round " + round));
      dropped = metrics().contains("baton_control_slow_readers_dropped_total 1.0");
    }
    assertThat(dropped).isTrue();
    assertThat(metrics()).contains("baton_control_stream_readers 1.0");
    assertThat(good.closed).isNotDone();
  }

  private String metrics() throws Exception {
    return client
        .send(
            java.net.http.HttpRequest.newBuilder(URI.create(server.url() + "/metrics")).build(),
            java.net.http.HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void whatOneSourceDoesNotAnswerStaysAsItWas() throws Exception {
    Listener listener = new Listener(true);
    connect("", listener);
    listener.next();
    source.before = () -> CompletableFuture.failedStage(Refused.unavailable("b does not answer"));
    StreamMessage quiet = listener.next();
    assertThat(StreamState.isEmpty(quiet)).isTrue();
    assertThat(listener.closed).isNotDone();
  }

  @Test
  void takesNoMessagesAndSaysSo() throws Exception {
    Listener listener = new Listener(true);
    WebSocket socket = connect("", listener);
    socket.sendText("{}", true).join();
    assertThat(Await.result(listener.closed)).contains("takes nothing");
  }

  @Test
  void foreignPagesAndWrongResumePointsAreRefused() {
    assertThatThrownBy(
            () ->
                client
                    .newWebSocketBuilder()
                    .header("Origin", "https://evil.example")
                    .buildAsync(
                        URI.create(server.url().replace("http:", "ws:") + "/v1/stream"),
                        new Listener(true))
                    .join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(403));
    assertThatThrownBy(() -> connect("?after=x", new Listener(true)))
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(400));
  }

  @Test
  void anAgentThatStopsSaysSo() throws Exception {
    Listener listener = new Listener(true);
    connect("", listener);
    listener.next();
    server.close();
    assertThat(Await.result(listener.closed)).isEqualTo("1001 the agent stops");
  }
}
