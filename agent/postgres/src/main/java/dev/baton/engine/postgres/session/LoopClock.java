package dev.baton.engine.postgres.session;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Time and thread of an event loop.
record LoopClock(EventLoop loop) implements SessionClock {
  @Override
  public long nowNanos() {
    return loop.ticker().nanoTime();
  }

  @Override
  public Timer after(long millis, Runnable task) {
    ScheduledFuture<?> scheduled = loop.schedule(task, millis, TimeUnit.MILLISECONDS);
    return () -> scheduled.cancel(false);
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }
}
