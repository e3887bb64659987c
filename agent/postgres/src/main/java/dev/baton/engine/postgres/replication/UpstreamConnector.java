package dev.baton.engine.postgres.replication;

import dev.baton.engine.postgres.backend.BackendHandshake;
import dev.baton.engine.postgres.scram.ScramClient;
import dev.baton.net.BackendConnector;
import dev.baton.net.Engine.InstanceSettings;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Opens replication connections to an instance, through the door of its host.
final class UpstreamConnector {
  /// A sender's largest message is 128 KiB and a header.
  private static final int WHOLE_BYTES = 1 << 20;

  private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(5);

  private final InstanceSettings settings;
  private final EventLoop loop;
  private final BackendConnector connector;

  UpstreamConnector(InstanceSettings settings, EventLoop loop, BackendConnector connector) {
    this.settings = settings;
    this.loop = loop;
    this.connector = connector;
  }

  /// Completes on the loop.
  ///
  /// @param application name by which the instance knows this connection
  CompletableFuture<Upstream> open(long epoch, String host, String application) {
    Map<String, String> startup =
        Map.of(
            "user",
            settings.adminUser(),
            "database",
            "replication",
            "replication",
            "true",
            "application_name",
            application);
    BackendHandshake handshake =
        new BackendHandshake(
            host,
            epoch,
            startup,
            ScramClient.of(settings.adminPassword()),
            WHOLE_BYTES,
            LOGIN_TIMEOUT);
    connector
        .connect(
            loop, settings.service(), host, epoch, BackendConnector.Purpose.REPLICATION, handshake)
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                loop.execute(() -> handshake.result().completeExceptionally(connected.cause()));
              }
            });
    return handshake.result().thenApply(Upstream::take);
  }
}
