package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A client that sends whatever bytes a test wants.
public final class RawClient implements AutoCloseable {
  /// What an open connection costs a test.
  private static final int QUIET_MILLIS = 1_500;

  private static final int BOUND_MILLIS = 60_000;

  private static final byte TLS_ALERT = 21;
  private static final int MAX_ERROR_BYTES = 30_000;
  private static final int MAX_MESSAGE_BYTES = 1 << 20;

  private final Socket socket;
  private final DataInputStream in;
  private Optional<String> code = Optional.empty();

  public RawClient(int port) throws IOException {
    this(new Socket("127.0.0.1", port));
  }

  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(BOUND_MILLIS);
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /// How a server took what it was sent.
  ///
  /// @param code SQLSTATE of the first error; empty when there was none
  public record Verdict(Optional<String> code, boolean closed) {}

  public RawClient send(byte[] bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (SocketException e) {
      // The server has closed already; the verdict tells.
      socket.shutdownInput();
    }
    return this;
  }

  public RawClient send(Consumer<ByteBuf> writer) throws IOException {
    return send(bytes(writer));
  }

  static byte[] bytes(Consumer<ByteBuf> writer) {
    ByteBuf out = Unpooled.buffer();
    writer.accept(out);
    byte[] bytes = ByteBufUtil.getBytes(out);
    out.release();
    return bytes;
  }

  public RawClient startup(int version, Map<String, String> parameters) throws IOException {
    return send(out -> StartupPacket.writeStartup(out, version, parameters));
  }

  public RawClient saslResponse(String text) throws IOException {
    return send(
        out -> {
          out.writeByte('p').writeInt(4 + text.length());
          out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
        });
  }

  public RawClient saslInitial(String mechanism, String text) throws IOException {
    return saslResponse(
        mechanism + "\0\0\0" + (char) (text.length() >>> 8) + (char) (text.length() & 0xFF) + text);
  }

  /// Takes the letter when that is what comes next; an error is left for the verdict.
  public RawClient expectLetter(char letter) throws IOException {
    in.mark(1);
    if (in.read() != letter) {
      in.reset();
    }
    return this;
  }

  /// Waits for the socket's time-out whether the other side has closed. Takes what it has sent.
  boolean isOver() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  Socket socket() {
    return socket;
  }

  /// The next message with its header; empty for an error in the form of protocol 2, which has a
  /// text where the length should be.
  public byte[] read() throws IOException {
    byte type = in.readByte();
    if (type == TLS_ALERT) {
      // One side says why it gives up on TLS, the other does not: to a client that is the same.
      in.readAllBytes();
      throw new EOFException("TLS alert");
    }
    int length = in.readInt();
    if (type == 'E' && (length > MAX_ERROR_BYTES || length < 0)) {
      return new byte[0];
    }
    if (length < 4 || length > MAX_MESSAGE_BYTES) {
      throw new IOException("message '" + (char) type + "' of length " + length);
    }
    byte[] message = new byte[length + 1];
    message[0] = type;
    Unpooled.wrappedBuffer(message).setInt(1, length);
    in.readFully(message, 5, length - 4);
    return message;
  }

  /// Reads to the end, or until nothing has come for a while. That may be because whoever is to
  /// answer is slow: what must end is asked for its [#end].
  public Verdict verdict() throws IOException {
    return read(QUIET_MILLIS);
  }

  /// Reads to the end, which must come.
  public Verdict end() throws IOException {
    return read(BOUND_MILLIS);
  }

  private Verdict read(int quietMillis) throws IOException {
    socket.setSoTimeout(quietMillis);
    try {
      while (true) {
        byte[] message = read();
        if (message.length == 0) {
          in.readAllBytes();
          return new Verdict(Optional.of("old style"), true);
        } else if (message[0] == 'E' && code.isEmpty()) {
          code = Optional.of(ErrorFields.read(Unpooled.wrappedBuffer(message)).code());
        }
      }
    } catch (SocketTimeoutException e) {
      return new Verdict(code, false);
    } catch (EOFException | SocketException e) {
      return new Verdict(code, true);
    }
  }

  /// Sends nothing more.
  RawClient endOfStream() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
