package dev.baton.service.peer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The sending side of a numbered stream that outlives its connections. Keeps what the other side
/// has not acknowledged, and goes on from there after a break, with no gap and no repetition. Pure;
/// confined to one thread.
final class SendStream {
  private final long boundBytes;

  /// Sent on this connection and not acknowledged, then what was not sent on it.
  private final Deque<byte[]> sent = new ArrayDeque<>();

  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private long id;

  /// Number of the first message of the two.
  private long first = 1;

  private long keptBytes;
  private boolean open;
  private long sentBytes;
  private long allowedBytes;

  /// @param id no other stream of this front has it, now or later
  SendStream(long id, long boundBytes) {
    this.id = id;
    this.boundBytes = boundBytes;
  }

  /// @param sequence number of the first message
  record Batch(long sequence, List<byte[]> messages) {}

  long id() {
    return id;
  }

  /// The first message that can still be sent again.
  long firstKept() {
    return first;
  }

  long keptBytes() {
    return keptBytes;
  }

  private long end() {
    return first + sent.size() + waiting.size();
  }

  /// @return the message's number; 0 when the bound is reached and it was not taken
  long add(byte[] message) {
    if (keptBytes + message.length > boundBytes) {
      return 0;
    }
    waiting.addLast(message);
    keptBytes += message.length;
    return end() - 1;
  }

  /// A new connection knows the stream up to `next`.
  ///
  /// @param allowed bytes may go out before the next acknowledgement
  /// @throws PeerException when it knows what was never sent, or misses what is no longer kept
  void resume(long next, long allowed) throws PeerException {
    if (next < first || next > end()) {
      throw new PeerException(
          PeerError.MISSING_SEQUENCE,
          "stream goes on at " + next + ", kept are " + first + " to " + (end() - 1));
    }
    broke();
    for (; first < next; first++) {
      keptBytes -= waiting.removeFirst().length;
    }
    open = true;
    sentBytes = 0;
    allowedBytes = allowed;
  }

  /// The connection is gone; nothing goes out until `resume`.
  void broke() {
    open = false;
    while (!sent.isEmpty()) {
      waiting.addFirst(sent.removeLast());
    }
  }

  /// @param upTo last number that the other side has dealt with
  /// @param allowed bytes that may have gone out on this connection in all
  void acknowledged(long upTo, long allowed) throws PeerException {
    if (upTo >= first + sent.size()) {
      throw new PeerException(
          PeerError.MISSING_SEQUENCE,
          "acknowledged " + upTo + ", sent up to " + (first + sent.size() - 1));
    }
    for (; first <= upTo; first++) {
      keptBytes -= sent.removeFirst().length;
    }
    allowedBytes = Math.max(allowedBytes, allowed);
  }

  /// What may go out now; null for nothing. A message that is larger than the rest of what is
  /// allowed goes whole, so that none is ever too large.
  @Nullable Batch next(int maxBytes) {
    if (!open || waiting.isEmpty() || sentBytes >= allowedBytes) {
      return null;
    }
    List<byte[]> messages = new ArrayList<>();
    long sequence = first + sent.size();
    int bytes = 0;
    while (!waiting.isEmpty() && bytes < maxBytes && sentBytes < allowedBytes) {
      byte[] message = waiting.removeFirst();
      sent.addLast(message);
      messages.add(message);
      bytes += message.length;
      sentBytes += message.length;
    }
    return new Batch(sequence, messages);
  }

  /// Begins anew under another id, with what is kept as its first messages.
  void restart(long newId) {
    broke();
    id = newId;
    first = 1;
  }

  /// Begins anew with nothing.
  void clear(long newId) {
    sent.clear();
    waiting.clear();
    keptBytes = 0;
    restart(newId);
  }
}
