package dev.baton.engine.postgres.replication;

import dev.baton.engine.postgres.backend.Backend;
import dev.baton.engine.postgres.backend.BackendRefused;
import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.FrontendType;
import dev.baton.engine.postgres.wire.MalformedMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One replication connection to an instance: questions answered with rows, and copies in either or
/// both directions. One command at a time. Confined to its channel's event loop, on which every
/// future completes.
final class Upstream extends ChannelInboundHandlerAdapter {
  private static final int TYPE_AND_LENGTH = 5;

  /// What a copy brings.
  interface Copy {
    /// @param data body of one CopyData message; valid during the call
    void data(ByteBuf data);

    /// All that could be read now has been given.
    default void readComplete() {}
  }

  /// Result sets in the order in which they came, each a list of rows.
  record Answer(List<List<List<@Nullable String>>> results) {
    /// Rows of the first result set.
    List<List<@Nullable String>> rows() {
      return results.isEmpty() ? List.of() : results.getFirst();
    }

    /// First value of the first row.
    ///
    /// @throws IOException when there is none
    String value(int column) throws IOException {
      List<List<@Nullable String>> rows = rows();
      String value =
          rows.isEmpty() || rows.getFirst().size() <= column ? null : rows.getFirst().get(column);
      if (value == null) {
        throw new IOException("answer without column " + column + ": " + results);
      }
      return value;
    }
  }

  private static final class Command {
    final CompletableFuture<Answer> answer = new CompletableFuture<>();
    final @Nullable Copy copy;
    final List<List<List<@Nullable String>>> results = new ArrayList<>();
    boolean copyDoneSent;
    @Nullable ErrorFields error;

    Command(@Nullable Copy copy) {
      this.copy = copy;
    }
  }

  private final Channel channel;
  private final Map<String, String> parameters;
  private @Nullable Command command;
  private @Nullable String closed;

  private Upstream(Backend backend) {
    this.channel = backend.channel();
    this.parameters = backend.parameters();
  }

  /// Takes a backend over, in the callback of the future that gave it.
  static Upstream take(Backend backend) {
    Upstream upstream = new Upstream(backend);
    backend.channel().pipeline().addLast("upstream", upstream);
    return upstream;
  }

  /// What the server reported at login.
  Map<String, String> parameters() {
    return parameters;
  }

  CompletableFuture<Answer> ask(String text) {
    return send(text, new Command(null));
  }

  /// Runs a command that starts a copy; completes when the server is ready for the next one.
  CompletableFuture<Answer> copy(String text, Copy copy) {
    return send(text, new Command(copy));
  }

  private CompletableFuture<Answer> send(String text, Command next) {
    if (command != null) {
      throw new IllegalStateException("a command is under way, not sending " + text);
    }
    if (closed != null) {
      next.answer.completeExceptionally(new IOException(closed));
      return next.answer;
    }
    command = next;
    write(out -> FrontendMessages.query(out, text));
    return next.answer;
  }

  /// Result sets that came so far with the command under way.
  List<List<List<@Nullable String>>> results() {
    Command current = command;
    return current == null ? List.of() : current.results;
  }

  /// Sends one CopyData message.
  ///
  /// @param body writes what stands in it
  void sendCopy(Consumer<ByteBuf> body) {
    write(
        out -> {
          out.writeByte(FrontendType.COPY_DATA);
          int lengthAt = out.writerIndex();
          out.writeInt(0);
          body.accept(out);
          out.setInt(lengthAt, out.writerIndex() - lengthAt);
        });
  }

  void autoRead(boolean on) {
    channel.config().setAutoRead(on);
  }

  boolean isAutoRead() {
    return channel.config().isAutoRead();
  }

  void close() {
    fail("closed by this side");
    channel.close();
  }

  private void write(Consumer<ByteBuf> writer) {
    ByteBuf out = channel.alloc().buffer(64);
    writer.accept(out);
    channel.writeAndFlush(out, channel.voidPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    try {
      Command current = command;
      if (!(msg instanceof ByteBuf message)) {
        breakOff("message of absurd size: " + msg);
      } else if (current != null) {
        accept(current, message);
      }
    } catch (MalformedMessage e) {
      breakOff(String.valueOf(e.getMessage()));
    } catch (IndexOutOfBoundsException e) {
      breakOff("a message of the stream is too short");
    } finally {
      ReferenceCountUtil.release(msg);
    }
  }

  private void accept(Command current, ByteBuf message) {
    byte type = message.getByte(message.readerIndex());
    switch (type) {
      case BackendType.COPY_DATA -> {
        if (current.copy != null) {
          current.copy.data(message.skipBytes(TYPE_AND_LENGTH));
        }
      }
      case BackendType.ROW_DESCRIPTION -> current.results.add(new ArrayList<>());
      case BackendType.DATA_ROW -> {
        if (current.results.isEmpty()) {
          breakOff("a row without description");
        } else {
          current.results.getLast().add(BackendMessages.readDataRow(message));
        }
      }
      case BackendType.COPY_DONE -> {
        if (!current.copyDoneSent && current.copy instanceof BothWays) {
          current.copyDoneSent = true;
          write(FrontendMessages::copyDone);
        }
      }
      case BackendType.ERROR_RESPONSE -> {
        ErrorFields error = ErrorFields.read(message);
        current.error = error;
        if (error.isFatal()) {
          breakOff(error.toString());
        }
      }
      case BackendType.READY_FOR_QUERY -> end(current);
      case BackendType.COPY_BOTH_RESPONSE,
          BackendType.COPY_OUT_RESPONSE,
          BackendType.COMMAND_COMPLETE,
          BackendType.NOTICE_RESPONSE,
          BackendType.PARAMETER_STATUS -> {
        // Nothing follows from them here.
      }
      default -> breakOff("unexpected message '" + (char) type + "'");
    }
  }

  /// A copy in both directions, which this side ends too.
  interface BothWays extends Copy {}

  private void end(Command current) {
    command = null;
    ErrorFields error = current.error;
    if (error != null) {
      current.answer.completeExceptionally(new BackendRefused(error));
    } else {
      current.answer.complete(new Answer(current.results));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    Command current = command;
    if (current != null && current.copy != null) {
      current.copy.readComplete();
    }
    ctx.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail("the home closed the connection");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    breakOff(String.valueOf(cause.getMessage()));
  }

  private void breakOff(String reason) {
    fail(reason);
    channel.close();
  }

  private void fail(String reason) {
    if (closed == null) {
      closed = reason;
    }
    Command current = command;
    command = null;
    if (current != null) {
      ErrorFields error = current.error;
      current.answer.completeExceptionally(
          error != null ? new BackendRefused(error) : new IOException(reason));
    }
  }
}
