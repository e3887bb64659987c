package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.scram.ScramFailure;
import dev.baton.engine.postgres.scram.ScramServer;
import dev.baton.engine.postgres.scram.ScramVerifier;
import dev.baton.engine.postgres.wire.Authentication;
import dev.baton.engine.postgres.wire.ByteStrings;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.FrontendType;
import dev.baton.engine.postgres.wire.MalformedMessage;
import dev.baton.engine.postgres.wire.MessageDecoder;
import dev.baton.engine.postgres.wire.MessagePiece;
import dev.baton.engine.postgres.wire.SecretBytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks a client who it is, by SCRAM-SHA-256, and hands it over to its session. The verifier is
/// asked for while the client makes its first message.
///
/// The client's time for its part is bounded; the time in which the database is waited for is not
/// counted, since logins during a move wait for its end (within the bound of [Verifiers]).
final class LoginHandler extends ChannelInboundHandlerAdapter {
  static final String DECODER = "messages";

  /// A longer SASL message is a failed authentication, and nothing else is read before login.
  static final int MAX_MESSAGE_BYTES = MessageDecoder.HEADER_BYTES + ScramServer.MAX_MESSAGE_BYTES;

  private static final Logger LOG = LoggerFactory.getLogger(LoginHandler.class);

  private final LoginSettings settings;
  private final int minor;
  private final Map<String, String> parameters;
  private final boolean tls;
  private final String user;
  private final CompletableFuture<Verifiers.Answer> verifier;
  private State state = new State.AwaitingMechanism();
  private @Nullable ScheduledFuture<?> deadline;

  private sealed interface State {
    record AwaitingMechanism() implements State {}

    /// The client has chosen, and sends its first message when it is asked.
    record AwaitingFirst(boolean plus) implements State {}

    /// The database is asked; a client has nothing to say meanwhile.
    record AwaitingVerifier() implements State {}

    record AwaitingProof(ScramServer scram) implements State {}

    record Ended() implements State {}
  }

  LoginHandler(LoginSettings settings, int minor, Map<String, String> parameters, boolean tls) {
    this.settings = settings;
    this.minor = minor;
    this.parameters = parameters;
    this.tls = tls;
    this.user = parameters.getOrDefault("user", "");
    this.verifier = settings.verifiers().of(user);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    startDeadline(ctx);
    List<String> mechanisms =
        binding() == null
            ? List.of(ScramServer.MECHANISM)
            : List.of(ScramServer.MECHANISM_PLUS, ScramServer.MECHANISM);
    send(ctx, new Authentication.Sasl(mechanisms));
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stopDeadline();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    try {
      switch (msg) {
        case ByteBuf message -> accept(ctx, message);
        case MessagePiece piece when piece.type() == FrontendType.PASSWORD -> fail(ctx);
        case MessagePiece piece -> refuse(ctx, unexpected(piece.type()));
        default -> close(ctx, "no message: " + msg);
      }
    } catch (MalformedMessage e) {
      refuse(ctx, ErrorFields.fatal("08P01", e.getMessage()));
    } catch (ScramFailure e) {
      refuse(ctx, ErrorFields.fatal(e.sqlState(), e.getMessage()));
    } finally {
      ReferenceCountUtil.release(msg);
    }
  }

  private void accept(ChannelHandlerContext ctx, ByteBuf message) throws ScramFailure {
    byte type = message.getByte(message.readerIndex());
    if (state instanceof State.Ended) {
      return;
    }
    if (type != FrontendType.PASSWORD) {
      refuse(ctx, unexpected(type));
      return;
    }
    switch (state) {
      case State.AwaitingMechanism() -> mechanism(ctx, message);
      case State.AwaitingFirst(boolean plus) ->
          first(ctx, plus, FrontendMessages.readSaslResponse(message));
      case State.AwaitingVerifier() ->
          refuse(ctx, ErrorFields.fatal("08P01", "SASL response before its challenge"));
      case State.AwaitingProof(ScramServer scram) ->
          proof(ctx, scram, FrontendMessages.readSaslResponse(message));
      case State.Ended() -> {}
    }
  }

  private void mechanism(ChannelHandlerContext ctx, ByteBuf message) throws ScramFailure {
    FrontendMessages.SaslInitialResponse initial =
        FrontendMessages.readSaslInitialResponse(message);
    boolean plus = initial.mechanism().equals(ScramServer.MECHANISM_PLUS) && binding() != null;
    if (!plus && !initial.mechanism().equals(ScramServer.MECHANISM)) {
      refuse(
          ctx,
          ErrorFields.fatal("08P01", "client selected an invalid SASL authentication mechanism"));
      return;
    }
    String response = initial.response();
    if (response == null) {
      state = new State.AwaitingFirst(plus);
      send(ctx, new Authentication.SaslContinue(""));
    } else {
      first(ctx, plus, response);
    }
  }

