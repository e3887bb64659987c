package dev.baton.engine.postgres.admin;

import dev.baton.engine.postgres.backend.Backend;
import dev.baton.engine.postgres.backend.BackendHandshake;
import dev.baton.engine.postgres.scram.ScramClient;
import dev.baton.engine.postgres.wire.ByteStrings;
import dev.baton.net.BackendConnector;
import dev.baton.net.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// A connection for the agents' own questions: simple queries, one after the other, in the order of
/// the calls; with a login [AdminLogin#forReplication()] also replication commands. Methods may be
/// called from any thread; futures complete on the connection's event loop, on which nobody blocks.
///
/// A question that the server refuses fails with `BackendRefused` and leaves the connection usable.
/// One that is not answered in time, or a torn stream, ends the connection and fails all that wait.
public final class AdminConnection implements AutoCloseable {
  /// Largest message that is taken, with room for any value that our own questions return.
  private static final int MAX_MESSAGE_BYTES = 16 << 20;

  private final Backend backend;
  private final CommandRunner runner;

  private AdminConnection(Backend backend, CommandRunner runner) {
    this.backend = backend;
    this.runner = runner;
  }

  /// Through the door of a host, as `ADMIN` or `REPLICATION`.
  public static CompletableFuture<AdminConnection> open(
      EventLoop loop,
      BackendConnector connector,
      String service,
      String host,
      long epoch,
      BackendConnector.Purpose purpose,
      AdminLogin login) {
    BackendHandshake handshake = handshake(host, epoch, login);
    CompletableFuture<AdminConnection> opened = opened(handshake, login);
    connector
        .connect(loop, service, host, epoch, purpose, handshake)
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                handshake.result().completeExceptionally(connected.cause());
              }
            });
    return opened;
  }

  /// Straight to an instance of this host.
  public static CompletableFuture<AdminConnection> open(
      EventLoop loop, Transport transport, SocketAddress address, AdminLogin login) {
    BackendHandshake handshake = handshake(address.toString(), 0, login);
    CompletableFuture<AdminConnection> opened = opened(handshake, login);
    new Bootstrap()
        .group(loop)
        .channel(transport.socket())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) login.timeout().toMillis())
        .handler(handshake)
        .connect(address)
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                handshake.result().completeExceptionally(connected.cause());
              }
            });
    return opened;
  }

  private static BackendHandshake handshake(String host, long epoch, AdminLogin login) {
    Map<String, String> startup = new LinkedHashMap<>();
    login.startup().forEach((name, value) -> startup.put(name, ByteStrings.of(value)));
    return new BackendHandshake(
        host, epoch, startup, ScramClient.of(login.password()), MAX_MESSAGE_BYTES, login.timeout());
  }

  private static CompletableFuture<AdminConnection> opened(
      BackendHandshake handshake, AdminLogin login) {
    return handshake
        .result()
        .thenApply(
            backend -> {
              CommandRunner runner = new CommandRunner(backend.channel(), login.timeout());
              backend.channel().pipeline().addLast("admin", runner);
              return new AdminConnection(backend, runner);
            });
  }

  /// Runs `sql`, one statement or several, and gives the last result.
  public CompletableFuture<Rows> query(String sql) {
    return runner.run(sql, null).thenApply(List::getLast);
  }

  /// Runs a command that may enter a copy, telling `listener` what comes.
  ///
  /// @return all results in order, when the server is ready again
  public CompletableFuture<List<Rows>> copy(String command, CopyStream.Listener listener) {
    return runner.run(command, listener);
  }

  /// What the server said of itself at login: `server_version`, `in_hot_standby` and others.
  public Map<String, String> parameters() {
    return backend.parameters();
  }

  public int processId() {
    return backend.processId();
  }

  public boolean isOpen() {
    return backend.channel().isActive();
  }

  /// Completes when the connection has ended, for whatever reason.
  public CompletableFuture<Void> closed() {
    return runner.closed();
  }

  /// Takes leave of the server and fails what is still waiting.
  @Override
  public void close() {
    runner.close();
  }
}
