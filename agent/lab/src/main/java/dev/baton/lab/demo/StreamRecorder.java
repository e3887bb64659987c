package dev.baton.lab.demo;

import dev.baton.model.recording.RecordingWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what an agent's control stream tells to a file, for the console's time machine. When the
/// agent goes, the next one is listened to: its snapshot goes on where the other ended. A virtual
/// thread of its own connects, and waits; messages are written by the thread that brings them, one
/// at a time.
final class StreamRecorder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamRecorder.class);
  private static final Duration CONNECT_BOUND = Duration.ofSeconds(2);
  private static final Duration SILENCE_BOUND = Duration.ofSeconds(6);
  private static final long RETRY_MILLIS = 200;
  private static final long CLOSE_MILLIS = 5_000;
  private static final int MAX_MESSAGE_CHARS = 64 * 1024 * 1024;

  private final List<String> urls;
  private final Path tokenFile;
  private final RecordingWriter writer;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_BOUND).build();
  private final Thread thread;
  private volatile boolean closed;

  /// @param urls control interfaces, tried in turn
  StreamRecorder(Path file, List<String> urls, Path tokenFile) throws IOException {
    this.urls = List.copyOf(urls);
    this.tokenFile = tokenFile;
    this.writer = RecordingWriter.create(file, RecordingWriter.DEFAULT_MAX_BYTES, Instant.now());
    this.thread = Thread.ofVirtual().name("recorder").start(this::run);
  }

  private void run() {
    for (int turn = 0; !closed; turn++) {
      String url = urls.get(turn % urls.size());
      try {
        listen(url);
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
      } catch (InterruptedException e) {
        return; // closed
      } catch (IOException | ExecutionException | TimeoutException e) {
        LOG.debug("the stream of {} is not recorded: {}", url, e.toString());
      }
    }
  }

  private void listen(String url)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    Frames frames = new Frames();
    WebSocket socket =
        http.newWebSocketBuilder()
            .connectTimeout(CONNECT_BOUND)
            .header("Authorization", "Bearer " + Files.readString(tokenFile).strip())
            .buildAsync(URI.create(url.replaceFirst("^http", "ws") + "/v1/stream"), frames)
            .get(CONNECT_BOUND.toMillis(), TimeUnit.MILLISECONDS);
    try {
      while (!closed) {
        try {
          frames.ended.get(SILENCE_BOUND.toMillis(), TimeUnit.MILLISECONDS);
          return;
        } catch (TimeoutException e) {
          if (System.nanoTime() - frames.heardNanos > SILENCE_BOUND.toNanos()) {
            return; // half open: the agent tells something every 2 s
          }
        }
      }
    } finally {
      socket.abort();
    }
  }

  /// Puts frames together and writes each message.
  private final class Frames implements WebSocket.Listener {
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private volatile long heardNanos = System.nanoTime();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      heardNanos = System.nanoTime();
      text.append(part);
      if (text.length() > MAX_MESSAGE_CHARS) {
        ended.complete(null);
        return null;
      }
      if (last) {
        String message = text.toString();
        text.setLength(0);
        record(message);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      ended.complete(null);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      ended.complete(null);
    }
  }

  private synchronized void record(String message) {
    if (closed) {
      return;
    }
    try {
      boolean before = writer.full();
      writer.write(message);
      writer.flush(); // a demo that is killed leaves what it has seen
      if (!before && writer.full()) {
        LOG.warn("the recording has reached its bound; what follows is not in it");
      }
    } catch (IOException e) {
      LOG.warn("the recording ends: {}", e.toString());
      closed = true;
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    thread.interrupt();
    http.shutdownNow();
    try {
      thread.join(CLOSE_MILLIS);
      writer.close();
    } catch (IOException e) {
      LOG.warn("the recording is not closed: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
