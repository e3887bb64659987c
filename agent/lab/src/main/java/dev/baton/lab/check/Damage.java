package dev.baton.lab.check;

import java.util.List;

/// What became of acknowledged work.
///
/// @param lost acknowledged, and not there, or only half there, or under another key
/// @param duplicated there more often than it was acknowledged
/// @param examples the first few, in words
public record Damage(long lost, long duplicated, List<String> examples) {}
