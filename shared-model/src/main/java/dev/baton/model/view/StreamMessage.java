package dev.baton.model.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `/v1/stream` sends, one text frame each: a snapshot first, then deltas. A delta holds only
/// what changed since; null fields did not change. A client that resumes sends `?after=<sequence>`
/// and gets the deltas after it, or a new snapshot when they are gone.
///
/// @param sequence rises by one a message
/// @param sessions rows that are new or changed
/// @param closedSessions ids of sessions that ended
public record StreamMessage(
    long sequence,
    boolean snapshot,
    @Nullable StatusView status,
    @Nullable List<PositionsView> positions,
    @Nullable List<MemoryView> memory,
    @Nullable List<SessionView> sessions,
    @Nullable List<String> closedSessions,
    @Nullable List<MoveView> moves,
    Instant sentAt) {}
