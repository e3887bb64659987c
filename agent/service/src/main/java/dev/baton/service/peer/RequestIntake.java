package dev.baton.service.peer;

import dev.baton.core.memory.ServiceMemory;
import dev.baton.core.memory.StampedRequests;
import io.netty.buffer.ByteBuf;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What one memory takes in from the fronts: one numbered stream each. Confined to the memory's
/// thread.
final class RequestIntake {
  private final ServiceMemory memory;
  private final Map<String, Front> fronts = new HashMap<>();
  private long epoch;

  private record Front(ReceiveStream stream, StampedRequests requests, long epoch) {}

  RequestIntake(ServiceMemory memory, long epoch) {
    this.memory = memory;
    this.epoch = epoch;
  }

  ServiceMemory memory() {
    return memory;
  }

  long epoch() {
    return epoch;
  }

  /// From now on requests and gates of older epochs are refused; what became of older transactions
  /// is still taken.
  void raise(long newEpoch) {
    epoch = Math.max(epoch, newEpoch);
  }

  /// @param connection on which the stream goes on; batches of others are passed over
  /// @param firstKept first message that the front can still send
  /// @throws PeerException `STALE_EPOCH` or `FUTURE_EPOCH`; `MISSING_SEQUENCE` when the front must
  ///   begin a new stream
  ReceiveStream open(
      String host, Object connection, long streamEpoch, long streamId, long firstKept)
      throws PeerException {
    if (streamEpoch != epoch) {
      throw new PeerException(
          streamEpoch < epoch ? PeerError.STALE_EPOCH : PeerError.FUTURE_EPOCH,
          epoch,
          "requests of epoch " + streamEpoch + ", here it is " + epoch);
    }
    Front known = fronts.get(host);
    if (known != null && known.stream().id() == streamId && known.stream().next() >= firstKept) {
      known.stream().resume(connection);
      fronts.put(host, new Front(known.stream(), known.requests(), streamEpoch));
      return known.stream();
    }
    if (firstKept != 1) {
      throw new PeerException(
          PeerError.MISSING_SEQUENCE, epoch, "stream " + streamId + " is not known here");
    }
    StampedRequests requests = memory.requests(host);
    requests.forget();
    ReceiveStream stream = new ReceiveStream(streamId, connection);
    fronts.put(host, new Front(stream, requests, streamEpoch));
    return stream;
  }

  /// The stream of a front on a connection, if that is where it goes on.
  boolean isOpen(String host, Object connection, long streamId) {
    Front front = fronts.get(host);
    return front != null && front.stream().id() == streamId && front.stream().isFrom(connection);
  }

  /// Takes in messages, each preceded by its length.
  ///
  /// @return the stream, for its acknowledgement
  /// @throws PeerException when a message is missing, comes again, is malformed or is refused
  ReceiveStream batch(String host, long sequence, ByteBuf messages, RequestMessage.Gates gates)
      throws PeerException {
    Front front = fronts.get(host);
    if (front == null) {
      throw new PeerException(
          PeerError.UNEXPECTED_FRAME, "requests before their stream was opened");
    }
    front.stream().expect(sequence);
    while (messages.isReadable()) {
      Frame.need(messages, 4);
      int length = messages.readInt();
      Frame.need(messages, length);
      RequestMessage.apply(
          messages.readSlice(length), front.epoch() < epoch, front.requests(), gates);
      front.stream().received(length);
    }
    return front.stream();
  }

  /// Connections on which streams go on.
  Collection<Object> connections() {
    return List.copyOf(fronts.values().stream().map(front -> front.stream().connection()).toList());
  }
}
