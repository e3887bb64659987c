package dev.baton.service.peer;

import dev.baton.model.LogPosition;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;

/// Takes the request streams of one front, of all services, from one connection into the memories
/// of this host. Frames are handed to the memory's thread as they are and answered from there; how
/// much can be on its way is bounded by the streams' windows.
final class RequestServer extends SimpleChannelInboundHandler<Frame> {
  private final PeerIdentity self;
  private final String front;
  private final MemoryHost memories;

  RequestServer(PeerIdentity self, String front, MemoryHost memories) {
    this.self = self;
    this.front = front;
    this.memories = memories;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Frame frame) throws PeerException {
    ByteBuf payload = frame.payload();
    switch (frame.type()) {
      case STREAM_OPEN -> {
        String service = Frame.readText(payload);
        long stream = Frame.readLong(payload);
        long firstKept = Frame.readLong(payload);
        open(context.channel(), service, frame.epoch(), stream, firstKept);
      }
      case REQUESTS -> {
        String service = Frame.readText(payload);
        long stream = Frame.readLong(payload);
        long sequence = Frame.readLong(payload);
        take(context.channel(), service, stream, sequence, payload.retain());
      }
      case PING ->
          context.writeAndFlush(
              Frame.end(Frame.begin(context.alloc(), FrameType.PONG, self.clusterHash(), 0)));
      case ERROR -> throw PeerPipeline.readError(frame);
      default -> throw new PeerException(PeerError.UNEXPECTED_FRAME, frame.type() + " to a memory");
    }
  }

  private void open(Channel channel, String service, long epoch, long stream, long firstKept) {
    memories.onLoop(
        service,
        intake -> {
          try {
            if (intake == null) {
              throw new PeerException(
                  PeerError.NO_MEMORY, "host " + self.host() + " has no memory of " + service);
            }
            ReceiveStream opened = intake.open(front, channel, epoch, stream, firstKept);
            ByteBuf state = begin(channel, FrameType.STREAM_STATE, intake.epoch(), service, stream);
            state.writeLong(opened.next()).writeLong(ReceiveStream.WINDOW_BYTES);
            channel.writeAndFlush(Frame.end(state));
          } catch (PeerException refusal) {
            reset(channel, service, stream, refusal);
          }
        });
  }

  private void reset(Channel channel, String service, long stream, PeerException refusal) {
    ByteBuf reset = begin(channel, FrameType.STREAM_RESET, refusal.epoch(), service, stream);
    reset.writeShort(refusal.error().code());
    Frame.writeText(reset, String.valueOf(refusal.getMessage()));
    channel.writeAndFlush(Frame.end(reset));
  }

  /// @param messages owned by this method
  private void take(Channel channel, String service, long stream, long sequence, ByteBuf messages) {
    memories.onLoop(
        service,
        intake -> {
          try {
            if (intake == null) {
              reset(
                  channel,
                  service,
                  stream,
                  new PeerException(PeerError.NO_MEMORY, "memory of " + service + " is gone"));
            } else if (intake.isOpen(front, channel, stream)) {
              ReceiveStream taken =
                  intake.batch(
                      front,
                      sequence,
                      messages,
                      (gate, whole) -> answer(channel, service, stream, gate, whole));
              ByteBuf credit = begin(channel, FrameType.CREDIT, intake.epoch(), service, stream);
              credit.writeLong(taken.next() - 1).writeLong(taken.allowedBytes());
              channel.writeAndFlush(Frame.end(credit));
            } else {
              reset(
                  channel,
                  service,
                  stream,
                  new PeerException(
                      PeerError.MISSING_SEQUENCE, intake.epoch(), "the stream is not open here"));
            }
          } catch (PeerException refusal) {
            channel.eventLoop().execute(() -> channel.pipeline().fireExceptionCaught(refusal));
          } finally {
            messages.release();
          }
        });
  }

  private void answer(Channel channel, String service, long stream, long gate, boolean whole) {
    ByteBuf frame = begin(channel, FrameType.GATE, 0, service, stream);
    frame.writeLong(gate).writeBoolean(whole);
    channel.write(Frame.end(frame));
  }

  private ByteBuf begin(Channel channel, FrameType type, long epoch, String service, long stream) {
    ByteBuf frame = Frame.begin(channel.alloc(), type, self.clusterHash(), epoch);
    Frame.writeText(frame, service);
    return frame.writeLong(stream);
  }

  /// Tells every front with a stream into a memory how far its log goes. On the memory's loop.
  static void tellPosition(
      PeerIdentity self, String service, long epoch, LogPosition position, RequestIntake intake) {
    for (Object connection : intake.connections()) {
      if (connection instanceof Channel channel && channel.isWritable()) {
        ByteBuf frame = Frame.begin(channel.alloc(), FrameType.POSITION, self.clusterHash(), epoch);
        Frame.writeText(frame, service);
        frame.writeLong(position.bits());
        channel.writeAndFlush(Frame.end(frame));
      }
    }
  }
}
