package dev.baton.service.control;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import org.jspecify.annotations.Nullable;

/// One reader of the stream. It has nothing to say but pong and close.
final class StreamHandler extends SimpleChannelInboundHandler<WebSocketFrame> {
  private static final int SILENCE_SECONDS = 60;
  private static final int PING_SECONDS = 20;
  private static final WebSocketDecoderConfig FRAMES =
      WebSocketDecoderConfig.newBuilder()
          .maxFramePayloadLength(1024)
          .allowExtensions(false)
          .closeOnProtocolViolation(true)
          .build();

  private final StreamFeed feed;
  private final StreamReader reader;

  private StreamHandler(StreamFeed feed, StreamReader reader) {
    this.feed = feed;
    this.reader = reader;
  }

  static boolean isUpgrade(FullHttpRequest request) {
    return request
        .headers()
        .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
  }

  /// @param after the last sequence that the reader has seen; null for a new one
  static void upgrade(
      ChannelHandlerContext context,
      FullHttpRequest request,
      StreamFeed feed,
      @Nullable String after) {
    long resumeAfter = sequence(after);
    WebSocketServerHandshaker handshaker =
        new WebSocketServerHandshakerFactory("/v1/stream", null, FRAMES).newHandshaker(request);
    if (handshaker == null) {
      throw new Refused(
          426,
          "upgrade needed",
          "only version 13 of the WebSocket protocol is spoken",
          java.util.Map.of("sec-websocket-version", "13"));
    }
    StreamReader reader = new StreamReader(context.channel(), resumeAfter);
    handshaker
        .handshake(context.channel(), request)
        .addListener(
            done -> {
              if (done.isSuccess()) {
                takeOver(context, feed, reader);
              } else {
                context.close();
              }
            });
  }

  private static long sequence(@Nullable String after) {
    if (after == null) {
      return StreamReader.NEW;
    }
    try {
      long sequence = Long.parseLong(after);
      if (sequence >= 0) {
        return sequence;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw Refused.malformed(
        "query parameter 'after' must be the sequence of the last message that was read");
  }

  private static void takeOver(
      ChannelHandlerContext context, StreamFeed feed, StreamReader reader) {
    ChannelPipeline pipeline = context.pipeline();
    pipeline.remove(WriteTimeoutHandler.class); // the feed has its own, with a reason
    pipeline.addLast(new IdleStateHandler(SILENCE_SECONDS, PING_SECONDS, 0));
    pipeline.addLast(new StreamHandler(feed, reader));
    pipeline.remove(ControlHandler.class);
    context.channel().config().setAutoRead(true);
    feed.join(reader);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
    switch (frame) {
      case PingWebSocketFrame ping ->
          context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
      case PongWebSocketFrame _ -> {} // its arrival is what counts
      case CloseWebSocketFrame close ->
          context.writeAndFlush(close.retainedDuplicate()).addListener(_ -> context.close());
      default ->
          reader.close(
              WebSocketCloseStatus.INVALID_MESSAGE_TYPE,
              "this stream only tells, it takes nothing");
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent idle) {
      switch (idle.state()) {
        case READER_IDLE ->
            reader.close(WebSocketCloseStatus.POLICY_VIOLATION, "no pong came back");
        case WRITER_IDLE, ALL_IDLE -> context.writeAndFlush(new PingWebSocketFrame());
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    feed.leave(reader);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
