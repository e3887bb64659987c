package dev.baton.service.peer;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of refused connections, the same of the same address once in a while: whoever is refused
/// comes again many times a minute, and a stranger must not fill the log. Any thread.
final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(PeerPipeline.class);
  private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(5);

  /// Of addresses and reasons that are remembered; beyond it all are forgotten.
  private static final int MAX_REMEMBERED = 256;

  private final Map<Refusal, Long> told = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  private record Refusal(String from, String why) {}

  RefusalLog() {
    this(System::nanoTime);
  }

  RefusalLog(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /// @return whether it was told
  boolean refused(SocketAddress from, String why) {
    String address =
        from instanceof InetSocketAddress known && known.getAddress() != null
            ? known.getAddress().getHostAddress()
            : String.valueOf(from);
    long now = nanos.getAsLong();
    Refusal refusal = new Refusal(address, why);
    Long before = told.get(refusal);
    if (before != null && now - before < AGAIN_NANOS) {
      return false;
    }
    if (told.size() >= MAX_REMEMBERED) {
      told.clear();
    }
    told.put(refusal, now);
    LOG.warn("peer={} refused: {}", from, why);
    return true;
  }
}
