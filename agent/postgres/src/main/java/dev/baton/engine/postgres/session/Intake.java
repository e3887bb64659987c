package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.FrontendType;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// What a client sent and what was not taken up yet: the rest of a pipeline, or everything while
/// the client is held. Bounded: when it is full the client is not read any more.
final class Intake {
  static final int HIGH_BYTES = 256 << 10;
  static final int LOW_BYTES = 64 << 10;

  /// A message, or part of one that is too large to be held whole. Owner of `bytes`: who has it.
  record Item(byte type, ByteBuf bytes, boolean whole, boolean first, boolean last) {
    static Item of(ByteBuf message) {
      return new Item(message.getByte(message.readerIndex()), message, true, true, true);
    }

    /// The server answers it with ReadyForQuery.
    boolean endsSegment() {
      return last
          && (type == FrontendType.QUERY
              || type == FrontendType.SYNC
              || type == FrontendType.FUNCTION_CALL);
    }
  }

  private final ArrayDeque<Item> items = new ArrayDeque<>();
  private long bytes;

  void add(Item item) {
    items.add(item);
    bytes += item.bytes().readableBytes();
  }

  @Nullable Item peek() {
    return items.peek();
  }

  /// @throws java.util.NoSuchElementException when empty
  Item take() {
    Item item = items.remove();
    bytes -= item.bytes().readableBytes();
    return item;
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  long bytes() {
    return bytes;
  }

  /// Whole messages at the beginning, up to the end of the segment.
  Iterable<ByteBuf> beginning() {
    ArrayDeque<ByteBuf> messages = new ArrayDeque<>();
    Iterator<Item> all = items.iterator();
    boolean more = true;
    while (more && all.hasNext()) {
      Item item = all.next();
      if (item.whole()) {
        messages.add(item.bytes());
      }
      more = !item.endsSegment();
    }
    return messages;
  }

  /// True when the server would answer something to what is there.
  boolean holdsRequest() {
    for (Item item : items) {
      if (item.endsSegment() || item.type() == FrontendType.FLUSH) {
        return true;
      }
    }
    return false;
  }

  void release() {
    Item item;
    while ((item = items.poll()) != null) {
      item.bytes().release();
    }
    bytes = 0;
  }
}
