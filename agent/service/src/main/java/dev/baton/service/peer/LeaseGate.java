package dev.baton.service.peer;

import dev.baton.net.BackendConnector.DoorClosedException;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;

/// Stands on the way to an instance and looks at the time with everything that passes: without a
/// lease nothing is asked and nothing answered. Reading the clock is all that it costs.
final class LeaseGate extends ChannelDuplexHandler {
  private final DoorPolicy policy;
  private final String service;

  LeaseGate(DoorPolicy policy, String service) {
    this.policy = policy;
    this.service = service;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    if (policy.holds(service)) {
      context.fireChannelRead(bytes);
    } else {
      ReferenceCountUtil.release(bytes);
      PeerPipeline.reset(context.channel());
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object bytes, ChannelPromise promise) {
    if (policy.holds(service)) {
      context.write(bytes, promise);
    } else {
      ReferenceCountUtil.release(bytes);
      promise.tryFailure(new DoorClosedException("the lease of service " + service + " has ended"));
      PeerPipeline.reset(context.channel());
    }
  }
}
