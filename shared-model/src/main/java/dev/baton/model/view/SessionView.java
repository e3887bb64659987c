package dev.baton.model.view;

import dev.baton.model.Movability;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// `GET /v1/sessions`: one client's connection.
///
/// @param id unique in the cluster: `<front>-<number>`
/// @param state `logging in`, `idle`, `active`, `in transaction`, `failed transaction`, `held` or
///   `restoring`
/// @param transactionAgeMillis null outside a transaction
/// @param backendProcessId process id that the client was given
public record SessionView(
    String id,
    String front,
    String service,
    String client,
    String user,
    String database,
    String application,
    String state,
    @Nullable Double transactionAgeMillis,
    String home,
    boolean readOnly,
    boolean hasTwin,
    long requests,
    int movesSurvived,
    int backendProcessId,
    Movability movability,
    Instant connectedAt,
    Instant measuredAt) {}
