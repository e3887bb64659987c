package dev.baton.model.view;

import org.jspecify.annotations.Nullable;

/// RFC 9457 problem details, the body of every refused control request.
///
/// @param title what kind of refusal, short
/// @param detail what, where, and what to do
public record Problem(
    String type, String title, int status, String detail, @Nullable String instance) {}
