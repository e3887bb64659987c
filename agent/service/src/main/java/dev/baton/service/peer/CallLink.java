package dev.baton.service.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Calls to one other agent. State is confined to the event loop; the methods that are not private
/// may be called from any thread.
final class CallLink {
  /// Calls that wait for an answer; more are refused at once.
  private static final int MAX_PENDING = 4096;

  private final PeerIdentity self;
  private final String host;
  private final PeerTimings timings;
  private final Runnable onChange;
  private final Dialer dialer;
  private final EventLoop loop;
  private final Map<Long, Pending> pending = new HashMap<>();
  private @Nullable ChannelHandlerContext context;
  private long lastId;
  private volatile boolean connected;
  private volatile long lastSignNanos = System.nanoTime();

  private record Pending(CompletableFuture<String> answer, Future<?> timeout) {}

  /// @param onChange told on the event loop when the connection comes or goes
  CallLink(
      PeerIdentity self,
      String host,
      PeerTimings timings,
      Runnable onChange,
      Function<CallLink, Dialer> dialer) {
    this.self = self;
    this.host = host;
    this.timings = timings;
    this.onChange = onChange;
    this.dialer = dialer.apply(this);
    this.loop = this.dialer.loop();
  }

  void start() {
    dialer.start();
  }

  void close() {
    dialer.close();
  }

  boolean connected() {
    return connected;
  }

  /// Why the other agent is not believed, or does not believe this one; null when it is not so.
  @Nullable String refusal() {
    return dialer.refusal();
  }

  /// `System.nanoTime()` of the last frame of the other agent.
  long lastSignNanos() {
    return lastSignNanos;
  }

  CompletionStage<String> call(String method, long epoch, String body) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    loop.execute(() -> send(method, epoch, body, answer));
    return answer;
  }

  void tell(String method, long epoch, String body) {
    loop.execute(
        () -> {
          ChannelHandlerContext open = context;
          if (open != null) {
            ByteBuf frame = Frame.begin(open.alloc(), FrameType.NOTICE, self.clusterHash(), epoch);
            Frame.writeText(frame, method);
            frame.writeCharSequence(body, StandardCharsets.UTF_8);
            open.writeAndFlush(Frame.end(frame));
          }
        });
  }

  private void send(String method, long epoch, String body, CompletableFuture<String> answer) {
    ChannelHandlerContext open = context;
    if (open == null || pending.size() >= MAX_PENDING) {
      String why = open == null ? "is not connected" : "has " + pending.size() + " calls to answer";
      answer.completeExceptionally(
          new PeerException(PeerError.UNREACHABLE, host + " " + why + ", call of " + method));
      return;
    }
    long id = ++lastId;
    Future<?> timeout =
        loop.schedule(() -> timedOut(id, method), timings.callMillis(), TimeUnit.MILLISECONDS);
    pending.put(id, new Pending(answer, timeout));
    ByteBuf frame = Frame.begin(open.alloc(), FrameType.CALL, self.clusterHash(), epoch);
    frame.writeLong(id);
    Frame.writeText(frame, method);
    frame.writeCharSequence(body, StandardCharsets.UTF_8);
    open.writeAndFlush(Frame.end(frame));
  }

  private void timedOut(long id, String method) {
    Pending late = pending.remove(id);
    if (late != null) {
      late.answer()
          .completeExceptionally(
              new PeerException(
                  PeerError.TIMED_OUT,
                  host + " has not answered " + method + " in " + timings.callMillis() + " ms"));
    }
  }

  private void answered(Frame frame) throws PeerException {
    ByteBuf payload = frame.payload();
    long id = Frame.readLong(payload);
    Frame.need(payload, 2);
    int code = payload.readUnsignedShort();
    String text = payload.toString(StandardCharsets.UTF_8);
    Pending done = pending.remove(id);
    if (done == null) {
      return; // it came too late
    }
    done.timeout().cancel(false);
    if (code == 0) {
      done.answer().complete(text);
    } else {
      done.answer()
          .completeExceptionally(
              new PeerException(PeerError.of(code), frame.epoch(), host + ": " + text));
    }
  }

  private void broke() {
    context = null;
    connected = false;
    List<Pending> lost = List.copyOf(pending.values());
    pending.clear();
    for (Pending call : lost) {
      call.timeout().cancel(false);
      call.answer()
          .completeExceptionally(
              new PeerException(PeerError.UNREACHABLE, "the connection to " + host + " broke"));
    }
    onChange.run();
  }

  Handler handler() {
    return new Handler();
  }

  final class Handler extends SimpleChannelInboundHandler<Frame> {
    @Override
    public void handlerAdded(ChannelHandlerContext added) {
      context = added;
      connected = true;
      lastSignNanos = System.nanoTime();
      beat(added);
      onChange.run();
    }

    private void beat(ChannelHandlerContext open) {
      if (!open.equals(context)) {
        return;
      }
      long silentNanos = System.nanoTime() - lastSignNanos;
      if (silentNanos > TimeUnit.MILLISECONDS.toNanos(timings.silenceMillis())) {
        open.close();
        return;
      }
      open.writeAndFlush(
          Frame.end(Frame.begin(open.alloc(), FrameType.PING, self.clusterHash(), 0)));
      loop.schedule(() -> beat(open), timings.heartbeatMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext from, Frame frame) throws PeerException {
      lastSignNanos = System.nanoTime();
      switch (frame.type()) {
        case PONG -> {}
        case RESULT -> answered(frame);
        case ERROR -> throw PeerPipeline.readError(frame);
        default ->
            throw new PeerException(PeerError.UNEXPECTED_FRAME, frame.type() + " to a caller");
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext gone) {
      if (gone.equals(context)) {
        broke();
      }
      gone.fireChannelInactive();
    }
  }
}
