package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.access.AccessRules;
import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.ByteStrings;
import dev.baton.engine.postgres.wire.Direction;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.MessageDecoder;
import dev.baton.engine.postgres.wire.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The beginning of a client's connection, up to its start-up packet. Acts on what
/// [StartupNegotiation] decides; then [LoginHandler] takes its place.
final class StartupHandler extends ChannelInboundHandlerAdapter {
  static final String DECODER = "startup-decoder";
  private static final Logger LOG = LoggerFactory.getLogger(StartupHandler.class);
  private static final String TLS_DECODER = "startup-decoder-tls";

  private final LoginSettings settings;
  private final StartupNegotiation negotiation;
  private boolean directTls;
  private boolean done;
  private @Nullable ScheduledFuture<?> deadline;

  StartupHandler(LoginSettings settings) {
    this.settings = settings;
    this.negotiation = new StartupNegotiation(settings.tls() != null);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    deadline =
        ctx.executor()
            .schedule(
                () -> drop(ctx, "no start-up packet in time"),
                settings.front().loginMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ScheduledFuture<?> scheduled = deadline;
    if (scheduled != null) {
      scheduled.cancel(false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (done || !(msg instanceof StartupDecoder.Opening opening)) {
      ReferenceCountUtil.release(msg);
      return;
    }
    act(
        ctx,
        switch (opening) {
          case StartupDecoder.Opening.DirectTls() -> {
            directTls = true;
            yield negotiation.directTls();
          }
          case StartupDecoder.Opening.Packet(StartupPacket packet, boolean more) ->
              negotiation.step(packet, more);
        });
  }

  private void act(ChannelHandlerContext ctx, StartupNegotiation.Step step) {
    switch (step) {
      case StartupNegotiation.Step.AnswerNo() -> answer(ctx, 'N');
      case StartupNegotiation.Step.BeginTls() -> beginTls(ctx);
      case StartupNegotiation.Step.Cancel(StartupPacket.CancelRequest request) -> {
        done = true;
        settings
            .cancels()
            .cancel(request)
            .whenComplete((_, _) -> ctx.executor().execute(() -> drop(ctx, "cancel request")));
      }
      case StartupNegotiation.Step.Begin begin -> begin(ctx, begin);
      case StartupNegotiation.Step.Refuse(ErrorFields error) -> {
        done = true;
        Refusal.send(ctx, "", error);
      }
      case StartupNegotiation.Step.AnswerNoAndRefuse(ErrorFields error) -> {
        done = true;
        answer(ctx, 'N');
        Refusal.send(ctx, "", error);
      }
      case StartupNegotiation.Step.RefuseOldStyle(String message) -> {
        done = true;
        Refusal.sendOldStyle(ctx, message);
      }
      case StartupNegotiation.Step.CloseSilently(String reason) -> drop(ctx, reason);
    }
  }

  private static void answer(ChannelHandlerContext ctx, char letter) {
    ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {(byte) letter}));
  }

  /// The TLS handler takes the place of the decoder that has read from the plain stream, and so
  /// gets what that one has read and not taken: no byte of it can pass for one of the encrypted
  /// stream.
  private void beginTls(ChannelHandlerContext ctx) {
    FrontTls tls = settings.tls();
    if (tls == null) {
      drop(ctx, "no certificate");
      return;
    }
    if (!directTls) {
      answer(ctx, 'S');
    }
    SslHandler handler = tls.handler(ctx.alloc(), settings.front().loginMillis());
    ctx.pipeline().addBefore(ctx.name(), TLS_DECODER, new StartupDecoder(false));
    ctx.pipeline().replace(DECODER, "tls", handler);
  }

  private void begin(ChannelHandlerContext ctx, StartupNegotiation.Step.Begin begin) {
    done = true;
    AcceptGate.waitsForClient(ctx.channel());
    String user = ByteStrings.text(begin.parameters().getOrDefault("user", ""));
    AccessRules.Arrival arrival =
        new AccessRules.Arrival(
            negotiation.tlsActive(),
            ByteStrings.text(begin.parameters().getOrDefault("database", "")),
            user,
            ((InetSocketAddress) ctx.channel().remoteAddress()).getAddress());
    switch (settings.access().rules().decide(arrival)) {
      case AccessRules.Verdict.Refused(String message, String origin) -> {
        LOG.info(
            "client={}: refused by {}",
            arrival.address().getHostAddress(),
            origin.isEmpty() ? "the lack of a rule" : origin);
        Refusal.send(ctx, user, ErrorFields.fatal("28000", message));
      }
      case AccessRules.Verdict.Asked asked ->
          certificateError(ctx, asked, user)
              .ifPresentOrElse(
                  error -> Refusal.send(ctx, user, error),
                  () -> admit(ctx, begin, asked.password()));
    }
  }

  private static Optional<ErrorFields> certificateError(
      ChannelHandlerContext ctx, AccessRules.Verdict.Asked asked, String user) {
    if (!asked.certificate()) {
      return Optional.empty();
    }
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    Optional<String> name = tls == null ? Optional.empty() : FrontTls.commonName(tls);
    if (name.isEmpty()) {
      return Optional.of(
          ErrorFields.fatal("28000", "connection requires a valid client certificate"));
    }
    if (asked.ofTheUser() && !name.get().equals(user)) {
      LOG.info("user={}: the certificate is of \"{}\"", user, name.get());
      // A server says it in the name of the method.
      return Optional.of(
          asked.password()
              ? LoginHandler.wrongPassword(user)
              : ErrorFields.fatal(
                  "28000", "certificate authentication failed for user \"" + user + "\""));
    }
    return Optional.empty();
  }

  private void admit(
      ChannelHandlerContext ctx, StartupNegotiation.Step.Begin begin, boolean password) {
    if (!settings.places().take()) {
      Refusal.send(
          ctx,
          ByteStrings.text(begin.parameters().getOrDefault("user", "")),
          ErrorFields.fatal("53300", "sorry, too many clients already"));
      return;
    }
    ctx.channel().closeFuture().addListener(_ -> settings.places().giveBack());
    if (begin.negotiate()) {
      ByteBuf out = ctx.alloc().buffer();
      BackendMessages.negotiateProtocolVersion(
          out, 3 << 16 | begin.minor(), begin.unknownOptions());
      ctx.write(out);
    }
    boolean tls = negotiation.tlsActive();
    ctx.pipeline()
        .addLast(
            "login",
            password
                ? new LoginHandler(settings, begin.minor(), begin.parameters(), tls)
                : new PasswordlessLogin(settings, begin.minor(), begin.parameters(), tls));
    ctx.pipeline().remove(this);
    ctx.pipeline()
        .replace(
            tls ? TLS_DECODER : DECODER,
            LoginHandler.DECODER,
            new MessageDecoder(Direction.FROM_CLIENT, LoginHandler.MAX_MESSAGE_BYTES));
  }

  /// A client that begins with TLS must have named the protocol.
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (!handshake.isSuccess()) {
        drop(ctx, "TLS handshake: " + handshake.cause());
      } else if (directTls && !namesProtocol(ctx)) {
        drop(ctx, "TLS without a request, and without the protocol's name");
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  private static boolean namesProtocol(ChannelHandlerContext ctx) {
    SslHandler handler = ctx.pipeline().get(SslHandler.class);
    return handler != null && FrontTls.ALPN.equals(handler.applicationProtocol());
  }

  /// Wrong lengths and bytes that are no TLS: a server says nothing either.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    drop(ctx, cause.toString());
  }

  private void drop(ChannelHandlerContext ctx, String reason) {
    done = true;
    Refusal.close(ctx, reason);
  }
}
