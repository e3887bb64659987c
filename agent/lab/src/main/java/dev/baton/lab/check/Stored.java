package dev.baton.lab.check;

import dev.baton.lab.load.Kind;

/// What is stored under one client-made id.
///
/// @param rows in `transfer` or `receipt`; 1 when all is well
/// @param entries that belong to these rows, 2 for each transfer
/// @param sum of the entries' amounts, 0 when all is well
/// @param key of one of the rows
public record Stored(long id, Kind kind, long rows, long entries, long sum, long key) {}
