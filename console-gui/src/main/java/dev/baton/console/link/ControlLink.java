package dev.baton.console.link;

import dev.baton.model.view.AcknowledgeRequest;
import dev.baton.model.view.AuditView;
import dev.baton.model.view.HostView;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.PolicyRequest;
import dev.baton.model.view.PolicyView;
import dev.baton.model.view.StatusView;
import dev.baton.model.view.StreamMessage;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one cluster in view: holds the stream of one of its agents open, and goes on to the next
/// agent when it breaks. A virtual thread of its own connects and waits; events are delivered on
/// the executor given, one at a time, and the next message is asked for only when the last was
/// taken (nothing piles up here when the user interface is slow).
public final class ControlLink implements Link {
  private static final Logger LOG = LoggerFactory.getLogger(ControlLink.class);

  private static final int AUDIT_LINES = 1_000; // as many as an agent gives at once

  private final Addresses addresses;
  private final HttpClient http;
  private final OperatorToken token;
  private final Timing timing;
  private final Executor ui;
  private final LinkListener listener;
  private final ControlRequests requests;
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Thread thread; // set by start(), on the caller's thread

  private volatile @Nullable Seen seen; // written by the stream's thread, read by the link's

  /// The last message seen, and the agent that numbered it.
  private record Seen(URI address, long sequence) {}

  /// @param idle a stream silent for so long is taken for broken
  /// @param retryFirst pause after a break; doubles up to `retryMost`
  public record Timing(Duration connect, Duration idle, Duration retryFirst, Duration retryMost) {
    public static final Timing DEFAULT =
        new Timing(
            Duration.ofSeconds(3),
            Duration.ofSeconds(6),
            Duration.ofMillis(250),
            Duration.ofSeconds(4));
  }

  /// @param address base of a control interface, `http://127.0.0.1:6434`
  /// @param ui where `listener` is called
  public ControlLink(
      URI address, OperatorToken token, Timing timing, Executor ui, LinkListener listener) {
    this.addresses = new Addresses(address);
    this.token = token;
    this.timing = timing;
    this.ui = ui;
    this.listener = listener;
    this.http = HttpClient.newBuilder().connectTimeout(timing.connect()).build();
    this.requests = new ControlRequests(http, token, addresses::current);
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("link " + addresses.current()).start(this::run);
  }

  @Override
  public CompletionStage<PlanView> plan(PlanRequest request) {
    return requests.post("/v1/plans", request, PlanView.class);
  }

  @Override
  public CompletionStage<MoveView> move(MoveRequest request) {
    return requests.post("/v1/moves", request, MoveView.class);
  }

  @Override
  public CompletionStage<MoveView> acknowledge(MoveView move, String comment) {
    return requests.post(
        "/v1/moves/%d/acknowledgement?service=%s".formatted(move.id(), encoded(move.service())),
        new AcknowledgeRequest(comment),
        MoveView.class);
  }

  @Override
  public CompletionStage<Void> disconnect(String sessionId) {
    return requests.delete("/v1/sessions/" + encoded(sessionId));
  }

  @Override
  public CompletionStage<PolicyView> changePolicy(String service, PolicyRequest request) {
    return requests.post("/v1/policies/" + encoded(service), request, PolicyView.class);
  }

  @Override
  public CompletionStage<MaintenanceView> announce(String host, MaintenanceRequest request) {
    return requests.post("/v1/maintenance/" + encoded(host), request, MaintenanceView.class);
  }

  @Override
  public CompletionStage<List<AuditView>> audit() {
    return requests.get("/v1/audit?limit=" + AUDIT_LINES, AuditView[].class).thenApply(List::of);
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    closed.countDown();
    if (thread != null) {
      thread.interrupt();
    }
    http.shutdownNow();
  }

  private void run() {
    long retryMillis = timing.retryFirst().toMillis();
    while (closed.getCount() > 0) {
      URI address = addresses.current();
      boolean heard = false;
      String reason;
      try {
        emit(new LinkEvent.Connecting(address));
        StreamSocket socket = open(address);
        reason = socket.awaitEnd();
        heard = socket.heard();
      } catch (InterruptedException e) {
        return; // closed
      } catch (StreamBroken e) {
        reason = e.getMessage();
      }
      retryMillis =
          heard
              ? timing.retryFirst().toMillis()
              : Math.min(2 * retryMillis, timing.retryMost().toMillis());
      LOG.info("stream of {} ended: {}; next in {} ms", address, reason, retryMillis);
      addresses.next();
      emit(new LinkEvent.Lost(address, reason, retryMillis));
      if (closedWithin(retryMillis)) {
        return;
      }
    }
  }

  private StreamSocket open(URI address) throws StreamBroken, InterruptedException {
    Seen last = seen;
    Long after = last != null && last.address().equals(address) ? (Long) last.sequence() : null;
    Consumer<StreamMessage> taken = message -> remember(address, message);
    return StreamSocket.open(http, token, address, after, timing, ui, listener, taken);
  }

  private void remember(URI address, StreamMessage message) {
    seen = new Seen(address, message.sequence());
    StatusView status = message.status();
    if (status != null) {
      for (HostView host : status.hosts()) {
        learn(host.controlUrl());
      }
    }
  }

  private void learn(String url) {
    try {
      URI address = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      if (address.getHost() != null) {
        addresses.learn(address);
      }
    } catch (IllegalArgumentException e) {
      LOG.debug("not an address of a control interface: {}", url);
    }
  }

  @Override
  public boolean knows(URI address) {
    return addresses.contains(address);
  }

  private void emit(LinkEvent event) {
    ui.execute(() -> listener.on(event));
  }

  private boolean closedWithin(long millis) {
    try {
      return closed.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }
}
