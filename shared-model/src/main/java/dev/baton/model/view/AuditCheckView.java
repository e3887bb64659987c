package dev.baton.model.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// `GET /v1/audit/check`: whether the audit log of one agent is as it was written.
///
/// @param intact each line has the SHA-256 of the line before it, and its number follows
/// @param lines that were checked
/// @param first number of the oldest line that is kept; 0: there is none
/// @param last number of the newest line; 0: there is none
/// @param head SHA-256 of the newest line: kept elsewhere, it shows later that nothing before it
///   was cut off or written anew
/// @param problem what is wrong, and in which line; null when intact
public record AuditCheckView(
    String host,
    boolean intact,
    long lines,
    long first,
    long last,
    String head,
    @Nullable String problem,
    Instant checkedAt) {}
