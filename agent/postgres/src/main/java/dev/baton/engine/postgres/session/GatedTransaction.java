package dev.baton.engine.postgres.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A transaction whose commit was passed on through the gate of durability `request`, while the log
/// of it may not have reached the memory. Whoever makes it owns it until it is released.
final class GatedTransaction {
  private final long epoch;
  private final long id;
  private final OpenTransaction transaction;
  private final boolean wrapped;
  private final @Nullable Unanswered unanswered;
  private boolean commitSent;

  /// The segment that commits, whose answer the client does not have. It stays its flight's.
  ///
  /// @param expected what the client was given of its answer, and what was kept back
  private record Unanswered(Segment segment, AnswerDigest expected) {}

  /// One segment, and what its replay must answer.
  record Part(Segment segment, AnswerDigest expected, ReplayedAnswer.Extent extent) {}

  private GatedTransaction(
      long epoch, OpenTransaction transaction, boolean wrapped, @Nullable Unanswered unanswered) {
    this.epoch = epoch;
    this.id = transaction.id();
    this.transaction = transaction;
    this.wrapped = wrapped;
    this.unanswered = unanswered;
  }

  /// The client has been told that it is committed.
  ///
  /// @param transaction with all its segments, taken over
  /// @param wrapped whether it ran in a block of the session's own
  static GatedTransaction acknowledged(long epoch, OpenTransaction transaction, boolean wrapped) {
    return new GatedTransaction(epoch, transaction, wrapped, null);
  }

  /// Its commit was sent, and may have taken effect for others, but not been answered.
  static GatedTransaction inFlight(long epoch, OpenTransaction transaction, Flight flight) {
    return new GatedTransaction(
        epoch, transaction, flight.wrapped(), new Unanswered(flight.segment(), flight.expected()));
  }

  /// Its place among all transactions of the front.
  long place() {
    return transaction.place();
  }

  long epoch() {
    return epoch;
  }

  /// The database's id of it where it ran.
  long id() {
    return id;
  }

  boolean isAcknowledged() {
    return unanswered == null;
  }

  boolean wrapped() {
    return wrapped;
  }

  OpenTransaction transaction() {
    return transaction;
  }

  long bytes() {
    return transaction.bytes();
  }

  List<Part> parts() {
    List<Part> parts = new ArrayList<>(transaction.answered().size() + 1);
    ReplayedAnswer.Extent extent =
        wrapped ? ReplayedAnswer.Extent.WITHIN_BLOCK : ReplayedAnswer.Extent.WHOLE;
    transaction
        .answered()
        .forEach(segment -> parts.add(new Part(segment, segment.given(), extent)));
    Unanswered last = unanswered;
    if (last != null) {
      parts.add(
          new Part(
              last.segment(), last.expected(), wrapped ? extent : ReplayedAnswer.Extent.BEGINNING));
    }
    return parts;
  }

  int requests() {
    return parts().stream().mapToInt(part -> part.segment().requests()).sum();
  }

  /// Its commit at the next home was sent: it must not be replayed once more.
  boolean commitSent() {
    return commitSent;
  }

  void sendsCommit() {
    commitSent = true;
  }

  void release() {
    if (unanswered == null) {
      transaction.release();
    }
  }
}
