package dev.baton.lab.fault;

/// Which ways of a host a network drops everything on.
public enum Cut {
  /// To and from the agents of the other hosts with a database.
  DATABASES,
  /// To and from the other agents.
  PEERS,
  /// To the other agents: it hears them, they do not hear it.
  TO_PEERS,
  /// From the other agents: they hear it, it does not hear them.
  FROM_PEERS,
  /// To and from every coordination server.
  COORDINATION,
  /// To and from the other agents and every coordination server.
  EVERYTHING,
  /// To and from the clients of its front.
  CLIENTS
}
