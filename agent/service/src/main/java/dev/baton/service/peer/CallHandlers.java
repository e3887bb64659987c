package dev.baton.service.peer;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/// What this agent answers when others call it, by name. Any thread.
final class CallHandlers {
  private final Map<String, CallHandler> handlers = new ConcurrentHashMap<>();

  void handle(String method, CallHandler handler) {
    if (handlers.putIfAbsent(method, handler) != null) {
      throw new IllegalStateException("two handlers for calls of '" + method + "'");
    }
  }

  CompletionStage<String> call(String host, String method, long epoch, String body) {
    CallHandler handler = handlers.get(method);
    if (handler == null) {
      return CompletableFuture.failedStage(
          new PeerException(PeerError.NO_METHOD, "nobody answers '" + method + "' here"));
    }
    try {
      return handler.call(host, epoch, body);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }
}
