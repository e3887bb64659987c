package dev.baton.service.agent;

import dev.baton.core.cluster.ServiceRecord;
import dev.baton.core.cluster.ServiceRecord.Phase;
import org.jspecify.annotations.Nullable;

/// Of which epoch this host's own instance can tell what became of transactions: the one before the
/// present one, when this host was home in it and came up again by itself, once. Nobody took over
/// in between, or what ids mean would have changed; nothing else was open, or ids would have been
/// given twice. Any thread.
final class OwnPast {
  private final String host;
  private @Nullable ServiceRecord open;
  private long before;

  OwnPast(String host) {
    this.host = host;
  }

  synchronized void seen(ServiceRecord record) {
    ServiceRecord last = open;
    if (record.phase() != Phase.OPEN || (last != null && record.epoch() <= last.epoch())) {
      return;
    }
    boolean resumed =
        last != null
            && last.home().equals(host)
            && record.home().equals(host)
            && record.lineage() == last.lineage()
            && record.epoch() == last.epoch() + 1;
    before = resumed && last != null ? last.epoch() : 0;
    open = record;
  }

  synchronized boolean tells(long endedEpoch) {
    return endedEpoch != 0 && endedEpoch == before;
  }

  /// Whether a later epoch than this one is open, as far as is known here.
  synchronized boolean isOver(long epoch) {
    return open != null && open.epoch() > epoch;
  }
}
