package dev.baton.engine.postgres.replication;

import dev.baton.engine.postgres.scram.ScramClient;
import dev.baton.engine.postgres.scram.ScramFailure;
import dev.baton.engine.postgres.scram.ScramServer;
import dev.baton.engine.postgres.scram.ScramVerifier;
import dev.baton.engine.postgres.wire.Authentication;
import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.Direction;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.MalformedMessage;
import dev.baton.engine.postgres.wire.MessageDecoder;
import dev.baton.engine.postgres.wire.SecretBytes;
import dev.baton.engine.postgres.wire.StartupPacket;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets the local instance's receiver in: start-up packet, SCRAM-SHA-256 with the administrative
/// role's password, ready. SCRAM and not the plain password, since another process that had taken
/// the relay's port would then be given it. Then a `RelaySession` takes this handler's place.
final class RelayLogin extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(RelayLogin.class);
  private static final long TIMEOUT_SECONDS = 10;
  private static final int WHOLE_BYTES = 1 << 16;

  private final String user;
  private final ScramVerifier verifier;
  private final Map<String, String> parameters;
  private final Supplier<RelaySession> sessions;
  private @Nullable ByteBuf gathered;
  private @Nullable ScramServer scram;
  private @Nullable Future<?> deadline;
  private State state = State.START_UP;

  private enum State {
    START_UP,
    FIRST,
    FINAL,
    OVER
  }

  RelayLogin(
      String user,
      ScramVerifier verifier,
      Map<String, String> parameters,
      Supplier<RelaySession> sessions) {
    this.user = user;
    this.verifier = verifier;
    this.parameters = parameters;
    this.sessions = sessions;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    deadline = ctx.executor().schedule(() -> ctx.close(), TIMEOUT_SECONDS, TimeUnit.SECONDS);
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    try {
      if (!(msg instanceof ByteBuf bytes) || state == State.OVER) {
        return;
      }
      switch (state) {
        case START_UP -> gather(ctx, bytes);
        case FIRST -> first(ctx, bytes);
        case FINAL -> last(ctx, bytes);
        case OVER -> {
          // What follows a refusal is not read.
        }
      }
    } catch (MalformedMessage | ScramFailure e) {
      refuse(ctx, ErrorFields.fatal("08P01", String.valueOf(e.getMessage())));
    } finally {
      ReferenceCountUtil.release(msg);
    }
  }

  private void gather(ChannelHandlerContext ctx, ByteBuf bytes) {
    ByteBuf all = gathered;
    if (all == null) {
      all = ctx.alloc().buffer(512);
      gathered = all;
    }
    if (all.readableBytes() + bytes.readableBytes() > WHOLE_BYTES) {
      throw new MalformedMessage(MalformedMessage.Kind.LENGTH, "start-up packet too long");
    }
    all.writeBytes(bytes);
    while (state == State.START_UP
        && all.readableBytes() >= Integer.BYTES
        && all.readableBytes() >= StartupPacket.packetBytes(all)) {
      ByteBuf packet = all.readSlice(StartupPacket.packetBytes(all));
      accept(ctx, StartupPacket.read(packet));
    }
  }

  private void accept(ChannelHandlerContext ctx, StartupPacket packet) {
    switch (packet) {
      case StartupPacket.SslRequest ssl -> send(ctx, out -> out.writeByte('N'));
      case StartupPacket.GssEncRequest gss -> send(ctx, out -> out.writeByte('N'));
      case StartupPacket.CancelRequest cancel -> {
        state = State.OVER;
        ctx.close();
      }
      case StartupPacket.Startup startup -> begin(ctx, startup);
    }
  }

  private void begin(ChannelHandlerContext ctx, StartupPacket.Startup startup) {
    Map<String, String> asked = startup.parameters();
    if (!"true".equals(asked.get("replication"))) {
      refuse(ctx, ErrorFields.fatal("08004", "this port relays the log to the local standby only"));
      return;
    }
    // A wrong user proves a password against the same verifier and then fails as a wrong password.
    state = State.FIRST;
    scram = new ScramServer(user, verifier, false, null);
    ctx.pipeline()
        .addBefore(ctx.name(), "messages", new MessageDecoder(Direction.FROM_CLIENT, WHOLE_BYTES));
    send(ctx, new Authentication.Sasl(List.of(ScramClient.MECHANISM))::write);
    if (!user.equals(asked.get("user"))) {
      LOG.warn("relay: user {} is not the one that may receive", asked.get("user"));
      scram = null;
    }
  }

  private void first(ChannelHandlerContext ctx, ByteBuf message) throws ScramFailure {
    FrontendMessages.SaslInitialResponse initial =
        FrontendMessages.readSaslInitialResponse(message);
    ScramServer exchange = scram;
    String response = initial.response();
    if (exchange == null || response == null) {
      refuse(ctx, wrongPassword());
      return;
    }
    String answer = exchange.first(response);
    state = State.FINAL;
    send(ctx, new Authentication.SaslContinue(answer)::write);
  }

  private void last(ChannelHandlerContext ctx, ByteBuf message) throws ScramFailure {
    ScramServer exchange = scram;
    Optional<ScramServer.Proved> proved =
        exchange == null
            ? Optional.empty()
            : exchange.finish(FrontendMessages.readSaslResponse(message));
    if (proved.isEmpty()) {
      refuse(ctx, wrongPassword());
      return;
    }
    state = State.OVER;
    String serverFinal = proved.get().serverFinal();
    send(
        ctx,
        out -> {
          new Authentication.SaslFinal(serverFinal).write(out);
          new Authentication.Ok().write(out);
          parameters.forEach((name, value) -> BackendMessages.parameterStatus(out, name, value));
          BackendMessages.backendKeyData(out, 0, SecretBytes.of(new byte[4]));
          BackendMessages.readyForQuery(out, TransactionStatus.IDLE);
        });
    endTimeout();
    ctx.pipeline().replace(this, "session", sessions.get());
  }

  private static ErrorFields wrongPassword() {
    return ErrorFields.fatal("28P01", "password authentication failed");
  }

  private void refuse(ChannelHandlerContext ctx, ErrorFields error) {
    state = State.OVER;
    ByteBuf out = ctx.alloc().buffer();
    error.writeError(out);
    ctx.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    endTimeout();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ByteBuf rest = gathered;
    gathered = null;
    if (rest != null) {
      rest.release();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    refuse(ctx, ErrorFields.fatal("08P01", String.valueOf(cause.getMessage())));
  }

  private void endTimeout() {
    Future<?> scheduled = deadline;
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
