package dev.baton.service.coordination;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.zookeeper.client.HostProvider;

/// Servers in the order in which they are named: an agent names that of its own host first, so that
/// it does not lose its connection, and seconds, when another host is lost.
final class InOrder implements HostProvider {
  private volatile List<InetSocketAddress> servers;

  /// Of the one that was tried last.
  private int last = -1;

  /// Of those tried since a connection was had.
  private int tried;

  /// @param servers not resolved: an address is asked for at each attempt
  InOrder(List<InetSocketAddress> servers) {
    this.servers = List.copyOf(servers);
  }

  @Override
  public int size() {
    return servers.size();
  }

  /// @param pauseMillis before a server is tried a second time
  @Override
  public synchronized InetSocketAddress next(long pauseMillis) {
    if (tried == servers.size()) {
      tried = 0;
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
    }
    tried++;
    last = (last + 1) % servers.size();
    InetSocketAddress server = servers.get(last);
    return new InetSocketAddress(server.getHostString(), server.getPort());
  }

  @Override
  public synchronized void onConnected() {
    tried = 0;
  }

  @Override
  public boolean updateServerList(
      Collection<InetSocketAddress> servers, InetSocketAddress currentHost) {
    return false; // what is configured counts
  }
}
