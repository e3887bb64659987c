package dev.baton.model.view;

/// Body of `POST /v1/drills/{id}/run`.
///
/// @param confirmation the name of the service, typed by whoever runs it
public record DrillRunRequest(String confirmation) {}
