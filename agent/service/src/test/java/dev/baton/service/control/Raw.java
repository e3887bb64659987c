package dev.baton.service.control;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/// Says to a port exactly what a test wants, which no proper client would.
final class Raw {
  private static final int BOUND_MILLIS = 60_000;

  private Raw() {}

  /// What comes back until the server closes; fails when it does not within the bound.
  static String ask(InetSocketAddress address, String bytes) throws IOException {
    try (Socket socket = connect(address)) {
      try {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      } catch (SocketException e) {
        // refused before it had taken everything: the answer may still be there
      }
      return rest(socket);
    }
  }

  static Socket connect(InetSocketAddress address) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(BOUND_MILLIS);
    return socket;
  }

  static String rest(Socket socket) throws IOException {
    StringBuilder answer = new StringBuilder();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        answer.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
      }
    } catch (SocketException e) {
      answer.append("[reset]");
    }
    return answer.toString();
  }
}
