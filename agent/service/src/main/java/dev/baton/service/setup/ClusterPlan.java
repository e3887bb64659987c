package dev.baton.service.setup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the hosts of a cluster are to be.
///
/// @param hosts in the order in which they were named; the first database host is home
/// @param service name of the one service
/// @param data directory of the database on each database host
/// @param binaries directory of the server's programs there; null: not known yet
/// @param user as whom agents of database hosts run: the server's own
/// @param etc where the files will stand on each host
/// @param coordination connect string of an existing ZooKeeper; null: the hosts' own servers
public record ClusterPlan(
    String cluster,
    List<Host> hosts,
    String service,
    Path data,
    @Nullable Path binaries,
    String user,
    Path etc,
    @Nullable String coordination) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9.:-]{1,253}");
  private static final Pattern USER = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}");

  static final String GATEWAY_USER = "baton";
  static final int COORDINATION_PORT = 6435;
  static final int QUORUM_PORT = 6436;
  static final int ELECTION_PORT = 6437;

  /// What a host is for.
  public enum Role {
    /// Carries the database; votes.
    DATABASE,
    /// Votes, so that the others have a majority without one of them; takes clients, too.
    WITNESS,
    /// Takes clients.
    GATEWAY
  }

  /// @param address by which the other hosts and clients reach it
  public record Host(String name, String address, Role role) {
    /// @param text `name=address`
    /// @throws IllegalArgumentException saying what is wrong with it
    public static Host parse(String text, Role role) {
      String[] parts = text.strip().split("=", 2);
      if (parts.length != 2
          || !NAME.matcher(parts[0]).matches()
          || !ADDRESS.matcher(parts[1]).matches()) {
        throw new IllegalArgumentException(
            "'"
                + text
                + "' is no host; write name=address, as db1=10.1.0.5 (small letters, digits, -)");
      }
      return new Host(parts[0], parts[1], role);
    }
  }

  /// @throws IllegalArgumentException saying what does not go together
  public ClusterPlan {
    named("cluster", cluster);
    named("service", service);
    if (!USER.matcher(user).matches()) {
      throw new IllegalArgumentException("'" + user + "' is no name of a user");
    }
    if (hosts.stream().noneMatch(host -> host.role() == Role.DATABASE)) {
      throw new IllegalArgumentException("name the hosts that carry the database, by --hosts");
    }
    Set<String> taken = new HashSet<>();
    for (Host host : hosts) {
      if (!taken.add(host.name()) || !taken.add(host.address())) {
        throw new IllegalArgumentException(
            host.name()
                + "="
                + host.address()
                + ": each host needs a name and an address of its own");
      }
    }
    if (!data.isAbsolute() || !etc.isAbsolute()) {
      throw new IllegalArgumentException(data + " and " + etc + " must be given from the root");
    }
    if (coordination == null) {
      checkVoters(hosts);
    }
  }

  private static void named(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name of a " + what + "; take small letters, digits and -");
    }
  }

  private static void checkVoters(List<Host> hosts) {
    long voters = hosts.stream().filter(host -> host.role() != Role.GATEWAY).count();
    if (voters % 2 == 0) {
      throw new IllegalArgumentException(
          voters
              + " hosts would vote, and of an even number as many may fail as of one less: add a"
              + " --witness, or name an existing ZooKeeper by --coordination");
    }
  }

  /// The home to begin with.
  Host home() {
    return hosts.stream().filter(host -> host.role() == Role.DATABASE).findFirst().orElseThrow();
  }

  private List<Host> voting() {
    return hosts.stream().filter(host -> host.role() != Role.GATEWAY).toList();
  }

  /// Whether a host has a coordination server.
  boolean votes(Host host) {
    return coordination == null && voting().contains(host);
  }

  /// A host's own server first, so that the loss of another host is none of coordination.
  String connectString(Host from) {
    return coordination != null
        ? coordination
        : Stream.concat(
                voting().stream().filter(from::equals),
                voting().stream().filter(voter -> !voter.equals(from)))
            .map(voter -> voter.address() + ":" + COORDINATION_PORT)
            .collect(Collectors.joining(","));
  }

  /// As `baton coordination --voters` takes them.
  String voters() {
    List<String> voters = new ArrayList<>();
    for (Host host : voting()) {
      voters.add(
          (voters.size() + 1) + "@" + host.address() + ":" + QUORUM_PORT + ":" + ELECTION_PORT);
    }
    return voters.stream().collect(Collectors.joining(","));
  }

  int voter(Host host) {
    return voting().indexOf(host) + 1;
  }

  /// As whom the agent of a host runs.
  String user(Host host) {
    return host.role() == Role.DATABASE ? user : GATEWAY_USER;
  }
}
