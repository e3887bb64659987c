package dev.baton.service.peer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Gates that a memory has not answered yet. Confined to one thread.
final class OpenGates {
  private final Map<Long, Gate> open = new LinkedHashMap<>();

  /// Where the question stands in the stream; changed when it is asked again.
  private static final class Gate {
    final byte[] question;
    final CompletableFuture<Void> passed;
    long sequence;

    Gate(byte[] question, CompletableFuture<Void> passed) {
      this.question = question;
      this.passed = passed;
    }
  }

  void asked(long gate, byte[] question, CompletableFuture<Void> passed, long sequence) {
    Gate asked = new Gate(question, passed);
    asked.sequence = sequence;
    open.put(gate, asked);
  }

  void answered(long gate, boolean whole) {
    Gate answered = open.remove(gate);
    if (answered == null) {
      return;
    }
    if (whole) {
      answered.passed.complete(null);
    } else {
      answered.passed.completeExceptionally(
          new PeerException(
              PeerError.MISSING_SEQUENCE, "the memory does not hold all of the transaction"));
    }
  }

  /// After a break: the answers to questions before `next` may be lost with the connection, so they
  /// are asked once more.
  ///
  /// @throws PeerException when there is no room for them in the stream
  void askAgain(long next, SendStream stream) throws PeerException {
    for (Gate gate : open.values()) {
      if (gate.sequence < next) {
        gate.sequence = stream.add(gate.question);
        if (gate.sequence == 0) {
          throw new PeerException(PeerError.MISSING_SEQUENCE, "no room to ask a gate again");
        }
      }
    }
  }

  /// The stream begins anew: questions that it does not hold any more cannot be answered.
  ///
  /// @param offset taken from the numbers of the questions that it still holds
  void renumber(long offset) {
    for (Map.Entry<Long, Gate> entry : List.copyOf(open.entrySet())) {
      Gate gate = entry.getValue();
      gate.sequence -= offset;
      if (gate.sequence < 1) {
        open.remove(entry.getKey());
        gate.passed.completeExceptionally(
            new PeerException(
                PeerError.MISSING_SEQUENCE, "the memory began anew before it answered"));
      }
    }
  }

  /// @param reason null: they count as passed
  void endAll(@Nullable PeerException reason) {
    List<Gate> ended = List.copyOf(open.values());
    open.clear();
    for (Gate gate : ended) {
      if (reason == null) {
        gate.passed.complete(null);
      } else {
        gate.passed.completeExceptionally(reason);
      }
    }
  }
}
