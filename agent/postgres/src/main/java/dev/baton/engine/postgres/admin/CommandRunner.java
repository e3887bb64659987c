package dev.baton.engine.postgres.admin;

import dev.baton.engine.postgres.backend.BackendRefused;
import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.ByteStrings;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.MalformedMessage;
import dev.baton.engine.postgres.wire.MessageDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs the commands of an [AdminConnection] one after the other. All state belongs to the
/// channel's event loop.
final class CommandRunner extends ChannelInboundHandlerAdapter implements CopyStream {
  /// Commands that may wait; more means that the server does not answer, and fail at once.
  private static final int MAX_WAITING = 1000;

  /// Bytes of rows that one command may return.
  private static final int MAX_RESULT_BYTES = 64 << 20;

  private final Channel channel;
  private final Duration timeout;
  private final Queue<Command> waiting = new ArrayDeque<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private @Nullable Command running;
  private @Nullable ScheduledFuture<?> deadline;
  private @Nullable IOException ended;

  CommandRunner(Channel channel, Duration timeout) {
    this.channel = channel;
    this.timeout = timeout;
  }

  private static final class Command {
    final String sql;
    final CopyStream.@Nullable Listener listener;
    final CompletableFuture<List<Rows>> result = new CompletableFuture<>();
    final List<Rows> results = new ArrayList<>();
    List<String> columns = List.of();
    List<List<@Nullable String>> rows = new ArrayList<>();
    long resultBytes;
    @Nullable ErrorFields error;

    Command(String sql, CopyStream.@Nullable Listener listener) {
      this.sql = sql;
      this.listener = listener;
    }
  }

  CompletableFuture<List<Rows>> run(String sql, CopyStream.@Nullable Listener listener) {
    Command command = new Command(sql, listener);
    onLoop(() -> enqueue(command));
    return command.result;
  }

  CompletableFuture<Void> closed() {
    return closed;
  }

  void close() {
    onLoop(
        () -> {
          if (ended == null) {
            ByteBuf out = channel.alloc().buffer(MessageDecoder.HEADER_BYTES);
            FrontendMessages.terminate(out);
            channel.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
            end(new IOException("connection was closed on this side"));
          }
        });
  }

  private void onLoop(Runnable task) {
    if (channel.eventLoop().inEventLoop()) {
      task.run();
    } else {
      channel.eventLoop().execute(task);
    }
  }

  private void enqueue(Command command) {
    IOException reason = ended;
    if (reason != null) {
      command.result.completeExceptionally(reason);
    } else if (waiting.size() >= MAX_WAITING) {
      command.result.completeExceptionally(
          new IOException(MAX_WAITING + " commands wait already, the server does not answer"));
    } else {
      waiting.add(command);
      next();
    }
  }

  private void next() {
    if (running != null) {
      return;
    }
    Command command = waiting.poll();
    if (command == null) {
      return;
    }
    ByteBuf out = channel.alloc().buffer();
    try {
      FrontendMessages.query(out, ByteStrings.of(command.sql));
    } catch (IllegalArgumentException e) {
      out.release();
      command.result.completeExceptionally(e);
      next();
      return;
    }
    running = command;
    startDeadline();
    channel.writeAndFlush(out);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    try {
      if (msg instanceof ByteBuf message) {
        accept(message);
      } else {
        fail(new IOException("the server sent a message of absurd size: " + msg));
      }
    } catch (MalformedMessage e) {
      fail(new IOException("the server sent nonsense: " + e.getMessage(), e));
    } finally {
      ReferenceCountUtil.release(msg);
    }
  }

  private void accept(ByteBuf message) {
    byte type = message.getByte(message.readerIndex());
    Command command = running;
    if (command == null) {
      outOfTurn(type, message);
      return;
    }
    switch (type) {
      case BackendType.COPY_DATA -> copyData(command, message);
      case BackendType.ROW_DESCRIPTION ->
          command.columns =
              BackendMessages.readRowDescription(message).stream()
                  .map(column -> ByteStrings.text(column.name()))
                  .toList();
      case BackendType.DATA_ROW -> row(command, message);
      case BackendType.COMMAND_COMPLETE ->
          result(command, BackendMessages.readCommandComplete(message));
      case BackendType.EMPTY_QUERY_RESPONSE -> result(command, "");
      case BackendType.COPY_BOTH_RESPONSE, BackendType.COPY_OUT_RESPONSE -> startCopy(command);
      case BackendType.COPY_IN_RESPONSE -> refuseCopyIn();
      case BackendType.COPY_DONE -> endCopy(command);
      case BackendType.ERROR_RESPONSE -> {
        ErrorFields error = ErrorFields.read(message);
        command.error = error;
        if (error.isFatal()) {
          fail(new BackendRefused(error));
        }
      }
      case BackendType.READY_FOR_QUERY -> finish(command);
      case BackendType.NOTICE_RESPONSE,
          BackendType.PARAMETER_STATUS,
          BackendType.NOTIFICATION_RESPONSE -> {
        // Not part of an answer.
      }
      default -> fail(new IOException("unexpected message '" + (char) type + "' of the server"));
    }
  }

