package dev.baton.lab.fault;

/// A fault that was due.
///
/// @param atSeconds when it was done, after the load had begun
/// @param applied whether its effect was seen
public record FaultReport(String name, String host, double atSeconds, boolean applied) {}
