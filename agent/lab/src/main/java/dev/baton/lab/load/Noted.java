package dev.baton.lab.load;

/// A line of a client's ledger.
///
/// @param id made by the client, unique among all clients
/// @param key that the database generated, as the client was told; 0 when it was not
public record Noted(long id, Kind kind, Outcome outcome, long key) {}
