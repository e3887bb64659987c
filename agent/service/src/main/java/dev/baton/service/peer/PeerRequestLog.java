package dev.baton.service.peer;

import dev.baton.core.route.RequestLog;
import dev.baton.model.LogPosition;
import dev.baton.model.Stamp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

/// Sends a front's stamped requests to the memory of each standby of one service, in this process
/// or another. `setMemories` is called by one thread; everything else from any.
///
/// After a take-over the memories of the epoch that has ended are still told what became of its
/// transactions, so that what was replayed is counted there.
public final class PeerRequestLog implements RequestLog {
  private final String service;
  private final BiFunction<String, Long, Outbox> outboxes;
  private final AtomicReference<Told> told = new AtomicReference<>(new Told(0, LogPosition.ZERO));
  private volatile Memories memories = new Memories(0, Map.of(), List.of());

  private record Told(long epoch, LogPosition position) {}

  /// @param past memories of the epoch before
  private record Memories(long epoch, Map<String, Outbox> present, List<Outbox> past) {}

  /// @param outboxes makes the way to the memory on a host for an epoch
  PeerRequestLog(String service, BiFunction<String, Long, Outbox> outboxes) {
    this.service = service;
    this.outboxes = outboxes;
  }

  public String service() {
    return service;
  }

  /// From now on each request goes to the memories on these hosts. Within an epoch a host that
  /// leaves is recorded out, so gates do not wait for it; with a new epoch all open gates fail.
  ///
  /// @param epoch never falls
  public void setMemories(long epoch, List<String> hosts) {
    Memories before = memories;
    if (epoch < before.epoch()) {
      throw new IllegalArgumentException(
          "memories of " + service + " for epoch " + epoch + " after " + before.epoch());
    }
    if (epoch == before.epoch()) {
      memories = new Memories(epoch, renew(before, epoch, hosts), before.past());
      before.present().forEach((host, outbox) -> closeUnless(hosts.contains(host), outbox));
      return;
    }
    Map<String, Outbox> present = new HashMap<>();
    hosts.forEach(host -> present.put(host, outboxes.apply(host, epoch)));
    List<Outbox> past = new ArrayList<>();
    before
        .present()
        .forEach(
            (host, outbox) -> {
              if (present.containsKey(host)) {
                outbox.close(false);
              } else {
                past.add(outbox);
              }
            });
    told.updateAndGet(last -> last.epoch() < epoch ? new Told(epoch, LogPosition.ZERO) : last);
    memories = new Memories(epoch, Map.copyOf(present), List.copyOf(past));
    before.past().forEach(outbox -> outbox.close(false));
  }

  private Map<String, Outbox> renew(Memories before, long epoch, List<String> hosts) {
    Map<String, Outbox> present = new HashMap<>();
    for (String host : hosts) {
      Outbox known = before.present().get(host);
      present.put(host, known == null ? outboxes.apply(host, epoch) : known);
    }
    return Map.copyOf(present);
  }

  private static void closeUnless(boolean stays, Outbox outbox) {
    if (!stays) {
      outbox.close(true);
    }
  }

  /// The home's log reaches at least to `position`, as its memory or its agent says. What is told
  /// for another epoch than the present one is passed over.
  public void told(long epoch, LogPosition position) {
    told.updateAndGet(
        last ->
            epoch == last.epoch() && last.position().isBefore(position)
                ? new Told(epoch, position)
                : last);
  }

  @Override
  public LogPosition position() {
    return Objects.requireNonNull(told.get()).position();
  }

  @Override
  public void stamped(Stamp stamp, long firstRequest, ByteBuffer request) {
    Memories now = memories;
    if (!now.present().isEmpty()) {
      byte[] message = RequestMessage.stamped(stamp, firstRequest, request);
      now.present().values().forEach(outbox -> outbox.offer(message));
    }
  }

  @Override
  public void identified(long session, long firstRequest, long transaction) {
    byte[] message = RequestMessage.identified(session, firstRequest, transaction);
    memories.present().values().forEach(outbox -> outbox.offer(message));
  }

  @Override
  public void ended(long session, long firstRequest, Ending ending) {
    offerToAll(RequestMessage.ended(session, firstRequest, ending));
  }

  @Override
  public void forwarded(long session, long firstRequest, int requests) {
    offerToAll(RequestMessage.forwarded(session, firstRequest, requests));
  }

  private void offerToAll(byte[] message) {
    Memories now = memories;
    now.present().values().forEach(outbox -> outbox.offer(message));
    now.past().forEach(outbox -> outbox.offer(message));
  }

  @Override
  public CompletionStage<Void> acknowledged(long session, long request, long answersDigest) {
    return CompletableFuture.allOf(
        memories.present().values().stream()
            .map(outbox -> outbox.gate(session, request, answersDigest).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }
}
