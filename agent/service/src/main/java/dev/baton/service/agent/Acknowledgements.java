package dev.baton.service.agent;

import dev.baton.model.Json;
import dev.baton.model.view.MoveView;
import dev.baton.service.control.Refused;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes an operator's word that a move was looked at to the agent that keeps that move: the one of
/// its target, which ran it.
final class Acknowledgements {
  private static final Logger LOG = LoggerFactory.getLogger(Acknowledgements.class);
  private static final String METHOD = "acknowledge";

  private final String host;
  private final Peers peers;
  private final MoveHistory history;

  private record Order(String service, long id, MoveView.Acknowledgement by) {}

  Acknowledgements(String host, Peers peers, MoveHistory history) {
    this.host = host;
    this.peers = peers;
    this.history = history;
    peers.handle(
        METHOD,
        (from, body) ->
            CompletableFuture.completedStage(here(Json.MAPPER.readValue(body, Order.class))));
  }

  CompletionStage<MoveView> acknowledge(MoveView move, String comment, String actor) {
    LOG.info("service={} actor={} acknowledges move {}", move.service(), actor, move.id());
    Order order =
        new Order(
            move.service(), move.id(), new MoveView.Acknowledgement(actor, comment, Instant.now()));
    CompletionStage<String> answer =
        move.target().equals(host)
            ? CompletableFuture.completedStage(here(order))
            : peers.ask(move.target(), METHOD, Json.MAPPER.writeValueAsString(order));
    return answer.handle((body, failure) -> read(move, body, failure));
  }

  private static MoveView read(
      MoveView move,
      @org.jspecify.annotations.Nullable String body,
      @org.jspecify.annotations.Nullable Throwable failure) {
    if (body == null) {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      throw Refused.unavailable(
          "move %d is kept by the agent of %s, which does not answer: %s"
              .formatted(move.id(), move.target(), cause));
    }
    if (body.isEmpty()) {
      throw Refused.notFound(
          "the agent of %s keeps move %d no more".formatted(move.target(), move.id()));
    }
    return Json.MAPPER.readValue(body, MoveView.class);
  }

  private String here(Order order) {
    return history
        .acknowledge(order.service(), order.id(), order.by())
        .map(Json.MAPPER::writeValueAsString)
        .orElse("");
  }
}
