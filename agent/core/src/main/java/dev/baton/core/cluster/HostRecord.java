package dev.baton.core.cluster;

/// An agent that is there now. Gone from coordination when its session ends.
///
/// @param clientAddress where its front takes clients, `host:port`; empty when it has no front
/// @param peerAddress where other agents reach it, `host:port`
/// @param controlUrl base of its control interface
public record HostRecord(
    String name, String clientAddress, String peerAddress, String controlUrl) {}
