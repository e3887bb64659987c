package dev.baton.service.agent;

import dev.baton.model.Json;
import dev.baton.model.view.AuditCheckView;
import dev.baton.model.view.AuditView;
import dev.baton.model.view.MoveView;
import dev.baton.service.audit.AuditEvent;
import dev.baton.service.audit.AuditLog;
import dev.baton.service.control.AuditDesk;
import dev.baton.service.control.Refused;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The audit logs of all agents, seen from one of them.
final class ClusterAudit implements AuditDesk {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterAudit.class);
  private static final String ENTRIES = "audit";
  private static final String CHECK = "audit-check";

  /// An answer of another agent fits into a frame.
  private static final int MAX_OF_OTHERS = 200;

  private final String host;
  private final Peers peers;
  private final AuditLog own;

  ClusterAudit(String host, Peers peers, AuditLog own) {
    this.host = host;
    this.peers = peers;
    this.own = own;
    peers.handle(
        ENTRIES,
        (from, body) ->
            CompletableFuture.completedStage(
                Json.MAPPER.writeValueAsString(own.newest(MAX_OF_OTHERS))));
    peers.handle(
        CHECK,
        (from, body) ->
            own.check(body.isEmpty() ? null : body)
                .thenApply(List::of)
                .thenApply(Json.MAPPER::writeValueAsString));
  }

  /// A move that this agent has run, whoever ordered it.
  static AuditEvent ended(MoveView move) {
    return AuditEvent.ofAgent(
        move.actor(),
        "move-ended",
        move.service(),
        move.outcome(),
        "move %d, %s from %s to %s in epoch %d, %s: %s"
            .formatted(
                move.id(),
                move.kind(),
                move.source(),
                move.target(),
                move.epoch(),
                move.reason(),
                move.explanation()));
  }

  @Override
  public CompletionStage<Void> record(AuditEvent event) {
    return own.add(event).handle((_, _) -> null);
  }

  @Override
  public long lost() {
    return own.lost();
  }

  @Override
  public CompletionStage<List<AuditView>> entries(int limit) {
    List<CompletableFuture<List<AuditView>>> all = new ArrayList<>();
    all.add(CompletableFuture.completedFuture(own.newest(limit)));
    for (String other : peers.connected()) {
      all.add(ask(other, ENTRIES, "", AuditView[].class));
    }
    return together(all)
        .thenApply(
            entries ->
                entries.stream().sorted(Comparator.comparing(AuditView::at).reversed()).toList());
  }

  @Override
  public CompletionStage<List<AuditCheckView>> check(@Nullable String anchor) {
    if (anchor == null) {
      List<CompletableFuture<List<AuditCheckView>>> all = new ArrayList<>();
      all.add(own.check(null).thenApply(List::of).toCompletableFuture());
      for (String other : peers.connected()) {
        all.add(ask(other, CHECK, "", AuditCheckView[].class));
      }
      return together(all);
    }
    int colon = anchor.indexOf(':');
    String of = anchor.substring(0, Math.max(0, colon));
    String line = anchor.substring(colon + 1);
    try {
      AuditLog.requireAnchor(line);
    } catch (IllegalArgumentException e) {
      throw Refused.malformed("query parameter 'anchor': a host, a colon, then " + e.getMessage());
    }
    if (of.equals(host)) {
      return own.check(line).thenApply(List::of);
    }
    if (!peers.connected().contains(of)) {
      throw Refused.unavailable("the agent of '" + of + "' cannot be reached");
    }
    return ask(of, CHECK, line, AuditCheckView[].class);
  }

  /// Empty when it does not answer.
  private <T> CompletableFuture<List<T>> ask(
      String other, String method, String body, Class<T[]> type) {
    return peers
        .ask(other, method, body)
        .thenApply(answer -> List.of(Json.MAPPER.readValue(answer, type)))
        .exceptionally(
            silent -> {
              LOG.debug("no audit log from {}: {}", other, silent.toString());
              return List.of();
            })
        .toCompletableFuture();
  }

  private static <T> CompletableFuture<List<T>> together(List<CompletableFuture<List<T>>> parts) {
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .thenApply(_ -> parts.stream().flatMap(part -> part.join().stream()).toList());
  }
}
