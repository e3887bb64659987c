package dev.baton.service.control;

import dev.baton.service.audit.AuditEvent;
import dev.baton.service.control.Router.Target;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Writes down one request that changes something, with what came of it, before it is answered.
@SuppressWarnings("ArrayRecordComponent") // never compared
record Trail(AuditDesk desk, Target target, byte[] body, Caller caller) {
  private static final int ACCEPTED = 202;

  /// @return what was to be answered, when it is written down
  CompletionStage<Reply> recorded(@Nullable Reply reply, @Nullable Throwable failure) {
    if (reply != null) {
      String result = reply.status() == ACCEPTED ? "begun" : "done";
      return desk.record(event(result, reply.told())).thenApply(_ -> reply);
    }
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    AuditEvent event =
        cause instanceof Refused refused
            ? event("refused", refused.title() + ": " + refused.detail())
            : event("failed", String.valueOf(cause));
    return desk.record(event)
        .thenCompose(_ -> CompletableFuture.failedStage(failure == null ? missing() : failure));
  }

  private static IllegalStateException missing() {
    return new IllegalStateException("a request was answered with nothing");
  }

  private AuditEvent event(String result, String detail) {
    return new AuditEvent(
        caller.actor(),
        caller.role().toString(),
        caller.from(),
        target.resource().action(),
        Text.printable(target.id()),
        new String(body, StandardCharsets.UTF_8),
        result,
        detail);
  }
}
