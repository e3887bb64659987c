package dev.baton.lab.demo;

import java.nio.file.Path;
import java.util.List;

/// One host of the demo: its ports and its files.
///
/// @param index 0 for the first
/// @param tls whether it has an address, a key and a certificate of its own
public record DemoHost(String name, int index, int portBase, Path demo, boolean tls) {
  /// Hosts with a database.
  static final List<String> DATABASES = List.of("a", "b");

  /// Each has an agent and a coordination server; the third is witness and gateway.
  public static final List<String> NAMES = List.of("a", "b", "w");

  /// A second standby, where one is asked for; it has no vote.
  static final String THIRD = "c";

  static final int HIGHEST_OFFSET = 29;
  private static final int PORTS_PER_HOST = 10;

  static DemoHost of(String name, int portBase, Path demo, boolean tls) {
    int index = name.equals(THIRD) ? NAMES.size() : NAMES.indexOf(name);
    return new DemoHost(name, index, portBase, demo, tls);
  }

  /// By which clients and the other hosts reach it. The control interface and the database listen
  /// on 127.0.0.1 all the same.
  String address() {
    return tls ? "127.0.0." + (index + 2) : "127.0.0.1";
  }

  Path certificate() {
    return folder().resolve("server.crt");
  }

  Path privateKey() {
    return folder().resolve("server.key");
  }

  boolean hasDatabase() {
    return DATABASES.contains(name) || name.equals(THIRD);
  }

  boolean votes() {
    return !name.equals(THIRD);
  }

  int clientPort() {
    return port(0);
  }

  int peerPort() {
    return port(1);
  }

  int controlPort() {
    return port(2);
  }

  int coordinationPort() {
    return port(3);
  }

  /// `ID@HOST:QUORUM:ELECTION`, as `baton coordination` takes it.
  String voterAddress() {
    return "%d@%s:%d:%d".formatted(index + 1, address(), port(4), port(5));
  }

  Path coordinationLog() {
    return folder().resolve("coordination.log");
  }

  /// Lists processes that count to the host, beside its agent and its database.
  Path processes() {
    return folder().resolve("processes");
  }

  /// Of the local instance: 6440 and 6450 by default.
  int databasePort() {
    return port(8);
  }

  int relayPort() {
    return port(9);
  }

  private int port(int offset) {
    return portBase + index * PORTS_PER_HOST + offset;
  }

  Path folder() {
    return demo.resolve(name);
  }

  Path dataDirectory() {
    return folder().resolve("data");
  }

  Path configuration() {
    return folder().resolve("agent.yaml");
  }

  Path log() {
    return folder().resolve("agent.log");
  }

  String controlUrl() {
    return "http://127.0.0.1:" + controlPort();
  }

  /// Of the clients' database through this host's agent.
  String clientUrl() {
    return "postgresql://%s:%s@%s:%d/%s"
        .formatted(DemoFiles.USER, DemoFiles.PASSWORD, address(), clientPort(), DemoFiles.DATABASE);
  }

  String jdbcUrl() {
    return "jdbc:postgresql://" + address() + ":" + clientPort() + "/" + DemoFiles.DATABASE;
  }

  /// Past the agent, to the instance itself.
  String instanceJdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + databasePort() + "/" + database;
  }
}
