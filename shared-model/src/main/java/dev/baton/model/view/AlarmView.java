package dev.baton.model.view;

import java.time.Instant;

/// Something that needs a person, and stands until it is over.
///
/// @param name as in docs/operations.md, such as `move-failed`
/// @param host whose agent raised it
/// @param since when it was raised, or its explanation last changed to another cause
/// @param what one sentence with figures
/// @param remedy what to do, one sentence
public record AlarmView(
    String name, String service, String host, Instant since, String what, String remedy) {}
