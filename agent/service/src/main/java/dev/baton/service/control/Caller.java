package dev.baton.service.control;

/// Who asks.
///
/// @param actor name, for the record
/// @param role what they may do
/// @param from network address
record Caller(String actor, Role role, String from) {}
