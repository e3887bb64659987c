package dev.baton.service.control;

import dev.baton.service.control.ControlServer.Bounds;
import dev.baton.service.control.Router.Resource;
import dev.baton.service.control.Router.Target;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpContentException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.WriteTimeoutException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection: admits a request, has it answered, sends the answer, and only then reads the
/// next. Confined to the channel's event loop.
final class ControlHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(ControlHandler.class);

  private static final int MAX_WAITING = 16;
  private static final long LINGER_MILLIS = 1_000;

  private final Guard guard;
  private final Api api;
  private final StreamFeed feed;
  private final Metrics metrics;
  private final Bounds bounds;

  /// Runs while a request is awaited. Not per byte: a peer that dribbles gets no more time.
  private @Nullable Future<?> deadline;

  /// Sent without waiting for the answer before; owned until they are begun. What was decoded from
  /// bytes that had been read already, since nothing is read while an answer is made.
  private final Deque<FullHttpRequest> waiting = new ArrayDeque<>();

  /// An answer is being made or sent.
  private boolean busy;

  /// The last answer is out; what still comes is not read as requests.
  private boolean closing;

  ControlHandler(Guard guard, Api api, StreamFeed feed, Metrics metrics, Bounds bounds) {
    this.guard = guard;
    this.api = api;
    this.feed = feed;
    this.metrics = metrics;
    this.bounds = bounds;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    awaitRequest(context);
  }

  private void awaitRequest(ChannelHandlerContext context) {
    busy = false;
    FullHttpRequest next = waiting.poll();
    if (next != null) {
      try {
        begin(context, next);
      } finally {
        next.release();
      }
      return;
    }
    deadline =
        context
            .executor()
            .schedule(() -> context.close(), bounds.request().toMillis(), TimeUnit.MILLISECONDS);
    context.channel().config().setAutoRead(true);
  }

  private void requestIsHere() {
    Future<?> running = deadline;
    if (running != null) {
      running.cancel(false);
      deadline = null;
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (closing) {
      return;
    }
    if (!busy) {
      requestIsHere();
      context.channel().config().setAutoRead(false);
      begin(context, request);
    } else if (waiting.size() < MAX_WAITING) {
      waiting.add(request.retain());
    } else {
      context.close(); // sends on and on without waiting for an answer
    }
  }

  private void begin(ChannelHandlerContext context, FullHttpRequest request) {
    busy = true;
    metrics.requests.increment();
    if (request.decoderResult().isFailure()) {
      refuseAndClose(context, undecoded(request.decoderResult().cause()), "/");
      return;
    }
    String path = path(request.uri());
    Exchange exchange =
        new Exchange(
            request.method(),
            path,
            HttpUtil.isKeepAlive(request)
                && request.protocolVersion().equals(HttpVersion.HTTP_1_1));
    CompletionStage<Reply> reply;
    try {
      guard.count(context.channel().remoteAddress());
      Target target = Router.route(request.method(), request.uri());
      Caller caller =
          guard.admit(
              target.resource(),
              request.headers(),
              context.channel().remoteAddress(),
              ControlTls.commonName(context.pipeline().get(SslHandler.class)));
      if (target.resource() == Resource.STREAM && StreamHandler.isUpgrade(request)) {
        StreamHandler.upgrade(context, request, feed, target.parameter("after"));
        return;
      }
      checkBody(target.resource(), request);
      reply =
          api.answer(
              target,
              ByteBufUtil.getBytes(request.content()),
              caller,
              idempotencyKey(request.headers()));
    } catch (RuntimeException e) {
      reply = CompletableFuture.failedStage(e);
    }
    reply
        .toCompletableFuture()
        .copy()
        .orTimeout(bounds.answer().toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> Reply.problem(refusal(failure, exchange), path))
        .thenAccept(answer -> context.executor().execute(() -> send(context, exchange, answer)));
  }

  /// @param keepAlive whether the peer may ask more on this connection
  private record Exchange(HttpMethod method, String path, boolean keepAlive) {}

  private static String path(String uri) {
    int query = uri.indexOf('?');
    return Text.printable(query < 0 ? uri : uri.substring(0, query));
  }

  private static @Nullable String idempotencyKey(HttpHeaders headers) {
    if (headers.getAll(IdempotentAnswers.HEADER).size() > 1) {
      throw Refused.malformed("header " + IdempotentAnswers.HEADER + " is given more than once");
    }
    return headers.get(IdempotentAnswers.HEADER);
  }

  private static void checkBody(Resource resource, FullHttpRequest request) {
    if (!resource.takesBody()) {
      if (request.content().isReadable()) {
        throw Refused.malformed("this request takes no body");
      }
      return;
    }
    CharSequence type = HttpUtil.getMimeType(request);
    // A form of a foreign page can post, but not this type.
    if (type == null || !"application/json".contentEquals(type)) {
      throw new Refused(
          415, "unsupported media type", "the body must be JSON: 'Content-Type: application/json'");
    }
  }

  private static Refused undecoded(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return new Refused(
          414,
          "request line too long",
          "the request line has more than " + ControlPipeline.MAX_REQUEST_LINE + " bytes");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return new Refused(
          431,
          "headers too large",
          "the headers have more than " + ControlPipeline.MAX_HEADER_BYTES + " bytes");
    }
    return Refused.malformed("not HTTP: " + Text.printable(String.valueOf(cause.getMessage())));
  }

  private static Refused refusal(Throwable failure, Exchange exchange) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    return switch (cause) {
      case Refused refused -> refused;
      case TimeoutException _ ->
          new Refused(
              504,
              "no answer in time",
              "the agents that know did not answer in time; ask again, or look at GET /v1/hosts");
      default -> {
        LOG.error("cannot answer {} {}", exchange.method(), exchange.path(), cause);
        yield new Refused(
            500, "internal error", "this agent failed to answer; its log has the cause");
      }
    };
  }

  private void send(ChannelHandlerContext context, Exchange exchange, Reply reply) {
    if (reply.status() >= 400) {
      metrics.refused(reply.status());
    }
    FullHttpResponse response = response(reply, exchange.method().equals(HttpMethod.HEAD));
    if (!exchange.keepAlive()) {
      response.headers().set(HttpHeaderNames.CONNECTION, "close");
      context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    context
        .writeAndFlush(response)
        .addListener(
            done -> {
              if (done.isSuccess() && !closing) {
                awaitRequest(context);
              } else {
                context.close();
              }
            });
  }

  private static FullHttpResponse response(Reply reply, boolean head) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(reply.status()),
            head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(reply.body()));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("x-content-type-options", "nosniff");
    if (reply.status() != 204) {
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
    }
    reply.headers().forEach(response.headers()::set);
    return response;
  }

  /// Whatever the peer is still sending is taken and thrown away for a while: closing with unread
  /// input resets the connection, and the peer would never see why it was refused.
  private void refuseAndClose(ChannelHandlerContext context, Refused refused, String path) {
    if (closing) {
      return;
    }
    closing = true;
    metrics.refused(refused.status());
    FullHttpResponse response = response(Reply.problem(refused, path), false);
    response.headers().set(HttpHeaderNames.CONNECTION, "close");
    context
        .writeAndFlush(response)
        .addListener(
            _ -> {
              if (context.channel() instanceof DuplexChannel duplex
                  && context.pipeline().get(SslHandler.class) == null) {
                duplex.shutdownOutput();
                context.channel().config().setAutoRead(true);
                deadline =
                    context
                        .executor()
                        .schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
              } else {
                context.close();
              }
            });
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    requestIsHere();
    waiting.forEach(FullHttpRequest::release);
    waiting.clear();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    requestIsHere();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    requestIsHere();
    switch (cause) {
      case TooLongHttpContentException tooLong ->
          refuseAndClose(
              context,
              new Refused(413, "content too large", String.valueOf(tooLong.getMessage())),
              "/");
      case WriteTimeoutException _ -> context.close(); // it does not read its answer
      case IOException _ -> context.close(); // the peer is gone
      default -> {
        LOG.debug("closing the connection of {}", context.channel().remoteAddress(), cause);
        context.close();
      }
    }
  }
}
