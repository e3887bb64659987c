package dev.baton.model.view;

/// Body of `POST /v1/moves/{id}/acknowledgement`.
///
/// @param comment what was found; may be empty, at most 1,000 characters
public record AcknowledgeRequest(String comment) {}
