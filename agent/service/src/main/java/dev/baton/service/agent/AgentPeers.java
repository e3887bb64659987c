package dev.baton.service.agent;

import dev.baton.service.peer.PeerNetwork;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/// The other agents, over the peer network. The messages that pass here carry their own epoch.
record AgentPeers(PeerNetwork network) implements Peers {
  private static final long ABOUT_NO_EPOCH = 0;

  @Override
  public Set<String> connected() {
    return network.connected();
  }

  @Override
  public void watch(Consumer<Set<String>> listener) {
    network.watch(listener);
  }

  @Override
  public void tell(String host, String method, String body) {
    network.tell(host, method, ABOUT_NO_EPOCH, body);
  }

  @Override
  public CompletionStage<String> ask(String host, String method, String body) {
    return network.call(host, method, ABOUT_NO_EPOCH, body);
  }

  @Override
  public void handle(String method, BiFunction<String, String, CompletionStage<String>> handler) {
    network.handle(method, (host, epoch, body) -> handler.apply(host, body));
  }
}
