package dev.baton.engine.postgres.session;

import dev.baton.core.route.Route;
import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.backend.Backend;
import dev.baton.engine.postgres.backend.BackendRefused;
import dev.baton.engine.postgres.login.BackendLogin;
import dev.baton.engine.postgres.login.CancelRegistry;
import dev.baton.engine.postgres.login.LoggedInClient;
import dev.baton.engine.postgres.wire.Authentication;
import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.ByteStrings;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.TransactionStatus;
import dev.baton.model.view.SessionView;
import dev.baton.net.BackendConnector.Purpose;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A client's connection from the end of its login: opens the first backend, tells the client what
/// a server would, and then is the shell around its [SessionCore].
final class ClientSession {
  private static final long LOGIN_RETRY_MILLIS = 50;

  private final FrontShared front;
  private final LoggedInClient client;
  private final BackendLogin login;
  private final CancelRegistry cancels;
  private final EventLoop loop;
  private final long number;
  private final ClientChannel channel;
  private final SessionCore core;
  private final Instant connectedAt = Instant.now();
  private final Consumer<ClientSession> onEnd;
  private Route.@Nullable Registration watching;
  private CancelRegistry.@Nullable Registration cancelKey;
  private int backendProcessId;
  private volatile boolean begun;
  private final long loginUntilNanos;
  private volatile SessionView view;

  ClientSession(
      FrontShared front,
      LoggedInClient client,
      BackendLogin login,
      CancelRegistry cancels,
      long number,
      Consumer<ClientSession> onEnd) {
    this.front = front;
    this.client = client;
    this.login = login;
    this.cancels = cancels;
    this.number = number;
    this.onEnd = onEnd;
    this.loop = client.channel().eventLoop();
    LoopClock clock = new LoopClock(loop);
    LoginBackends backends = new LoginBackends(loop, login, client);
    this.channel =
        new ClientChannel(
            client.channel(),
            port ->
                new SessionCore(front, number, port, backends, clock, client.channel().alloc()));
    this.core = channel.core();
    core.state().functions(front.functions().of(client.database()));
    this.loginUntilNanos = clock.nowNanos() + front.settings().holdMillis() * 1_000_000;
    this.view = measure();
  }

  /// On the client's event loop.
  void start() {
    client.channel().pipeline().addLast(channel);
    client.channel().closeFuture().addListener(_ -> ended());
    openFirst();
  }

  long number() {
    return number;
  }

  /// True when it works with an older epoch, or is held. From any thread.
  boolean isBehind(long epoch) {
    return begun && core.relocation().servedEpoch() < epoch;
  }

  /// True while it has something with its backend that a planned move takes along, and has not.
  /// From any thread.
  boolean isUnpacked() {
    return begun && core.stocktaking().isUnpacked();
  }

  /// True when it is known of everything that it has with its backend whether it is taken along.
  /// From any thread.
  boolean isPacked() {
    return begun && core.stocktaking().isPacked();
  }

  private void openFirst() {
    if (!client.channel().isActive()) {
      return;
    }
    if (!(front.route().state() instanceof RouteState.Open open)) {
      later("no database is open for work");
      return;
    }
    // at a new home, what was acknowledged comes before what a newcomer does
    front.order().await(RestoreOrder.Turn.NEW_WORK, loop, () -> logIn(open));
  }

  private void logIn(RouteState.Open open) {
    login
        .open(
            loop, Purpose.WORK, open.home(), open.epoch(), client.parameters(), client.credential())
        .whenComplete((backend, failure) -> first(backend, failure));
  }

  private void later(String why) {
    if (loop.ticker().nanoTime() - loginUntilNanos > 0) {
      core.close(
          ErrorFields.fatal("57P03", "the database system is not yet accepting connections")
              .withDetail(why));
      return;
    }
    loop.schedule(this::openFirst, LOGIN_RETRY_MILLIS, java.util.concurrent.TimeUnit.MILLISECONDS);
  }

  private void first(@Nullable Backend backend, @Nullable Throwable failure) {
    if (backend == null) {
      if (failure instanceof BackendRefused refused && !goesAway(refused.fields())) {
        core.close(refused.fields());
      } else {
        later(String.valueOf(failure == null ? "" : failure.getMessage()));
      }
      return;
    }
    BackendChannel port = new BackendChannel(backend, login, new First());
    backend.channel().pipeline().addLast(port);
    if (!client.channel().isActive()) {
      port.close();
      return;
    }
    backendProcessId = backend.processId();
    cancelKey = cancels.register(backend.processId(), client.cancelKeyBytes(), this::cancel);
    greet(backend);
    begun = true;
    core.begin(port);
    watching = front.route().watch(state -> loop.execute(() -> core.routeChanged(state)));
  }

  /// A server that starts or stops; it says so, and another will come.
  private static boolean goesAway(ErrorFields fields) {
    return fields.code().startsWith("57P");
  }

  private void greet(Backend backend) {
    CancelRegistry.Registration key = cancelKey;
    ByteBuf out = client.channel().alloc().buffer();
    new Authentication.Ok().write(out);
    backend.notices().forEach(notice -> notice.writeNotice(out));
    backend
        .parameters()
        .forEach((name, value) -> BackendMessages.parameterStatus(out, name, value));
    if (key != null) {
      BackendMessages.backendKeyData(out, key.processId(), key.key());
    }
    BackendMessages.readyForQuery(out, TransactionStatus.IDLE);
    channel.write(out);
    channel.flush();
  }

  private final class First extends BackendEvents {
    First() {
      super(core);
    }

    @Override
    public void opened(BackendPort backend) {
      throw new IllegalStateException("opened before it was listened to");
    }

    @Override
    public void refused(String why) {
      throw new IllegalStateException("opened before it was listened to");
    }
  }

  private CompletableFuture<Void> cancel() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(
        () -> {
          core.cancelRequested();
          done.complete(null);
        });
    return done;
  }

  void disconnect() {
    loop.execute(core::disconnect);
  }

  private void ended() {
    core.clientGone();
    Route.Registration present = watching;
    watching = null;
    if (present != null) {
      present.close();
    }
    CancelRegistry.Registration key = cancelKey;
    cancelKey = null;
    if (key != null) {
      key.close();
    }
    onEnd.accept(this);
  }

  /// The last view that was measured, and asks for a newer one. From any thread.
  SessionView view() {
    SessionView last = view;
    loop.execute(() -> view = measure());
    return last;
  }

  private SessionView measure() {
    OpenTransaction open = core.transaction();
    Dialogue dialogue = core.dialogue();
    long now = loop.ticker().nanoTime();
    return new SessionView(
        front.settings().host() + "-" + number,
        front.settings().host(),
        front.settings().service(),
        client.remote().getAddress().getHostAddress() + ":" + client.remote().getPort(),
        ByteStrings.text(client.user()),
        ByteStrings.text(client.database()),
        ByteStrings.text(core.state().reported().getOrDefault("application_name", "")),
        begun
            ? core.stateName() + (core.state().settings().lowerDurability() ? ", async" : "")
            : "logging in",
        open == null ? null : Relocation.millis(now - open.startedNanos()),
        dialogue == null ? "" : dialogue.backend().host(),
        "on".equals(core.state().reportedValue("default_transaction_read_only")),
        core.relocation().hasTwin(),
        core.requests(),
        core.relocation().moves(),
        backendProcessId,
        core.movability(),
        connectedAt,
        Instant.now());
  }
}
