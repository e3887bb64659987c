package dev.baton.core.cluster;

/// A write of the home's proves to whoever sees it that the home lived when it was asked for.
///
/// @param stampNanos the home's own clock when it asked for that write; means nothing elsewhere
/// @param renewals writes that changed nothing but this
public record LeaseStamp(long stampNanos, long renewals) {
  /// Before whatever any clock shows.
  static final long NEVER = Long.MIN_VALUE / 2;

  static final LeaseStamp NONE = new LeaseStamp(NEVER, 0);

  LeaseStamp at(long nowNanos) {
    return new LeaseStamp(nowNanos, renewals);
  }

  LeaseStamp renewed(long nowNanos) {
    return new LeaseStamp(nowNanos, renewals + 1);
  }
}
