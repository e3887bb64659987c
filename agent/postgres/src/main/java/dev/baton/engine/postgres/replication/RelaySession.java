package dev.baton.engine.postgres.replication;

import dev.baton.core.memory.LogStore;
import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.FrontendType;
import dev.baton.engine.postgres.wire.MalformedMessage;
import dev.baton.engine.postgres.wire.TransactionStatus;
import dev.baton.model.LogPosition;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The local instance's receiver, logged in: its commands, and the stream of log to it. Confined to
/// the memory's event loop.
final class RelaySession extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(RelaySession.class);

  /// Log in one message, as a server sends it.
  private static final int MAX_SEND_BYTES = 128 << 10;

  private static final int TYPE_AND_LENGTH = 5;

  /// Told of everything that happens in a session.
  interface Owner {
    /// The receiver has begun to stream; an earlier session of it is over.
    void streaming(RelaySession session);

    /// The receiver has told how far it is.
    void status(RelaySession session, LogPosition flushed, LogPosition applied);

    void gone(RelaySession session);
  }

  private final HomeLink link;
  private final LogStore log;
  private final Owner owner;
  private @Nullable ChannelHandlerContext context;
  private Mode mode = Mode.COMMANDS;
  private LogPosition position = LogPosition.ZERO;
  private long timeline;
  private boolean pumpDue;
  private @Nullable OlderLog older;

  private enum Mode {
    COMMANDS,
    STREAMING,
    /// This side has ended the copy, the timeline being over; the receiver has yet to.
    TIMELINE_ENDED,
    CLOSED
  }

  RelaySession(HomeLink link, LogStore log, Owner owner) {
    this.link = link;
    this.log = log;
    this.owner = owner;
  }

  /// End of what was given to the socket.
  LogPosition relayed() {
    return position;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    try {
      if (!(msg instanceof ByteBuf message)) {
        close("message of absurd size");
        return;
      }
      byte type = message.getByte(message.readerIndex());
      switch (type) {
        case FrontendType.QUERY -> command(FrontendMessages.readQuery(message));
        case FrontendType.COPY_DATA -> fromReceiver(message.skipBytes(TYPE_AND_LENGTH));
        case FrontendType.COPY_DONE -> endCopy();
        case FrontendType.TERMINATE -> ctx.close();
        default -> close("unexpected message '" + (char) type + "'");
      }
    } catch (MalformedMessage | IndexOutOfBoundsException e) {
      close(String.valueOf(e.getMessage()));
    } finally {
      ReferenceCountUtil.release(msg);
    }
  }

  private void command(String text) {
    Optional<RelayCommand> command = RelayCommand.parse(text);
    HomeIdentity home = link.identity();
    if (command.isEmpty()) {
      error(ErrorFields.error("42601", "the relay does not know this command: " + text));
    } else if (home == null) {
      error(ErrorFields.error("57P03", "no log is received from a home yet"));
    } else {
      switch (command.get()) {
        case RelayCommand.IdentifySystem identify -> identify(home);
        case RelayCommand.TimelineHistoryOf(long of) -> history(home, of);
        case RelayCommand.StartReplication start -> start(home, start);
      }
    }
  }

  /// The end of the home's log and not of the memory's: newer receivers do not ask for log beyond
  /// the position told here, and a small memory is full before it gets there.
  private void identify(HomeIdentity home) {
    String end = log.end().max(link.homePosition()).toString();
    send(
        out -> {
          BackendMessages.rowDescription(
              out,
              List.of(
                  text("systemid"),
                  BackendMessages.Column.int8("timeline"),
                  text("xlogpos"),
                  text("dbname")));
          BackendMessages.dataRow(
              out,
              Arrays.asList(home.systemId(), Long.toString(home.history().timeline()), end, null));
          complete(out, "IDENTIFY_SYSTEM");
        });
  }

  private void history(HomeIdentity home, long of) {
    String content = home.historyFiles().get(of);
    if (content == null) {
      error(ErrorFields.error("58P01", "the home has no history of timeline " + of));
      return;
    }
    send(
        out -> {
          BackendMessages.rowDescription(out, List.of(text("filename"), text("content")));
          BackendMessages.dataRow(out, List.of(TimelineHistory.fileName(of), content));
          complete(out, "TIMELINE_HISTORY");
        });
  }

  private void start(HomeIdentity home, RelayCommand.StartReplication start) {
    TimelineHistory history = home.history();
    long asked = start.timeline() == 0 ? history.timeline() : start.timeline();
    Optional<LogPosition> end = history.endOf(asked);
    boolean known = asked == history.timeline() || end.isPresent();
    if (!known || end.map(left -> left.isBefore(start.from())).orElse(false)) {
      LOG.warn(
          "relay: the standby asks for timeline={} from={}, which is not on the way to the home's"
              + " timeline={} left at {}",
          asked,
          start.from(),
          history.timeline(),
          end.map(LogPosition::toString).orElse("-"));
      error(
          ErrorFields.error(
              "55000",
              "requested starting point %s on timeline %d is not in this server's history"
                  .formatted(start.from(), asked)));
      return;
    }
    if (end.map(start.from()::equals).orElse(false)) {
      send(out -> complete(out, "START_REPLICATION")); // nothing is left of that timeline
      return;
    }
    position = start.from();
    timeline = asked;
    mode = Mode.STREAMING;
    send(
        out ->
            BackendMessages.copyResponse(
                out,
                BackendType.COPY_BOTH_RESPONSE,
                new BackendMessages.CopyResponse(false, List.of())));
    LOG.info("relay: the standby follows timeline={} from={}", timeline, position);
    owner.streaming(this);
    schedulePump();
  }

  /// Log was added, or there is room in the socket. One pump serves all that is added in one turn
  /// of the loop.
  void schedulePump() {
    ChannelHandlerContext ctx = context;
    if (ctx != null && !pumpDue && mode == Mode.STREAMING) {
      pumpDue = true;
      ctx.executor()
          .execute(
              () -> {
                pumpDue = false;
                pump(ctx);
              });
    }
  }

  private void pump(ChannelHandlerContext ctx) {
    HomeIdentity home = link.identity();
    if (mode != Mode.STREAMING || home == null) {
      return;
    }
    LogPosition end = home.history().endOf(timeline).orElse(null);
    boolean wrote = false;
    try {
      while (ctx.channel().isWritable() && mode == Mode.STREAMING) {
        if (end != null && position.isAtLeast(end)) {
          endTimeline();
          return;
        }
        if (position.isBefore(log.start())) {
          fetchOlder(ctx);
          break;
        }
        if (log.end().isBefore(position)) {
          // The standby has it. Else a memory smaller than a segment could fill up with the end of
          // a segment that nobody wants, and never get to what is wanted.
          log.release(log.end());
          break;
        }
        closeOlder();
        ByteBuffer bytes = next(end);
        if (!bytes.hasRemaining()) {
          break;
        }
        ctx.write(logMessage(ctx, bytes), ctx.voidPromise());
        wrote = true;
      }
    } catch (IllegalStateException e) {
      close(String.valueOf(e.getMessage())); // a hole in the memory
    }
    if (wrote) {
      ctx.flush();
    }
  }

  private ByteBuffer next(@Nullable LogPosition end) {
    long most = end == null ? MAX_SEND_BYTES : Math.min(MAX_SEND_BYTES, end.bytesSince(position));
    return log.read(position, (int) most);
  }

  private ByteBuf logMessage(ChannelHandlerContext ctx, ByteBuffer bytes) {
    int body = ReplicationMessages.LOG_HEADER_BYTES + bytes.remaining();
    ByteBuf out = ctx.alloc().directBuffer(TYPE_AND_LENGTH + body);
    out.writeByte(BackendType.COPY_DATA).writeInt(Integer.BYTES + body);
    ReplicationMessages.logHeader(out, position, log.end().max(position));
    position = position.plus(bytes.remaining());
    return out.writeBytes(bytes);
  }

  private void fetchOlder(ChannelHandlerContext ctx) {
    if (older != null) {
      older.autoRead(true);
      return;
    }
    LOG.info("relay: log from {} to {} is fetched from the home", position, log.start());
    older =
        OlderLog.fetch(
            link,
            position,
            timeline,
            ctx.executor(),
            new OlderLog.Receiver() {
              @Override
              public void log(LogPosition at, ByteBuf data) {
                passOlder(ctx, at, data);
              }

              @Override
              public void ended(String reason) {
                older = null;
                if (position.isBefore(log.start())) {
                  close("older log cannot be had: " + reason);
                }
              }
            });
  }

  private void passOlder(ChannelHandlerContext ctx, LogPosition at, ByteBuf data) {
    if (!at.equals(position) || mode != Mode.STREAMING) {
      close("older log at " + at + " does not follow " + position);
      return;
    }
    LogPosition end = link.identity() == null ? null : endOfTimeline();
    long wanted = log.start().bytesSince(position);
    if (end != null) {
      wanted = Math.min(wanted, end.bytesSince(position));
    }
    int length = (int) Math.min(wanted, data.readableBytes());
    if (length > 0) {
      ByteBuffer bytes = data.nioBuffer(data.readerIndex(), length);
      ctx.writeAndFlush(logMessage(ctx, bytes), ctx.voidPromise());
    }
    OlderLog source = older;
    if (source != null && !ctx.channel().isWritable()) {
      source.autoRead(false);
    }
    if (length < data.readableBytes() || position.isAtLeast(log.start())) {
      closeOlder();
      schedulePump();
    }
  }

  private @Nullable LogPosition endOfTimeline() {
    HomeIdentity home = link.identity();
    return home == null ? null : home.history().endOf(timeline).orElse(null);
  }

  private void closeOlder() {
    OlderLog source = older;
    older = null;
    if (source != null) {
      source.close();
    }
  }

  private void endTimeline() {
    LOG.info("relay: timeline={} is relayed up to its end {}", timeline, position);
    closeOlder();
    mode = Mode.TIMELINE_ENDED;
    send(BackendMessages::copyDone);
  }

  /// The receiver has ended the copy: because its timeline is over, and then it is told the next
  /// one, or because it wants to.
  private void endCopy() {
    Mode before = mode;
    HomeIdentity home = link.identity();
    closeOlder();
    mode = Mode.COMMANDS;
    send(
        out -> {
          if (before == Mode.STREAMING) {
            BackendMessages.copyDone(out);
          } else if (before == Mode.TIMELINE_ENDED && home != null) {
            nextTimeline(out, home.history());
          }
          complete(out, "START_REPLICATION");
        });
  }

  private void nextTimeline(ByteBuf out, TimelineHistory history) {
    BackendMessages.rowDescription(
        out, List.of(BackendMessages.Column.int8("next_tli"), text("next_tli_startpos")));
    BackendMessages.dataRow(
        out, List.of(Long.toString(history.after(timeline)), position.toString()));
    BackendMessages.commandComplete(out, "START_STREAMING");
  }

  private void fromReceiver(ByteBuf body) {
    if (mode != Mode.STREAMING && mode != Mode.TIMELINE_ENDED) {
      return;
    }
    switch (body.getByte(body.readerIndex())) {
      case ReplicationMessages.STATUS -> {
        body.skipBytes(1 + Long.BYTES);
        LogPosition flushed = LogPosition.of(body.readLong());
        LogPosition applied = LogPosition.of(body.readLong());
        body.skipBytes(Long.BYTES);
        if (body.readByte() != 0) {
          keepAlive(false);
        }
        owner.status(this, flushed, applied);
      }
      case ReplicationMessages.FEEDBACK -> link.passFeedback(body);
      default -> close("unknown message in the stream");
    }
  }

  /// @param replyRequested the receiver then tells how far it is, at once
  void keepAlive(boolean replyRequested) {
    if (mode != Mode.STREAMING) {
      return;
    }
    LogPosition end = position;
    send(
        out -> {
          out.writeByte(BackendType.COPY_DATA);
          out.writeInt(Integer.BYTES + ReplicationMessages.KEEP_ALIVE_BYTES);
          ReplicationMessages.keepAlive(out, end, replyRequested);
        });
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      schedulePump();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    mode = Mode.CLOSED;
    closeOlder();
    owner.gone(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    close(String.valueOf(cause.getMessage()));
  }

  /// The receiver connects again by itself.
  void close(String reason) {
    ChannelHandlerContext ctx = context;
    if (ctx == null || mode == Mode.CLOSED) {
      return;
    }
    LOG.warn("relay: the connection of the standby is closed: {}", reason);
    mode = Mode.CLOSED;
    closeOlder();
    ByteBuf out = ctx.alloc().buffer();
    ErrorFields.fatal("08006", reason).writeError(out);
    ctx.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
  }

  private void error(ErrorFields error) {
    send(
        out -> {
          error.writeError(out);
          BackendMessages.readyForQuery(out, TransactionStatus.IDLE);
        });
  }

  private static void complete(ByteBuf out, String tag) {
    BackendMessages.commandComplete(out, tag);
    BackendMessages.readyForQuery(out, TransactionStatus.IDLE);
  }

  private void send(Consumer<ByteBuf> writer) {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    ByteBuf out = ctx.alloc().buffer();
    writer.accept(out);
    ctx.writeAndFlush(out, ctx.voidPromise());
  }

  private static BackendMessages.Column text(String name) {
    return BackendMessages.Column.text(name);
  }
}
