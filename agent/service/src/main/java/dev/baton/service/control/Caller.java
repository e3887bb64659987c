package dev.baton.service.control;

/// Who asks.
///
/// @param actor name, for the record
/// @param role by which they may
/// @param from network address
record Caller(String actor, String role, String from) {}
