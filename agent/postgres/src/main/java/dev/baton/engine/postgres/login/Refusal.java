package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.ErrorFields;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends a connection before its login is over.
final class Refusal {
  private static final Logger LOG = LoggerFactory.getLogger(Refusal.class);

  private Refusal() {}

  static void send(ChannelHandlerContext ctx, String user, ErrorFields error) {
    LOG.info(
        "login refused: client={} user={} error={}", ctx.channel().remoteAddress(), user, error);
    ByteBuf out = ctx.alloc().buffer();
    error.writeError(out);
    ctx.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
  }

  /// To a client of a protocol before 3, whose errors are a text without a length.
  static void sendOldStyle(ChannelHandlerContext ctx, String message) {
    LOG.info("login refused: client={} error={}", ctx.channel().remoteAddress(), message);
    ByteBuf out = ctx.alloc().buffer();
    out.writeByte(BackendType.ERROR_RESPONSE);
    out.writeCharSequence("FATAL:  " + message + "\n\0", StandardCharsets.US_ASCII);
    ctx.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
  }

  /// Where a server, too, says nothing.
  static void close(ChannelHandlerContext ctx, String reason) {
    LOG.debug("connection dropped: client={} reason={}", ctx.channel().remoteAddress(), reason);
    ctx.close();
  }
}
