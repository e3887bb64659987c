package dev.baton.service.control;

import dev.baton.model.view.AuditCheckView;
import dev.baton.model.view.AuditView;
import dev.baton.service.audit.AuditEvent;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What was changed, and by whom. Each agent keeps what it was asked and what it did itself;
/// reading is of all that answer.
public interface AuditDesk {
  /// Writes one down. Never fails: what could not be written is in the agent's own log.
  CompletionStage<Void> record(AuditEvent event);

  /// Entries of this agent that could not be written since it began.
  long lost();

  /// Of every agent that answers, newest first.
  ///
  /// @param limit of each agent, at most 1,000
  CompletionStage<List<AuditView>> entries(int limit);

  /// Has every agent that answers check its log. Refused: an anchor that is none (400).
  ///
  /// @param anchor a line that must be there still, `HOST:NUMBER:HASH`; null: none
  CompletionStage<List<AuditCheckView>> check(@Nullable String anchor);
}
