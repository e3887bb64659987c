package dev.baton.service.setup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.baton.service.config.Addresses;
import dev.baton.service.tls.NamedServer;
import dev.baton.service.tls.TlsFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.apache.zookeeper.client.ConnectStringParser;
import org.jspecify.annotations.Nullable;

/// Whether a coordination service answers: its servers are asked for their state in ZooKeeper's
/// short form `srvr`, which they answer by default.
final class CoordinationProbe {
  private static final int BOUND_MILLIS = 2_000;
  private static final int MAX_ANSWER_BYTES = 4_096;

  private CoordinationProbe() {}

  /// @param tls null: plain text
  static Finding look(String connectString, @Nullable TlsFiles tls) {
    String subject = "coordination " + connectString;
    List<String> silent = new ArrayList<>();
    for (InetSocketAddress server : new ConnectStringParser(connectString).getServerAddresses()) {
      String name = server.getHostString() + ":" + server.getPort();
      try {
        String said = ask(server, tls);
        if (said.contains("Mode: ")) {
          String mode = said.replaceAll("(?s).*Mode: (\\w+).*", "$1");
          return answered(subject, server, name + " answers as " + mode, tls);
        }
        silent.add(name + " answers and has no majority");
      } catch (IOException e) {
        silent.add(name + ": " + told(e));
      }
    }
    return Finding.wrong(
        subject,
        String.join("; ", silent),
        "start it on a majority of its hosts (systemctl start baton-coordination), and see that"
            + " ports 6436 and 6437 are open between them");
  }

  private static Finding answered(
      String subject, InetSocketAddress server, String text, @Nullable TlsFiles tls) {
    return tls == null && Addresses.fromElsewhere(server.getHostString())
        ? Finding.warning(
            subject,
            text + ", in plain text: whoever is in between can say who is home",
            "let its servers speak TLS and set coordinationTls, or carry it by a tunnel")
        : Finding.ok(subject, text + (tls == null ? "" : ", by TLS"));
  }

  private static String told(IOException e) {
    return e instanceof SSLException
        ? "no TLS with it, see coordinationTls and its own certificate: " + e.getMessage()
        : String.valueOf(e.getMessage());
  }

  private static Socket connect(InetSocketAddress server, @Nullable TlsFiles tls)
      throws IOException {
    if (tls != null) {
      return NamedServer.connect(tls, server, BOUND_MILLIS);
    }
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(server.getHostString(), server.getPort()), BOUND_MILLIS);
    socket.setSoTimeout(BOUND_MILLIS);
    return socket;
  }

  private static String ask(InetSocketAddress server, @Nullable TlsFiles tls) throws IOException {
    try (Socket socket = connect(server, tls)) {
      socket.getOutputStream().write("srvr".getBytes(US_ASCII));
      return new String(socket.getInputStream().readNBytes(MAX_ANSWER_BYTES), US_ASCII);
    }
  }
}
