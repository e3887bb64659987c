package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.scram.Credential;
import dev.baton.engine.postgres.wire.Direction;
import dev.baton.engine.postgres.wire.MessageDecoder;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The last step of every login: the session takes the place of the handler that let it in.
final class HandOver {
  private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

  private HandOver() {}

  /// The decoder with the small bound goes; what it has read beyond this message it passes on.
  static void toSession(
      ChannelHandlerContext ctx,
      ChannelHandler from,
      LoginSettings settings,
      int minor,
      Map<String, String> parameters,
      Credential credential,
      boolean tls) {
    LoggedInClient client =
        new LoggedInClient(
            ctx.channel(),
            minor,
            parameters,
            credential,
            tls,
            (InetSocketAddress) ctx.channel().remoteAddress());
    AcceptGate.loggedIn(ctx.channel());
    ctx.pipeline().remove(from);
    ctx.pipeline()
        .replace(
            LoginHandler.DECODER,
            LoginHandler.DECODER,
            new MessageDecoder(Direction.FROM_CLIENT, settings.front().maxMessageBytes()));
    try {
      settings.sessions().open(client);
    } catch (RuntimeException e) {
      LOG.error("session of {} could not be opened", client.remote(), e);
      ctx.channel().close();
    }
  }
}
