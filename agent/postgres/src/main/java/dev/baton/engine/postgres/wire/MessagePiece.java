package dev.baton.engine.postgres.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;

/// Part of a message that is larger than the decoder's bound for whole ones. The first piece begins
/// with the type byte and the length; written one after the other, the contents of the pieces are
/// the message. Whoever receives it releases it.
public final class MessagePiece extends DefaultByteBufHolder {
  private final byte type;
  private final int messageBytes;
  private final int offset;

  MessagePiece(byte type, int messageBytes, int offset, ByteBuf content) {
    super(content);
    this.type = type;
    this.messageBytes = messageBytes;
    this.offset = offset;
  }

  public byte type() {
    return type;
  }

  /// Size of the whole message with its header.
  public int messageBytes() {
    return messageBytes;
  }

  /// Where in the message this piece begins.
  public int offset() {
    return offset;
  }

  public boolean isFirst() {
    return offset == 0;
  }

  public boolean isLast() {
    return offset + content().readableBytes() == messageBytes;
  }

  @Override
  public MessagePiece replace(ByteBuf content) {
    return new MessagePiece(type, messageBytes, offset, content);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
