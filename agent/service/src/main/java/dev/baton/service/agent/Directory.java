package dev.baton.service.agent;

import dev.baton.core.cluster.HostRecord;
import dev.baton.service.peer.PeerDirectory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Agents that were ever seen in coordination, with their last addresses. One that has gone stays
/// known: its address may still answer when coordination does not.
final class Directory implements PeerDirectory {
  private volatile Map<String, HostRecord> hosts = Map.of();

  void seen(List<HostRecord> present) {
    Map<String, HostRecord> next = new TreeMap<>(hosts);
    present.forEach(host -> next.put(host.name(), host));
    hosts = Map.copyOf(next);
  }

  @Override
  public @Nullable InetSocketAddress address(String host) {
    HostRecord record = hosts.get(host);
    if (record == null) {
      return null;
    }
    int colon = record.peerAddress().lastIndexOf(':');
    return new InetSocketAddress(
        record.peerAddress().substring(0, colon),
        Integer.parseInt(record.peerAddress(), colon + 1, record.peerAddress().length(), 10));
  }
}
