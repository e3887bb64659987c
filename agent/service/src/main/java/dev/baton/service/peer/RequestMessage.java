package dev.baton.service.peer;

import dev.baton.core.memory.StampedRequests;
import dev.baton.core.route.RequestLog.Ending;
import dev.baton.model.LogPosition;
import dev.baton.model.Stamp;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/// What a front tells a memory, as bytes: a type, then its fields. The same bytes go to every
/// memory, so they are made once.
final class RequestMessage {
  /// Bytes of a larger request are not sent; its transaction cannot be replayed from a memory.
  static final int MAX_REQUEST_BYTES = 2 << 20;

  private static final int STAMPED = 1;
  private static final int STAMPED_WITHOUT_BYTES = 2;
  private static final int IDENTIFIED = 3;
  private static final int ENDED = 4;
  private static final int FORWARDED = 5;
  private static final int GATE = 6;

  private RequestMessage() {}

  /// Told what a memory says to a gate.
  @FunctionalInterface
  interface Gates {
    void answered(long gate, boolean whole);
  }

  static byte[] stamped(Stamp stamp, long firstRequest, ByteBuffer request) {
    boolean whole = request.remaining() <= MAX_REQUEST_BYTES;
    ByteBuffer message = ByteBuffer.allocate(1 + 5 * 8 + (whole ? request.remaining() : 0));
    message.put((byte) (whole ? STAMPED : STAMPED_WITHOUT_BYTES));
    message.putLong(stamp.epoch()).putLong(stamp.session()).putLong(stamp.request());
    message.putLong(stamp.position().bits()).putLong(firstRequest);
    if (whole) {
      message.put(request.duplicate());
    }
    return message.array();
  }

  static byte[] identified(long session, long firstRequest, long transaction) {
    return longs(IDENTIFIED, session, firstRequest, transaction);
  }

  static byte[] ended(long session, long firstRequest, Ending ending) {
    long code =
        switch (ending) {
          case COMMITTED -> 0;
          case ROLLED_BACK -> 1;
          case READ_ONLY -> 2;
        };
    return longs(ENDED, session, firstRequest, code);
  }

  static byte[] forwarded(long session, long firstRequest, int requests) {
    return longs(FORWARDED, session, firstRequest, requests);
  }

  static byte[] gate(long gate, long session, long request, long answersDigest) {
    return longs(GATE, gate, session, request, answersDigest);
  }

  private static byte[] longs(int type, long... fields) {
    ByteBuffer message = ByteBuffer.allocate(1 + 8 * fields.length).put((byte) type);
    for (long field : fields) {
      message.putLong(field);
    }
    return message.array();
  }

  /// @param message what it holds is read
  /// @param ended the epoch in which it was sent has ended: no request is taken and no gate opened
  /// @throws PeerException when it is not well-formed, or the memory refuses it
  static void apply(ByteBuf message, boolean ended, StampedRequests requests, Gates gates)
      throws PeerException {
    Frame.need(message, 1);
    int type = message.readUnsignedByte();
    try {
      switch (type) {
        case STAMPED, STAMPED_WITHOUT_BYTES -> {
          Frame.need(message, 5 * 8);
          Stamp stamp =
              new Stamp(
                  message.readLong(),
                  message.readLong(),
                  message.readLong(),
                  LogPosition.of(message.readLong()));
          long firstRequest = message.readLong();
          if (ended) {
            return;
          }
          if (type == STAMPED) {
            requests.stamped(stamp, firstRequest, message.nioBuffer());
          } else {
            requests.stampedWithoutBytes(stamp, firstRequest);
          }
        }
        case IDENTIFIED -> {
          Frame.need(message, 3 * 8);
          requests.identified(message.readLong(), message.readLong(), message.readLong());
        }
        case ENDED -> {
          Frame.need(message, 3 * 8);
          requests.ended(message.readLong(), message.readLong(), ending(message.readLong()));
        }
        case FORWARDED -> {
          Frame.need(message, 3 * 8);
          requests.forwarded(message.readLong(), message.readLong(), (int) message.readLong());
        }
        case GATE -> {
          Frame.need(message, 4 * 8);
          long gate = message.readLong();
          boolean whole =
              requests.acknowledge(message.readLong(), message.readLong(), message.readLong());
          gates.answered(gate, whole && !ended);
        }
        default -> throw new PeerException(PeerError.MALFORMED, "request message " + type);
      }
    } catch (IllegalArgumentException e) {
      throw new PeerException(PeerError.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private static Ending ending(long code) {
    return switch ((int) code) {
      case 0 -> Ending.COMMITTED;
      case 1 -> Ending.ROLLED_BACK;
      case 2 -> Ending.READ_ONLY;
      default -> throw new IllegalArgumentException("ending " + code + " of a transaction");
    };
  }
}
