package dev.baton.model;

/// What marks a request: who sent it, which of theirs it is, and where the home's log stood when it
/// was read. The position is a lower bound of the current end of the log: log before it cannot
/// cover the request.
///
/// @param epoch the service's epoch in which the request was read
/// @param session number of the session, unique for a front's life
/// @param request number of the request in its session, rising from 1
/// @param position substantially current end of the home's log
public record Stamp(long epoch, long session, long request, LogPosition position) {}
