package dev.baton.service.peer;

/// The receiving side of a numbered stream that outlives its connections. Pure; confined to one
/// thread.
final class ReceiveStream {
  /// Bytes that may be on their way.
  static final long WINDOW_BYTES = 1 << 20;

  private final long id;
  private Object connection;
  private long next = 1;
  private long receivedBytes;

  ReceiveStream(long id, Object connection) {
    this.id = id;
    this.connection = connection;
  }

  long id() {
    return id;
  }

  /// The number that must come next.
  long next() {
    return next;
  }

  Object connection() {
    return connection;
  }

  /// The stream goes on here; what may still come in from an older connection is not for it.
  void resume(Object newConnection) {
    connection = newConnection;
    receivedBytes = 0;
  }

  boolean isFrom(Object asking) {
    return connection.equals(asking);
  }

  /// @throws PeerException when a message is missing or comes again
  void expect(long sequence) throws PeerException {
    if (sequence != next) {
      throw new PeerException(
          sequence < next ? PeerError.DUPLICATE_SEQUENCE : PeerError.MISSING_SEQUENCE,
          "message " + sequence + " of stream " + id + ", expected " + next);
    }
  }

  void received(int bytes) {
    next++;
    receivedBytes += bytes;
  }

  /// Bytes that may have been sent on this connection in all.
  long allowedBytes() {
    return receivedBytes + WINDOW_BYTES;
  }
}
