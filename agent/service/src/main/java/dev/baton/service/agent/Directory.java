package dev.baton.service.agent;

import dev.baton.core.cluster.HostRecord;
import dev.baton.service.config.Addresses;
import dev.baton.service.peer.PeerDirectory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Agents that were ever seen in coordination, with their last addresses. One that has gone stays
/// known: its address may still answer when coordination does not. What the configuration says of
/// the way to a host goes before what that host says of itself, which may not be true from here.
final class Directory implements PeerDirectory {
  /// A host, and where it is reached.
  static final Pattern REACH = Pattern.compile("([^=]+)=(.+:\\d{1,5})");

  private final Map<String, String> reach = new TreeMap<>();
  private volatile Map<String, HostRecord> hosts = Map.of();

  /// @param reach lines of the form `REACH`
  Directory(List<String> reach) {
    for (String line : reach) {
      Matcher matcher = REACH.matcher(line);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(line + " is not of the form HOST=ADDRESS:PORT");
      }
      this.reach.put(matcher.group(1), matcher.group(2));
    }
  }

  void seen(List<HostRecord> present) {
    Map<String, HostRecord> next = new TreeMap<>(hosts);
    present.forEach(host -> next.put(host.name(), host));
    hosts = Map.copyOf(next);
  }

  @Override
  public @Nullable InetSocketAddress address(String host) {
    String address = reach.get(host);
    if (address == null) {
      HostRecord record = hosts.get(host);
      if (record == null) {
        return null;
      }
      address = record.peerAddress();
    }
    return Addresses.socket(address);
  }
}
