package dev.baton.engine.postgres.wire;

import static dev.baton.engine.postgres.wire.MalformedMessage.Kind;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/// Cuts the stream that follows start-up into messages.
///
/// Hands on, in order:
/// - a `ByteBuf` with exactly one whole message, type byte and length included. What lay whole in
///   one read is a retained slice of it, not a copy; what came in several reads is copied once.
/// - [MessagePiece]s for a message that has more than `wholeBytes` bytes, as they come in: such a
///   message is never gathered, whatever its length field claims.
///
/// The next handler owns what it gets. A slice keeps the whole read buffer alive: who stores a
/// message for long copies it.
///
/// An impossible type or length ends decoding: [MalformedMessage] goes through the pipeline once,
/// and all later input is dropped. At the end of the stream an unfinished message is dropped.
public final class MessageDecoder extends ChannelInboundHandlerAdapter {
  /// Type byte and length field.
  public static final int HEADER_BYTES = 5;

  /// First size of the buffer in which a message is gathered; it grows with what arrives, so that a
  /// length field alone reserves no memory.
  private static final int FIRST_GATHER_BYTES = 4096;

  private final Direction direction;
  private final int wholeBytes;

  /// Beginning of a message whose end has not come in yet; owned here.
  private @Nullable ByteBuf gathered;

  private byte pieceType;
  private int pieceMessageBytes;
  private int pieceOffset;
  private boolean inPieces;

  /// Bytes of the stream before the message that is being read, for errors.
  private long streamOffset;

  private boolean failed;
  private boolean removed;
  private boolean handedOn;

  /// @param wholeBytes messages up to this many bytes, header included, are handed on whole
  public MessageDecoder(Direction direction, int wholeBytes) {
    if (wholeBytes < HEADER_BYTES) {
      throw new IllegalArgumentException("bound of whole messages is too small: " + wholeBytes);
    }
    this.direction = direction;
    this.wholeBytes = wholeBytes;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (!(msg instanceof ByteBuf in)) {
      ctx.fireChannelRead(msg);
      return;
    }
    try {
      while (in.isReadable() && !failed && !removed) {
        decode(ctx, in);
      }
      if (removed && in.isReadable()) {
        ctx.fireChannelRead(in.readRetainedSlice(in.readableBytes()));
      }
    } catch (MalformedMessage e) {
      failed = true;
      ctx.fireExceptionCaught(e);
    } finally {
      in.release();
    }
  }

  /// A half message needs more input even when the reader has turned automatic reading off.
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    boolean needsMore = !handedOn && !failed && !ctx.channel().config().isAutoRead();
    handedOn = false;
    ctx.fireChannelReadComplete();
    if (needsMore) {
      ctx.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    dropGathered();
    ctx.fireChannelInactive();
  }

  /// What was read and not handed on goes to the next handler as plain bytes.
  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    removed = true;
    ByteBuf rest = gathered;
    gathered = null;
    if (rest != null) {
      ctx.fireChannelRead(rest);
    }
  }

  private void decode(ChannelHandlerContext ctx, ByteBuf in) {
    if (inPieces) {
      handOnPiece(ctx, in.readRetainedSlice(Math.min(in.readableBytes(), piecesLeft())));
      return;
    }
    ByteBuf beginning = gathered;
    if (beginning == null) {
      decodeFromStart(ctx, in);
      return;
    }
    if (beginning.readableBytes() < HEADER_BYTES) {
      copy(in, beginning, HEADER_BYTES);
      if (beginning.readableBytes() < HEADER_BYTES) {
        return;
      }
    }
    int messageBytes = messageBytes(beginning);
    if (messageBytes > wholeBytes) {
      gathered = null;
      beginPieces(ctx, beginning, messageBytes);
      return;
    }
    copy(in, beginning, messageBytes);
    if (beginning.readableBytes() == messageBytes) {
      gathered = null;
      handOn(ctx, beginning, messageBytes);
    }
  }

  private void decodeFromStart(ChannelHandlerContext ctx, ByteBuf in) {
    checkType(in.getByte(in.readerIndex()));
    if (in.readableBytes() < HEADER_BYTES) {
      gather(ctx, in, HEADER_BYTES);
      return;
    }
    int messageBytes = messageBytes(in);
    if (messageBytes > wholeBytes) {
      int first = Math.min(in.readableBytes(), messageBytes);
      beginPieces(ctx, in.readRetainedSlice(first), messageBytes);
    } else if (in.readableBytes() >= messageBytes) {
      handOn(ctx, in.readRetainedSlice(messageBytes), messageBytes);
    } else {
      gather(ctx, in, messageBytes);
    }
  }

  private void gather(ChannelHandlerContext ctx, ByteBuf in, int messageBytes) {
    int size = Math.max(in.readableBytes(), Math.min(messageBytes, FIRST_GATHER_BYTES));
    ByteBuf beginning = ctx.alloc().buffer(size);
    beginning.writeBytes(in);
    gathered = beginning;
  }

  private static void copy(ByteBuf from, ByteBuf to, int upTo) {
    to.writeBytes(from, Math.min(from.readableBytes(), upTo - to.readableBytes()));
  }

  private void handOn(ChannelHandlerContext ctx, ByteBuf message, int messageBytes) {
    streamOffset += messageBytes;
    handedOn = true;
    ctx.fireChannelRead(message);
  }

  private void beginPieces(ChannelHandlerContext ctx, ByteBuf first, int messageBytes) {
    pieceType = first.getByte(first.readerIndex());
    pieceMessageBytes = messageBytes;
    pieceOffset = 0;
    inPieces = true;
    handOnPiece(ctx, first);
  }

  private void handOnPiece(ChannelHandlerContext ctx, ByteBuf content) {
    MessagePiece piece = new MessagePiece(pieceType, pieceMessageBytes, pieceOffset, content);
    pieceOffset += content.readableBytes();
    if (piecesLeft() == 0) {
      inPieces = false;
      streamOffset += pieceMessageBytes;
    }
    handedOn = true;
    ctx.fireChannelRead(piece);
  }

  private int piecesLeft() {
    return pieceMessageBytes - pieceOffset;
  }

  /// Size of the message that begins in `in`, header included.
  private int messageBytes(ByteBuf in) {
    byte type = in.getByte(in.readerIndex());
    int length = in.getInt(in.readerIndex() + 1);
    if (length < 4 || length > direction.maxLength(type)) {
      throw new MalformedMessage(
          Kind.LENGTH,
          "invalid length %d of message '%s' at byte %d of the %s's stream"
              .formatted(length, (char) type, streamOffset, sender()));
    }
    return length + 1;
  }

  private void checkType(byte type) {
    if (direction.maxLength(type) == Direction.UNKNOWN) {
      throw new MalformedMessage(
          Kind.TYPE,
          "invalid message type %d at byte %d of the %s's stream"
              .formatted(type & 0xFF, streamOffset, sender()));
    }
  }

  private String sender() {
    return switch (direction) {
      case FROM_CLIENT -> "client";
      case FROM_SERVER -> "server";
    };
  }

  private void dropGathered() {
    ByteBuf rest = gathered;
    gathered = null;
    if (rest != null) {
      rest.release();
    }
  }
}
