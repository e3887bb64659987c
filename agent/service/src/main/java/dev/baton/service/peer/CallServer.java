package dev.baton.service.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers the calls that come in on one connection, in the order in which they are done. A caller
/// with too many unanswered calls is not read until some are answered.
final class CallServer extends SimpleChannelInboundHandler<Frame> {
  private static final Logger LOG = LoggerFactory.getLogger(CallServer.class);
  private static final int MAX_UNANSWERED = 1024;

  private final PeerIdentity self;
  private final String caller;
  private final CallHandlers handlers;
  private final PeerTimings timings;
  private int unanswered;
  private long lastReadNanos = System.nanoTime();

  CallServer(PeerIdentity self, String caller, CallHandlers handlers, PeerTimings timings) {
    this.self = self;
    this.caller = caller;
    this.handlers = handlers;
    this.timings = timings;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    lookForLife(context);
  }

  private void lookForLife(ChannelHandlerContext context) {
    if (!context.channel().isActive()) {
      return;
    }
    long silentMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastReadNanos);
    if (silentMillis > timings.silenceMillis() && context.channel().config().isAutoRead()) {
      LOG.info("peer={} silent for {} ms, connection ended", caller, silentMillis);
      context.close();
      return;
    }
    context
        .executor()
        .schedule(() -> lookForLife(context), timings.silenceMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Frame frame) throws PeerException {
    lastReadNanos = System.nanoTime();
    ByteBuf payload = frame.payload();
    switch (frame.type()) {
      case PING ->
          context.writeAndFlush(
              Frame.end(Frame.begin(context.alloc(), FrameType.PONG, self.clusterHash(), 0)));
      case NOTICE -> {
        String method = Frame.readText(payload);
        String body = payload.toString(StandardCharsets.UTF_8);
        handlers
            .call(caller, method, frame.epoch(), body)
            .exceptionally(
                thrown -> {
                  LOG.warn("peer={} notice {} failed: {}", caller, method, thrown.toString());
                  return "";
                });
      }
      case CALL -> {
        long id = Frame.readLong(payload);
        String method = Frame.readText(payload);
        String body = payload.toString(StandardCharsets.UTF_8);
        count(context, 1);
        handlers
            .call(caller, method, frame.epoch(), body)
            .whenComplete(
                (answer, thrown) ->
                    context.executor().execute(() -> answer(context, id, answer, thrown)));
      }
      case ERROR -> throw PeerPipeline.readError(frame);
      default -> throw new PeerException(PeerError.UNEXPECTED_FRAME, frame.type() + " to calls");
    }
  }

  private void count(ChannelHandlerContext context, int change) {
    unanswered += change;
    context.channel().config().setAutoRead(unanswered < MAX_UNANSWERED);
  }

  private void answer(
      ChannelHandlerContext context,
      long id,
      @org.jspecify.annotations.Nullable String answer,
      @org.jspecify.annotations.Nullable Throwable thrown) {
    count(context, -1);
    PeerException failure = thrown == null ? null : failure(thrown);
    long epoch = failure == null ? 0 : failure.epoch();
    ByteBuf frame = Frame.begin(context.alloc(), FrameType.RESULT, self.clusterHash(), epoch);
    frame.writeLong(id).writeShort(failure == null ? 0 : failure.error().code());
    String text = failure == null ? answer : failure.getMessage();
    frame.writeCharSequence(text == null ? "" : text, StandardCharsets.UTF_8);
    context.writeAndFlush(Frame.end(frame));
  }

  private static PeerException failure(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return cause instanceof PeerException refusal
        ? refusal
        : new PeerException(PeerError.CALL_FAILED, cause.toString());
  }
}
