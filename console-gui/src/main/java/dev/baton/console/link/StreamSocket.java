package dev.baton.console.link;

import dev.baton.model.Json;
import dev.baton.model.view.StreamMessage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// One open stream. Frames are put together, read as [StreamMessage], checked for gaps and given
/// on; a ping goes out when half the idle time has passed in silence, so that a connection of which
/// only one end is left is noticed.
final class StreamSocket implements WebSocket.Listener {
  /// A snapshot of 10,000 sessions is about 6 MB.
  static final int MAX_MESSAGE_CHARS = 64 * 1024 * 1024;

  private final URI address;
  private final ControlLink.Timing timing;
  private final Executor ui;
  private final LinkListener listener;
  private final Consumer<StreamMessage> taken;
  private final StringBuilder text = new StringBuilder();
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private volatile long lastHeardNanos = System.nanoTime();
  private volatile boolean heard;
  private @Nullable WebSocket socket;
  private long lastSequence;
  private boolean any;

  private StreamSocket(
      URI address,
      @Nullable Long after,
      ControlLink.Timing timing,
      Executor ui,
      LinkListener listener,
      Consumer<StreamMessage> taken) {
    this.address = address;
    this.timing = timing;
    this.ui = ui;
    this.listener = listener;
    this.taken = taken;
    if (after != null) {
      this.lastSequence = after;
      this.any = true;
    }
  }

  /// @param after the last sequence seen from this agent; null: asks for a snapshot
  /// @throws StreamBroken with the reason in words
  static StreamSocket open(
      HttpClient http,
      OperatorToken token,
      URI address,
      @Nullable Long after,
      ControlLink.Timing timing,
      Executor ui,
      LinkListener listener,
      Consumer<StreamMessage> taken)
      throws StreamBroken, InterruptedException {
    StreamSocket stream = new StreamSocket(address, after, timing, ui, listener, taken);
    WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(timing.connect());
    token.authorization().ifPresent(value -> builder.header("Authorization", value));
    try {
      stream.socket =
          builder
              .buildAsync(streamUri(address, after), stream)
              .get(timing.connect().toMillis(), TimeUnit.MILLISECONDS);
      return stream;
    } catch (ExecutionException e) {
      throw new StreamBroken(reason(e.getCause()));
    } catch (TimeoutException e) {
      throw new StreamBroken("no answer within " + timing.connect().toMillis() + " ms");
    } catch (IllegalArgumentException e) {
      throw new StreamBroken("not an address of a control interface: " + address);
    }
  }

  private static URI streamUri(URI address, @Nullable Long after) {
    String base = address.toString().replaceFirst("^http", "ws");
    return URI.create(base + "/v1/stream" + (after == null ? "" : "?after=" + after));
  }

  private static String reason(@Nullable Throwable cause) {
    return switch (cause) {
      case WebSocketHandshakeException e -> "HTTP status " + e.getResponse().statusCode();
      case IOException e when e.getMessage() == null -> "no connection";
      case null -> "no connection";
      case Error e -> "cut in the middle of a message (" + e + ")"; // the JDK's client throws one
      default -> Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    };
  }

  /// Blocks until the stream ends.
  ///
  /// @return why it ended
  String awaitEnd() throws InterruptedException {
    long half = timing.idle().toNanos() / 2;
    while (true) {
      try {
        return end.get(half, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        WebSocket open = Objects.requireNonNull(socket);
        if (System.nanoTime() - lastHeardNanos >= timing.idle().toNanos()) {
          open.abort();
          return "silent for " + timing.idle().toMillis() + " ms";
        }
        open.sendPing(ByteBuffer.allocate(0));
      } catch (ExecutionException e) {
        return reason(e.getCause());
      } catch (InterruptedException e) {
        Objects.requireNonNull(socket).abort();
        throw e;
      }
    }
  }

  /// Whether anything at all was received.
  boolean heard() {
    return heard;
  }

  /// Said here and not by who opened it: the first message may come before that thread runs on.
  @Override
  public void onOpen(WebSocket opened) {
    ui.execute(
        () -> {
          listener.on(new LinkEvent.Connected(address));
          opened.request(1);
        });
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    lastHeardNanos = System.nanoTime();
    if (text.length() + part.length() > MAX_MESSAGE_CHARS) {
      fail(from, "a message of more than " + MAX_MESSAGE_CHARS + " characters");
      return null;
    }
    text.append(part);
    if (!last) {
      from.request(1);
      return null;
    }
    String whole = text.toString();
    text.setLength(0);
    try {
      take(from, Json.MAPPER.readValue(whole, StreamMessage.class));
    } catch (JacksonException e) {
      fail(from, "a message that is not understood: " + e.getOriginalMessage());
    }
    return null;
  }

  private void take(WebSocket from, StreamMessage message) {
    if (!message.snapshot() && (!any || message.sequence() != lastSequence + 1)) {
      fail(from, "message " + message.sequence() + " after " + lastSequence + ": some are missing");
      return;
    }
    any = true;
    heard = true;
    lastSequence = message.sequence();
    taken.accept(message);
    ui.execute(
        () -> {
          listener.on(new LinkEvent.Received(message));
          from.request(1);
        });
  }

  private void fail(WebSocket from, String reason) {
    end.complete(reason);
    from.abort();
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
    lastHeardNanos = System.nanoTime();
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    end.complete("closed by the agent (" + status + (reason.isEmpty() ? ")" : ", " + reason + ")"));
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    end.complete(reason(error));
  }
}
