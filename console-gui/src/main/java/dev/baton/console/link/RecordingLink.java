package dev.baton.console.link;

import dev.baton.model.recording.RecordingReader;
import dev.baton.model.view.AuditView;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.PolicyRequest;
import dev.baton.model.view.PolicyView;
import dev.baton.model.view.Problem;
import dev.baton.model.view.StreamMessage;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a recording as if it were a stream, as fast as it is taken. Nothing can be done through
/// it. A virtual thread of its own reads; each message waits until the one before was taken.
public final class RecordingLink implements Link {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingLink.class);

  private final URI address;
  private final Source source;
  private final Executor ui;
  private final LinkListener listener;
  private volatile boolean closed;
  private @Nullable Thread thread; // set by start(), on the caller's thread

  /// Opens what is to be read.
  @FunctionalInterface
  public interface Source {
    RecordingReader open() throws IOException;
  }

  /// @param address of the file, for what is shown
  /// @param ui where `listener` is called
  public RecordingLink(URI address, Source source, Executor ui, LinkListener listener) {
    this.address = address;
    this.source = source;
    this.ui = ui;
    this.listener = listener;
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("recording " + address).start(this::read);
  }

  private void read() {
    try (RecordingReader reader = source.open()) {
      tell(new LinkEvent.Connecting(address));
      tell(new LinkEvent.Connected(address));
      for (Optional<StreamMessage> next = reader.next();
          next.isPresent() && !closed;
          next = reader.next()) {
        tell(new LinkEvent.Received(next.get()));
      }
      tell(new LinkEvent.Ended(address, reader.cut()));
    } catch (IOException e) {
      LOG.warn("recording {}: {}", address, e.getMessage());
      ui.execute(() -> listener.on(new LinkEvent.Lost(address, String.valueOf(e.getMessage()), 0)));
    } catch (InterruptedException e) {
      LOG.debug("recording {} is read no further", address);
    }
  }

  private void tell(LinkEvent event) throws InterruptedException {
    FutureTask<Void> taken = new FutureTask<>(() -> listener.on(event), null);
    ui.execute(taken);
    try {
      taken.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the event was not taken: " + event, e);
    }
  }

  @Override
  public boolean knows(URI asked) {
    return asked.equals(address);
  }

  @Override
  public CompletionStage<PlanView> plan(PlanRequest request) {
    return CompletableFuture.failedStage(past());
  }

  @Override
  public CompletionStage<MoveView> move(MoveRequest request) {
    return CompletableFuture.failedStage(past());
  }

  @Override
  public CompletionStage<MoveView> acknowledge(MoveView move, String comment) {
    return CompletableFuture.failedStage(past());
  }

  @Override
  public CompletionStage<PolicyView> changePolicy(String service, PolicyRequest request) {
    return CompletableFuture.failedStage(past());
  }

  @Override
  public CompletionStage<MaintenanceView> announce(String host, MaintenanceRequest request) {
    return CompletableFuture.failedStage(past());
  }

  @Override
  public CompletionStage<List<AuditView>> audit() {
    return CompletableFuture.failedStage(past());
  }

  @Override
  public CompletionStage<Void> disconnect(String sessionId) {
    return CompletableFuture.failedStage(past());
  }

  private static Refusal past() {
    return new Refusal(
        new Problem("about:blank", "a recording", 409, "nothing can be done in a recording", null));
  }

  @Override
  public void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
