package dev.baton.model.view;

import java.time.Instant;

/// `GET /v1/audit`: something that was to be changed, by whom, and what came of it. One line of an
/// agent's audit log.
///
/// @param number from 1, without gaps, in the log of `host`
/// @param host whose agent was asked, or did it
/// @param actor who asked; `agent` for what an agent does by itself
/// @param role by which they might
/// @param from network address of who asked; empty for what an agent does by itself
/// @param action such as `start-move`
/// @param subject what it was to be done to: a service, a host, a session, a plan
/// @param request as it was sent, cut at 2,000 characters
/// @param result `done`, `begun`, `refused` or `failed`
/// @param detail one sentence: what was done, or why it was not
/// @param previous SHA-256 of the line before, in hexadecimal; zeros before the first
public record AuditView(
    long number,
    String host,
    Instant at,
    String actor,
    String role,
    String from,
    String action,
    String subject,
    String request,
    String result,
    String detail,
    String previous) {}
