package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.scram.Credential;
import dev.baton.engine.postgres.scram.ScramVerifier;
import dev.baton.engine.postgres.wire.ByteStrings;
import dev.baton.engine.postgres.wire.ErrorFields;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands a client over that its certificate or a `trust` rule has let in. The database still wants
/// a password, so the role's own is taken from the agent's file, and must fit the verifier.
final class PasswordlessLogin extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(PasswordlessLogin.class);

  private final LoginSettings settings;
  private final int minor;
  private final Map<String, String> parameters;
  private final boolean tls;
  private final String user;
  private boolean over;
  private @Nullable CompletableFuture<Verifiers.Answer> asked;

  PasswordlessLogin(
      LoginSettings settings, int minor, Map<String, String> parameters, boolean tls) {
    this.settings = settings;
    this.minor = minor;
    this.parameters = parameters;
    this.tls = tls;
    this.user = parameters.getOrDefault("user", "");
  }

  private sealed interface Outcome {
    record Ready(Credential credential) implements Outcome {}

    record Refused(String reason) implements Outcome {}
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    CompletableFuture<Verifiers.Answer> question = settings.verifiers().of(user);
    asked = question;
    AcceptGate.waitsForDatabase(ctx.channel());
    question
        // Thousands of rounds of hashing are no work for an event loop.
        .thenApplyAsync(this::credential)
        .whenComplete(
            (outcome, failure) -> ctx.executor().execute(() -> finish(ctx, outcome, failure)));
  }

  private Outcome credential(Verifiers.Answer answer) {
    return switch (answer) {
      case Verifiers.Answer.Unusable(String reason) -> new Outcome.Refused(reason);
      case Verifiers.Answer.Known(ScramVerifier verifier) -> {
        Optional<String> password = settings.access().passwords().of(ByteStrings.text(user));
        if (password.isEmpty()) {
          yield new Outcome.Refused("rolePasswordsFile has no password of this role; add it");
        }
        Optional<Credential> credential = verifier.credential(user, password.get());
        yield credential.isPresent()
            ? new Outcome.Ready(credential.get())
            : new Outcome.Refused("the password in rolePasswordsFile is not the role's; mend it");
      }
    };
  }

  private void finish(
      ChannelHandlerContext ctx, @Nullable Outcome outcome, @Nullable Throwable failure) {
    if (over) {
      return;
    }
    over = true;
    switch (outcome) {
      case null ->
          Refusal.send(
              ctx,
              ByteStrings.text(user),
              ErrorFields.fatal("57P03", "the database cannot be reached")
                  .withDetail(String.valueOf(failure == null ? "" : failure.getMessage())));
      case Outcome.Refused(String reason) -> {
        LOG.info("user={}: {}", ByteStrings.text(user), reason);
        Refusal.send(
            ctx,
            ByteStrings.text(user),
            ErrorFields.fatal(
                "28000", "authentication failed for user \"" + ByteStrings.text(user) + "\""));
      }
      case Outcome.Ready(Credential credential) ->
          HandOver.toSession(ctx, this, settings, minor, parameters, credential, tls);
    }
  }

  /// Nothing is expected from a client before it is told that it is in.
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    ReferenceCountUtil.release(msg);
    if (!over) {
      over = true;
      Refusal.send(
          ctx,
          ByteStrings.text(user),
          ErrorFields.fatal("08P01", "message before the end of the login"));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    over = true;
    CompletableFuture<Verifiers.Answer> question = asked;
    if (question != null) {
      question.cancel(false);
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    over = true;
    Refusal.close(ctx, cause.toString());
  }
}
