package dev.baton.service.peer;

import dev.baton.model.LogPosition;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The connection that carries this front's requests, of all services, to the memories of one other
/// host. Confined to its event loop, but for `add` and what is final.
final class RequestLink {
  private final PeerIdentity self;
  private final String host;
  private final LongSupplier streamIds;
  private final Positions positions;
  private final Dialer dialer;
  private final EventLoop loop;
  private final Set<RemoteOutbox> members = new LinkedHashSet<>();
  private final Map<Long, RemoteOutbox> byStream = new HashMap<>();
  private @Nullable ChannelHandlerContext context;

  @FunctionalInterface
  interface Positions {
    /// On the event loop.
    void position(String host, String service, long epoch, LogPosition position);
  }

  /// @param streamIds never gives the same number twice, also not after a restart of the agent
  RequestLink(
      PeerIdentity self,
      String host,
      LongSupplier streamIds,
      Positions positions,
      Function<RequestLink, Dialer> dialer) {
    this.self = self;
    this.host = host;
    this.streamIds = streamIds;
    this.positions = positions;
    this.dialer = dialer.apply(this);
    this.loop = this.dialer.loop();
  }

  void start() {
    dialer.start();
  }

  void close() {
    dialer.close();
  }

  /// On the loop.
  void breakNow() {
    ChannelHandlerContext open = context;
    if (open != null) {
      open.close();
    }
  }

  String host() {
    return host;
  }

  EventLoop loop() {
    return loop;
  }

  long newStreamId() {
    return streamIds.getAsLong();
  }

  /// From any thread.
  void add(RemoteOutbox outbox) {
    loop.execute(
        () -> {
          members.add(outbox);
          outbox.ask();
        });
  }

  void remove(RemoteOutbox outbox) {
    members.remove(outbox);
    byStream.values().remove(outbox);
  }

  boolean connected() {
    return context != null;
  }

  boolean writable() {
    ChannelHandlerContext open = context;
    return open != null && open.channel().isWritable();
  }

  void open(RemoteOutbox outbox, long stream, long firstKept) {
    ChannelHandlerContext open = context;
    if (open == null) {
      return;
    }
    byStream.values().remove(outbox);
    byStream.put(stream, outbox);
    ByteBuf frame = begin(open, FrameType.STREAM_OPEN, outbox);
    frame.writeLong(firstKept);
    open.writeAndFlush(Frame.end(frame));
  }

  void write(RemoteOutbox outbox, SendStream.Batch batch) {
    ChannelHandlerContext open = context;
    if (open != null) {
      ByteBuf frame = begin(open, FrameType.REQUESTS, outbox);
      frame.writeLong(batch.sequence());
      RemoteOutbox.writeMessages(frame, batch);
      open.write(Frame.end(frame));
    }
  }

  void flush() {
    ChannelHandlerContext open = context;
    if (open != null) {
      open.flush();
    }
  }

  private ByteBuf begin(ChannelHandlerContext open, FrameType type, RemoteOutbox outbox) {
    ByteBuf frame = Frame.begin(open.alloc(), type, self.clusterHash(), outbox.epoch());
    Frame.writeText(frame, outbox.service());
    return frame.writeLong(outbox.streamId());
  }

  Handler handler() {
    return new Handler();
  }

  final class Handler extends SimpleChannelInboundHandler<Frame> {
    @Override
    public void handlerAdded(ChannelHandlerContext added) {
      context = added;
      List.copyOf(members).forEach(RemoteOutbox::ask);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext from, Frame frame) throws PeerException {
      ByteBuf payload = frame.payload();
      switch (frame.type()) {
        case POSITION -> {
          String service = Frame.readText(payload);
          LogPosition position = LogPosition.of(Frame.readLong(payload));
          positions.position(host, service, frame.epoch(), position);
        }
        case STREAM_STATE, CREDIT, GATE, STREAM_RESET -> {
          Frame.readText(payload);
          RemoteOutbox outbox = byStream.get(Frame.readLong(payload));
          if (outbox != null) {
            stream(outbox, frame);
          }
        }
        case PONG -> {}
        case ERROR -> throw PeerPipeline.readError(frame);
        default ->
            throw new PeerException(PeerError.UNEXPECTED_FRAME, frame.type() + " to a front");
      }
    }

    private void stream(RemoteOutbox outbox, Frame frame) throws PeerException {
      ByteBuf payload = frame.payload();
      switch (frame.type()) {
        case STREAM_STATE -> outbox.opened(Frame.readLong(payload), Frame.readLong(payload));
        case CREDIT -> outbox.acknowledged(Frame.readLong(payload), Frame.readLong(payload));
        case GATE -> {
          long gate = Frame.readLong(payload);
          Frame.need(payload, 1);
          outbox.gateAnswered(gate, payload.readBoolean());
        }
        default -> outbox.reset(PeerPipeline.readError(frame));
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) {
      if (changed.channel().isWritable()) {
        List.copyOf(members).forEach(RemoteOutbox::writableAgain);
      }
      changed.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext gone) {
      if (gone.equals(context)) {
        context = null;
        members.forEach(RemoteOutbox::broke);
      }
      gone.fireChannelInactive();
    }
  }
}