  private void first(ChannelHandlerContext ctx, boolean plus, String clientFirst)
      throws ScramFailure {
    if (verifier.isDone()) {
      challenge(ctx, plus, clientFirst);
      return;
    }
    state = new State.AwaitingVerifier();
    stopDeadline();
    AcceptGate.waitsForDatabase(ctx.channel());
    verifier.whenComplete(
        (_, _) -> ctx.executor().execute(() -> challengeLater(ctx, plus, clientFirst)));
  }

  private void challengeLater(ChannelHandlerContext ctx, boolean plus, String clientFirst) {
    if (!(state instanceof State.AwaitingVerifier)) {
      return;
    }
    startDeadline(ctx);
    AcceptGate.waitsForClient(ctx.channel());
    try {
      challenge(ctx, plus, clientFirst);
    } catch (ScramFailure e) {
      refuse(ctx, ErrorFields.fatal(e.sqlState(), e.getMessage()));
    }
  }

  private void challenge(ChannelHandlerContext ctx, boolean plus, String clientFirst)
      throws ScramFailure {
    if (verifier.isCompletedExceptionally()) {
      refuse(
          ctx,
          ErrorFields.fatal("57P03", "the database cannot be reached")
              .withDetail(String.valueOf(verifier.exceptionNow().getMessage())));
      return;
    }
    ScramVerifier known =
        switch (verifier.resultNow()) {
          case Verifiers.Answer.Known(ScramVerifier verifier) -> verifier;
          case Verifiers.Answer.Unusable(String reason) -> {
            // To the client that is a wrong password, told at the end of the exchange.
            LOG.info("user={}: {}", ByteStrings.text(user), reason);
            yield ScramVerifier.mock(user, settings.mockSecret());
          }
        };
    ScramServer scram = new ScramServer(user, known, plus, binding());
    String challenge = scram.first(clientFirst);
    state = new State.AwaitingProof(scram);
    send(ctx, new Authentication.SaslContinue(challenge));
  }

  private void proof(ChannelHandlerContext ctx, ScramServer scram, String clientFinal)
      throws ScramFailure {
    Optional<ScramServer.Proved> proved = scram.finish(clientFinal);
    if (proved.isEmpty()) {
      fail(ctx);
      return;
    }
    state = new State.Ended();
    send(ctx, new Authentication.SaslFinal(proved.get().serverFinal()));
    stopDeadline();
    HandOver.toSession(ctx, this, settings, minor, parameters, proved.get().credential(), tls);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    state = new State.Ended();
    stopDeadline();
    verifier.cancel(false);
    ctx.fireChannelInactive();
  }

  /// A SASL message of impossible length is to a server a failed authentication.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof MalformedMessage malformed) {
      switch (malformed.kind()) {
        case LENGTH -> fail(ctx);
        case TYPE, CONTENT -> refuse(ctx, ErrorFields.fatal("08P01", malformed.getMessage()));
      }
    } else {
      close(ctx, cause.toString());
    }
  }

  private void fail(ChannelHandlerContext ctx) {
    refuse(ctx, wrongPassword(ByteStrings.text(user)));
  }

  static ErrorFields wrongPassword(String user) {
    return ErrorFields.fatal("28P01", "password authentication failed for user \"" + user + "\"");
  }

  private static ErrorFields unexpected(byte type) {
    return ErrorFields.fatal("08P01", "expected SASL response, got message type " + (type & 0xFF));
  }

  private @Nullable SecretBytes binding() {
    FrontTls offered = settings.tls();
    return tls && offered != null ? offered.binding() : null;
  }

  private void refuse(ChannelHandlerContext ctx, ErrorFields error) {
    if (!(state instanceof State.Ended)) {
      state = new State.Ended();
      stopDeadline();
      Refusal.send(ctx, ByteStrings.text(user), error);
    }
  }

  private void close(ChannelHandlerContext ctx, String reason) {
    state = new State.Ended();
    stopDeadline();
    Refusal.close(ctx, reason);
  }

  private static void send(ChannelHandlerContext ctx, Authentication message) {
    ByteBuf out = ctx.alloc().buffer();
    message.write(out);
    ctx.writeAndFlush(out);
  }

  private void startDeadline(ChannelHandlerContext ctx) {
    stopDeadline();
    deadline =
        ctx.executor()
            .schedule(
                () ->
                    refuse(
                        ctx, ErrorFields.fatal("57014", "canceling authentication due to timeout")),
                settings.front().loginMillis(),
                TimeUnit.MILLISECONDS);
  }

  private void stopDeadline() {
    ScheduledFuture<?> scheduled = deadline;
    if (scheduled != null) {
      scheduled.cancel(false);
    }
    deadline = null;
  }
}
