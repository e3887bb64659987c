package dev.baton.model.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `/v1/stream` sends, one text frame each: a snapshot first, then deltas. A delta holds only
/// what changed since; null fields did not change. What a message does not mention still holds at
/// its `sentAt`: that, not the row's own `measuredAt`, is the age of an unchanged row. A client
/// that resumes sends `?after=<sequence>` and gets the deltas after it, or a new snapshot when they
/// are gone or the agent has started anew. A message is sent at least every 2 seconds, empty if
/// need be.
///
/// @param sequence rises by one a message; a snapshot has that of the last message it contains
/// @param positions all of them, when any changed
/// @param memory all of them, when any changed
/// @param sessions rows that are new or changed, by id
/// @param closedSessions ids of sessions that ended
/// @param moves those that are new or changed, by service and id
/// @param rules all of them, when any changed; always null from an agent that does not tell them
public record StreamMessage(
    long sequence,
    boolean snapshot,
    @Nullable StatusView status,
    @Nullable List<PositionsView> positions,
    @Nullable List<MemoryView> memory,
    @Nullable List<SessionView> sessions,
    @Nullable List<String> closedSessions,
    @Nullable List<MoveView> moves,
    @Nullable RulesView rules,
    Instant sentAt) {}