  /// Between commands a server says only how it is, or takes its leave.
  private void outOfTurn(byte type, ByteBuf message) {
    switch (type) {
      case BackendType.ERROR_RESPONSE -> fail(new BackendRefused(ErrorFields.read(message)));
      case BackendType.NOTICE_RESPONSE,
          BackendType.PARAMETER_STATUS,
          BackendType.NOTIFICATION_RESPONSE -> {
        // Nobody asked.
      }
      default -> fail(new IOException("message '" + (char) type + "' without a question"));
    }
  }

  private void row(Command command, ByteBuf message) {
    command.resultBytes += message.readableBytes();
    if (command.resultBytes > MAX_RESULT_BYTES) {
      fail(new IOException("the answer has more than " + MAX_RESULT_BYTES + " bytes"));
      return;
    }
    command.rows.add(BackendMessages.readDataRow(message));
  }

  /// A result ends with CommandComplete; those of BASE_BACKUP that precede a copy have one too.
  private void result(Command command, String tag) {
    Rows rows = new Rows(command.columns, command.rows, tag);
    command.columns = List.of();
    command.rows = new ArrayList<>();
    command.results.add(rows);
    CopyStream.Listener listener = command.listener;
    if (listener != null) {
      listener.rows(rows);
    }
  }

  private void startCopy(Command command) {
    CopyStream.Listener listener = command.listener;
    if (listener == null) {
      fail(new IOException("a copy was not asked for"));
      return;
    }
    stopDeadline();
    listener.started(this);
  }

  private void copyData(Command command, ByteBuf message) {
    CopyStream.Listener listener = command.listener;
    if (listener == null) {
      fail(new IOException("a copy was not asked for"));
      return;
    }
    message.skipBytes(MessageDecoder.HEADER_BYTES);
    listener.data(message.retain());
  }

  private void endCopy(Command command) {
    startDeadline();
    CopyStream.Listener listener = command.listener;
    if (listener != null) {
      listener.done();
    }
  }

  private void refuseCopyIn() {
    ByteBuf out = channel.alloc().buffer();
    FrontendMessages.copyFail(out, "nothing to copy");
    channel.writeAndFlush(out);
  }

  private void finish(Command command) {
    stopDeadline();
    running = null;
    ErrorFields error = command.error;
    if (error != null) {
      command.result.completeExceptionally(new BackendRefused(error));
    } else if (command.results.isEmpty()) {
      command.result.complete(List.of(new Rows(List.of(), List.of(), "")));
    } else {
      command.result.complete(List.copyOf(command.results));
    }
    if (ended == null) {
      next();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(new IOException("the server closed the connection"));
    closed.complete(null);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(new IOException("connection lost: " + cause.getMessage(), cause));
  }

  private void fail(IOException reason) {
    channel.close();
    end(reason);
  }

  private void end(IOException reason) {
    if (ended != null) {
      return;
    }
    ended = reason;
    stopDeadline();
    Command command = running;
    running = null;
    if (command != null) {
      command.result.completeExceptionally(reason);
    }
    for (Command late = waiting.poll(); late != null; late = waiting.poll()) {
      late.result.completeExceptionally(reason);
    }
  }

  private void startDeadline() {
    stopDeadline();
    deadline =
        channel
            .eventLoop()
            .schedule(
                () -> fail(new IOException("no answer within " + timeout.toMillis() + " ms")),
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private void stopDeadline() {
    ScheduledFuture<?> scheduled = deadline;
    if (scheduled != null) {
      scheduled.cancel(false);
    }
    deadline = null;
  }

  @Override
  public EventLoop eventLoop() {
    return channel.eventLoop();
  }

  @Override
  public void send(ByteBuf data) {
    ByteBuf out = channel.alloc().buffer(MessageDecoder.HEADER_BYTES + data.readableBytes());
    FrontendMessages.copyData(out, data);
    data.release();
    channel.writeAndFlush(out);
  }

  @Override
  public void sendDone() {
    ByteBuf out = channel.alloc().buffer(MessageDecoder.HEADER_BYTES);
    FrontendMessages.copyDone(out);
    channel.writeAndFlush(out);
  }

  @Override
  public void setAutoRead(boolean autoRead) {
    channel.config().setAutoRead(autoRead);
  }

  @Override
  public void abort(String reason) {
    fail(new IOException(reason));
  }
}
