package dev.baton.service.agent;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/// What a service needs of the other agents. Bodies are JSON.
interface Peers {
  /// Hosts with a living connection.
  Set<String> connected();

  /// Told on each change, and once at the beginning.
  void watch(Consumer<Set<String>> listener);

  /// One way; may be lost.
  void tell(String host, String method, String body);

  /// Fails when the host does not answer in time.
  CompletionStage<String> ask(String host, String method, String body);

  /// @param handler given the sender and the body; answers with a body, which one-way messages drop
  void handle(String method, BiFunction<String, String, CompletionStage<String>> handler);
}
