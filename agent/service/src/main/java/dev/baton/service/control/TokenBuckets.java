package dev.baton.service.control;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// How often each network address may do something: `burst` times at once, then `perSecond`. For
/// any thread.
final class TokenBuckets {
  /// Addresses that are remembered; then the one that was silent longest begins anew.
  private static final int MAX_ADDRESSES = 4_096;

  /// An IPv6 host has a whole network of this many bytes to choose its addresses from.
  private static final int NETWORK_BYTES = 8;

  private final double perSecond;
  private final int burst;
  private final LongSupplier nanoTime;

  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MAX_ADDRESSES;
        }
      };

  private static final class Bucket {
    private double left;
    private long atNanos;
  }

  TokenBuckets(double perSecond, int burst, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.nanoTime = nanoTime;
  }

  /// False when the address has done it too often.
  synchronized boolean take(SocketAddress address) {
    long now = nanoTime.getAsLong();
    Bucket bucket = buckets.get(key(address));
    if (bucket == null) {
      bucket = new Bucket();
      bucket.left = burst;
      bucket.atNanos = now;
      buckets.put(key(address), bucket);
    }
    bucket.left = Math.min(burst, bucket.left + (now - bucket.atNanos) / 1e9 * perSecond);
    bucket.atNanos = now;
    if (bucket.left < 1) {
      return false;
    }
    bucket.left--;
    return true;
  }

  private static String key(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet) || inet.getAddress() == null) {
      return address.toString();
    }
    byte[] bytes = inet.getAddress().getAddress();
    return inet.getAddress() instanceof Inet6Address
        ? HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES)
        : HexFormat.of().formatHex(bytes);
  }

  /// Seconds until one more may be done, at the most.
  int retryAfterSeconds() {
    return (int) Math.max(1, Math.ceil(1 / perSecond));
  }
}
