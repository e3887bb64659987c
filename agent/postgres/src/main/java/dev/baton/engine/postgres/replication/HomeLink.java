package dev.baton.engine.postgres.replication;

import dev.baton.model.LogPosition;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What capture and relay of one memory tell each other. Confined to the memory's event loop.
final class HomeLink {
  private final UpstreamConnector connector;
  private final String application;
  private long epoch;
  private String home = "";
  private @Nullable HomeIdentity identity;
  private LogPosition homePosition = LogPosition.ZERO;
  private LogPosition applied = LogPosition.ZERO;
  private boolean memoryFull;
  private Runnable fullListener = () -> {};
  private Runnable appliedListener = () -> {};
  private Runnable identityListener = () -> {};
  private Consumer<ByteBuf> feedback = body -> {};
  private Consumer<String> goneListener = reason -> {};

  /// @param application name of the connections over which older log comes
  HomeLink(UpstreamConnector connector, String application) {
    this.connector = connector;
    this.application = application;
  }

  /// The capture has met a home.
  void met(long newEpoch, String newHome, HomeIdentity found) {
    epoch = newEpoch;
    home = newHome;
    identity = found;
    identityListener.run();
  }

  /// Whether the capture has stopped reading because the memory has no room.
  void memoryFull(boolean full) {
    memoryFull = full;
    if (full) {
      fullListener.run();
    }
  }

  boolean isMemoryFull() {
    return memoryFull;
  }

  void onMemoryFull(Runnable listener) {
    fullListener = listener;
  }

  /// The home has removed log that the local instance still needs.
  void gone(String reason) {
    goneListener.accept(reason);
  }

  void onGone(Consumer<String> listener) {
    goneListener = listener;
  }

  /// The end of the home's log, as far as it has told.
  void homePosition(LogPosition position) {
    homePosition = homePosition.max(position);
  }

  LogPosition homePosition() {
    return homePosition;
  }

  /// Null until the capture has met the home for the first time.
  @Nullable HomeIdentity identity() {
    return identity;
  }

  void onIdentity(Runnable listener) {
    identityListener = listener;
  }

  /// A further connection to the home that the capture has met last.
  CompletableFuture<Upstream> openFurther() {
    if (identity == null) {
      return CompletableFuture.failedFuture(new IOException("no home was met yet"));
    }
    return connector.open(epoch, home, application);
  }

  /// The local instance has replayed up to here.
  void applied(LogPosition position) {
    if (applied.isBefore(position)) {
      applied = position;
      appliedListener.run();
    }
  }

  LogPosition applied() {
    return applied;
  }

  void onApplied(Runnable listener) {
    appliedListener = listener;
  }

  /// Passes the local instance's hot-standby feedback on to the home.
  ///
  /// @param body of the CopyData message; read before this returns
  void passFeedback(ByteBuf body) {
    feedback.accept(body);
  }

  void onFeedback(Consumer<ByteBuf> sender) {
    feedback = sender;
  }
}
