package dev.baton.engine.postgres.backend;

import dev.baton.engine.postgres.scram.ScramClient;
import dev.baton.engine.postgres.scram.ScramFailure;
import dev.baton.engine.postgres.wire.Authentication;
import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.Direction;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.MalformedMessage;
import dev.baton.engine.postgres.wire.MessageDecoder;
import dev.baton.engine.postgres.wire.SecretBytes;
import dev.baton.engine.postgres.wire.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Logs in on a fresh channel to an instance: start-up packet in protocol 3.0, SCRAM-SHA-256 or
/// none, up to the first ReadyForQuery. Then it leaves the pipeline, in which the `MessageDecoder`
/// stays, and completes the future on the event loop. When that fails the channel is closed.
public final class BackendHandshake extends ChannelInboundHandlerAdapter {
  /// Notices kept of a login; a server that says more is not interesting.
  static final int MAX_NOTICES = 16;

  /// Parameters that a server may report before it is ready.
  private static final int MAX_PARAMETERS = 1000;

  private final String host;
  private final long epoch;
  private final Map<String, String> startup;
  private final ScramClient scram;
  private final int wholeBytes;
  private final Duration timeout;
  private final CompletableFuture<Backend> result = new CompletableFuture<>();

  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final List<ErrorFields> notices = new ArrayList<>();
  private BackendMessages.BackendKeyData key =
      new BackendMessages.BackendKeyData(0, SecretBytes.of(new byte[4]));
  private State state = State.CREATED;
  private @Nullable ScheduledFuture<?> deadline;

  private enum State {
    CREATED,
    STARTED,
    FIRST_SENT,
    FINAL_SENT,
    SERVER_CHECKED,
    AUTHENTICATED,
    DONE
  }

  /// @param startup parameters of the start-up packet, `user` among them, as byte strings
  /// @param wholeBytes messages up to this are handed on whole
  /// @param timeout from here to ReadyForQuery
  public BackendHandshake(
      String host,
      long epoch,
      Map<String, String> startup,
      ScramClient scram,
      int wholeBytes,
      Duration timeout) {
    this.host = host;
    this.epoch = epoch;
    this.startup = new LinkedHashMap<>(startup);
    this.scram = scram;
    this.wholeBytes = wholeBytes;
    this.timeout = timeout;
  }

  /// Completes on the channel's event loop; fails with [BackendRefused] when the server answered
  /// with an error and with an `IOException` else.
  public CompletableFuture<Backend> result() {
    return result;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      start(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    start(ctx);
    ctx.fireChannelActive();
  }

  private void start(ChannelHandlerContext ctx) {
    if (state != State.CREATED) {
      return;
    }
    state = State.STARTED;
    ctx.pipeline()
        .addBefore(ctx.name(), "messages", new MessageDecoder(Direction.FROM_SERVER, wholeBytes));
    deadline =
        ctx.executor()
            .schedule(
                () -> fail(ctx, new IOException("no login within " + timeout.toMillis() + " ms")),
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
    send(ctx, out -> StartupPacket.writeStartup(out, StartupPacket.VERSION_3_0, startup));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    boolean done = false;
    try {
      if (!(msg instanceof ByteBuf message)) {
        fail(ctx, new IOException("message of absurd size during login: " + msg));
        return;
      }
      done = accept(ctx, message);
    } catch (MalformedMessage | ScramFailure e) {
      fail(ctx, new IOException("login to " + host + ": " + e.getMessage(), e));
    } finally {
      ReferenceCountUtil.release(msg);
    }
    if (done) {
      finish(ctx);
    }
  }

  private boolean accept(ChannelHandlerContext ctx, ByteBuf message) throws ScramFailure {
    byte type = message.getByte(message.readerIndex());
    switch (type) {
      case BackendType.AUTHENTICATION -> authenticate(ctx, Authentication.read(message));
      case BackendType.ERROR_RESPONSE -> fail(ctx, new BackendRefused(ErrorFields.read(message)));
      case BackendType.NOTICE_RESPONSE -> {
        if (notices.size() < MAX_NOTICES) {
          notices.add(ErrorFields.read(message));
        }
      }
      case BackendType.NEGOTIATE_PROTOCOL_VERSION -> {
        // Only `_pq_.` parameters can cause it, and none is sent that matters.
      }
      case BackendType.PARAMETER_STATUS -> {
        BackendMessages.ParameterStatus status = BackendMessages.readParameterStatus(message);
        parameters.put(status.name(), status.value());
        if (parameters.size() > MAX_PARAMETERS) {
          fail(ctx, new IOException("more than " + MAX_PARAMETERS + " parameters reported"));
        }
      }
      case BackendType.BACKEND_KEY_DATA -> key = BackendMessages.readBackendKeyData(message);
      case BackendType.READY_FOR_QUERY -> {
        if (state == State.AUTHENTICATED) {
          return true;
        }
        fail(ctx, new IOException("ready before the login was over"));
      }
      default -> fail(ctx, new IOException("message '" + (char) type + "' during login"));
    }
    return false;
  }

  private void authenticate(ChannelHandlerContext ctx, Authentication authentication)
      throws ScramFailure {
    switch (authentication) {
      case Authentication.Sasl(List<String> mechanisms)
          when state == State.STARTED && mechanisms.contains(ScramClient.MECHANISM) -> {
        state = State.FIRST_SENT;
        send(
            ctx,
            out ->
                FrontendMessages.saslInitialResponse(
                    out, ScramClient.MECHANISM, scram.firstMessage()));
      }
      case Authentication.SaslContinue(String text) when state == State.FIRST_SENT -> {
        state = State.FINAL_SENT;
        String answer = scram.finalMessage(text);
        send(ctx, out -> FrontendMessages.saslResponse(out, answer));
      }
      case Authentication.SaslFinal(String text) when state == State.FINAL_SENT -> {
        scram.checkServer(text);
        state = State.SERVER_CHECKED;
      }
      case Authentication.Ok() when state == State.STARTED || state == State.SERVER_CHECKED ->
          state = State.AUTHENTICATED;
      default ->
          fail(
              ctx,
              new IOException(
                  "the server asks for " + authentication + ", only SCRAM-SHA-256 is spoken"));
    }
  }

  private void finish(ChannelHandlerContext ctx) {
    state = State.DONE;
    cancelDeadline();
    ctx.pipeline().remove(this);
    Backend backend =
        new Backend(
            ctx.channel(),
            host,
            epoch,
            key.processId(),
            key.key(),
            java.util.Collections.unmodifiableMap(parameters),
            List.copyOf(notices));
    if (!result.complete(backend)) {
      ctx.channel().close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(ctx, new IOException(host + " closed the connection during login"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, cause);
  }

  private void fail(ChannelHandlerContext ctx, Throwable cause) {
    state = State.DONE;
    cancelDeadline();
    ctx.close();
    result.completeExceptionally(cause);
  }

  private void cancelDeadline() {
    ScheduledFuture<?> scheduled = deadline;
    if (scheduled != null) {
      scheduled.cancel(false);
    }
  }

  private static void send(ChannelHandlerContext ctx, Consumer<ByteBuf> writer) {
    ByteBuf out = ctx.alloc().buffer();
    writer.accept(out);
    ctx.writeAndFlush(out);
  }
}
