package dev.baton.engine.postgres.instance;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Begins a login and reads the first answer, which tells whether the server takes connections. It
/// is the main process that forks the answering one, so an answer is a sign of life of both.
final class StartupProbe {
  private static final int PROTOCOL_3_0 = 196608;
  private static final String CANNOT_CONNECT_NOW = "57P03";

  private StartupProbe() {}

  enum Answer {
    /// It asks for a password.
    ACCEPTS,
    /// It starts, stops, or recovers from a crash, and says so.
    NOT_NOW,
    /// It refuses this login, for another reason: no connection slot left, no such database.
    REFUSES,
    /// Nobody listens, or the listener went without a word.
    NOBODY,
    /// Nothing came back in time.
    SILENT
  }

  static Answer ask(int port, String user, Duration bound) {
    try (Socket socket = new Socket()) {
      int millis = (int) Math.max(1, bound.toMillis());
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millis);
      socket.setSoTimeout(millis);
      socket.setTcpNoDelay(true);
      socket.getOutputStream().write(startup(user));
      return read(socket.getInputStream());
    } catch (SocketTimeoutException e) {
      return Answer.SILENT;
    } catch (IOException e) {
      return Answer.NOBODY;
    }
  }

  private static byte[] startup(String user) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(body);
    byte[] parameters =
        ("user\0" + user + "\0database\0postgres\0\0").getBytes(StandardCharsets.UTF_8);
    out.writeInt(2 * Integer.BYTES + parameters.length);
    out.writeInt(PROTOCOL_3_0);
    out.write(parameters);
    return body.toByteArray();
  }

  private static Answer read(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    int type = in.read();
    if (type == 'R') {
      return Answer.ACCEPTS;
    }
    if (type != 'E') {
      return Answer.NOBODY;
    }
    byte[] fields = new byte[Math.clamp((long) in.readInt() - Integer.BYTES, 0, 1 << 16)];
    in.readFully(fields);
    for (String field : new String(fields, StandardCharsets.UTF_8).split("\0")) {
      if (field.startsWith("C")) {
        return field.substring(1).equals(CANNOT_CONNECT_NOW) ? Answer.NOT_NOW : Answer.REFUSES;
      }
    }
    return Answer.REFUSES;
  }
}
