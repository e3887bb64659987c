package dev.baton.service.control;

import dev.baton.service.control.ControlServer.Bounds;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.TooLongHttpContentException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// From bytes to whole requests, one at a time, within bounds.
final class ControlPipeline extends ChannelInitializer<Channel> {
  static final int MAX_REQUEST_LINE = 4096;
  static final int MAX_HEADER_BYTES = 16 * 1024;

  private final Supplier<@Nullable SslContext> tls;
  private final Guard guard;
  private final Api api;
  private final StreamFeed feed;
  private final Metrics metrics;
  private final Bounds bounds;
  private final ChannelGroup connections;

  ControlPipeline(
      Supplier<@Nullable SslContext> tls,
      Guard guard,
      Api api,
      StreamFeed feed,
      Metrics metrics,
      Bounds bounds,
      ChannelGroup connections) {
    this.tls = tls;
    this.guard = guard;
    this.api = api;
    this.feed = feed;
    this.metrics = metrics;
    this.bounds = bounds;
    this.connections = connections;
  }

  @Override
  protected void initChannel(Channel channel) {
    if (connections.size() >= bounds.connections()) {
      channel.close(); // nothing may be spent on it, not even an answer
      return;
    }
    connections.add(channel);
    ChannelPipeline pipeline = channel.pipeline();
    SslContext present = tls.get();
    if (present != null) {
      pipeline.addLast(present.newHandler(channel.alloc()));
    }
    pipeline
        .addLast(new WriteTimeoutHandler(bounds.write().toMillis(), TimeUnit.MILLISECONDS))
        .addLast(new StrictDecoder())
        .addLast(new HttpResponseEncoder())
        .addLast(new Whole())
        .addLast(new ControlHandler(guard, api, feed, metrics, bounds));
  }

  /// Refuses what proxies and servers are known to read in different ways.
  private static final class StrictDecoder extends HttpRequestDecoder {
    StrictDecoder() {
      super(
          new HttpDecoderConfig()
              .setMaxInitialLineLength(MAX_REQUEST_LINE)
              .setMaxHeaderSize(MAX_HEADER_BYTES)
              .setMaxChunkSize(8192)
              .setAllowDuplicateContentLengths(false)
              .setStrictLineParsing(true)
              .setUseRfc9112TransferEncoding(true)
              .setValidateHeaders(true));
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
      throw new IllegalArgumentException("both Transfer-Encoding and Content-Length are given");
    }
  }

  private static final class Whole extends HttpObjectAggregator {
    Whole() {
      super(RequestBody.MAX_BYTES, true);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
      context.fireExceptionCaught(
          new TooLongHttpContentException(
              "the body has more than " + RequestBody.MAX_BYTES + " bytes"));
    }
  }
}
