package dev.baton.lab.demo;

import dev.baton.lab.fault.Cut;
import dev.baton.lab.fault.Wire;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The network of a demo whose network is to fail: a wire for each way between two agents, from an
/// agent to a coordination server, and from clients to a front. A demo without such a fault has
/// none, and its processes are connected directly.
final class DemoWires implements AutoCloseable {
  /// Of each wire's near end.
  static final String ADDRESS = "127.0.0.1";

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("wires", true), NioIoHandler.newFactory());
  private final Map<String, Map<String, Wire>> peers = new TreeMap<>(); // by from, then to
  private final Map<String, Map<String, Wire>> coordination = new TreeMap<>();
  private final Map<String, Wire> clients = new TreeMap<>();
  private final Set<String> gateways = new TreeSet<>();

  /// @throws IOException when there are no ports
  DemoWires(List<DemoHost> hosts) throws IOException {
    for (DemoHost from : hosts) {
      if (!from.hasDatabase()) {
        gateways.add(from.name());
      }
      clients.put(from.name(), wire(from, from.clientPort()));
      for (DemoHost to : hosts) {
        if (!to.equals(from)) {
          of(peers, from).put(to.name(), wire(to, to.peerPort()));
        }
        if (to.votes()) {
          of(coordination, from).put(to.name(), wire(to, to.coordinationPort()));
        }
      }
    }
  }

  private static Map<String, Wire> of(Map<String, Map<String, Wire>> wires, DemoHost from) {
    return wires.computeIfAbsent(from.name(), name -> new TreeMap<>());
  }

  private Wire wire(DemoHost to, int port) throws IOException {
    return new Wire(loops, new InetSocketAddress(to.address(), port));
  }

  /// The coordination servers, as `from` reaches them, its own first.
  String connectString(DemoHost from) {
    return of(coordination, from).entrySet().stream()
        .sorted(Comparator.comparing(to -> !to.getKey().equals(from.name())))
        .map(to -> ADDRESS + ":" + to.getValue().port())
        .collect(Collectors.joining(","));
  }

  /// The key `reach` of the agent on `from`.
  String reach(DemoHost from) {
    return of(peers, from).entrySet().stream()
        .map(to -> "'" + to.getKey() + "=" + ADDRESS + ":" + to.getValue().port() + "'")
        .collect(Collectors.joining(", ", "reach: [", "]\n"));
  }

  int clientPort(DemoHost front) {
    return clients(front.name()).port();
  }

  private Wire clients(String front) {
    return Objects.requireNonNull(clients.get(front), () -> "no host " + front);
  }

  /// @return how many connections that concerns
  int cut(Cut cut, String host) {
    return set(cut, host, false);
  }

  void mend(Cut cut, String host) {
    set(cut, host, true);
  }

  private int set(Cut cut, String host, boolean open) {
    List<Wire> concerned = new ArrayList<>();
    if (cut == Cut.CLIENTS) {
      concerned.add(clients(host));
    }
    if (cut == Cut.COORDINATION || cut == Cut.EVERYTHING) {
      concerned.addAll(coordination.getOrDefault(host, Map.of()).values());
    }
    concerned.forEach(wire -> wire.pass(open, open));
    if (cut != Cut.CLIENTS && cut != Cut.COORDINATION) {
      concerned.addAll(setPeers(cut, host, open));
    }
    return concerned.stream().mapToInt(Wire::connections).sum();
  }

  /// A wire's own direction is from the one who dialled, which is either end.
  private List<Wire> setPeers(Cut cut, String host, boolean open) {
    boolean sends = open || cut == Cut.FROM_PEERS;
    boolean hears = open || cut == Cut.TO_PEERS;
    List<Wire> concerned = new ArrayList<>();
    for (String other : peers.keySet()) {
      if (!other.equals(host) && !(cut == Cut.DATABASES && gateways.contains(other))) {
        Wire out = peer(host, other);
        out.pass(sends, hears);
        concerned.add(out);
        Wire in = peer(other, host);
        in.pass(hears, sends);
        concerned.add(in);
      }
    }
    return concerned;
  }

  private Wire peer(String from, String to) {
    Wire wire = peers.getOrDefault(from, Map.of()).get(to);
    return Objects.requireNonNull(wire, () -> "no way from " + from + " to " + to);
  }

  @Override
  public void close() {
    clients.values().forEach(Wire::close);
    peers.values().forEach(ways -> ways.values().forEach(Wire::close));
    coordination.values().forEach(ways -> ways.values().forEach(Wire::close));
    loops.shutdownGracefully();
  }
}
