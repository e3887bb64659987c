package dev.baton.service.agent;

import dev.baton.core.cluster.PeerMessage;
import dev.baton.core.cluster.RoleCommand;
import dev.baton.core.cluster.RoleEvent;
import dev.baton.model.Json;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// Carries the role machines' words between agents.
final class PeerHands {
  private final String method;
  private final Peers peers;

  PeerHands(String service, Peers peers, Consumer<RoleEvent> events) {
    this.method = "role/" + service;
    this.peers = peers;
    peers.handle(
        method,
        (from, body) -> {
          events.accept(
              new RoleEvent.Received(from, Json.MAPPER.readValue(body, PeerMessage.class)));
          return answered();
        });
    peers.watch(connected -> events.accept(new RoleEvent.PeersChanged(connected)));
  }

  private static CompletionStage<String> answered() {
    return CompletableFuture.completedStage("");
  }

  void send(RoleCommand.Send command) {
    peers.tell(command.to(), method, text(command.message()));
  }

  void broadcast(RoleCommand.Broadcast command) {
    String text = text(command.message());
    peers.connected().forEach(host -> peers.tell(host, method, text));
  }

  private static String text(PeerMessage message) {
    return Json.MAPPER.writerFor(PeerMessage.class).writeValueAsString(message);
  }
}
