package dev.baton.service.setup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.client.ConnectStringParser;

/// Whether a coordination service answers: its servers are asked for their state in ZooKeeper's
/// short form `srvr`, which they answer by default.
final class CoordinationProbe {
  private static final int BOUND_MILLIS = 2_000;
  private static final int MAX_ANSWER_BYTES = 4_096;

  private CoordinationProbe() {}

  static Finding look(String connectString) {
    String subject = "coordination " + connectString;
    List<String> silent = new ArrayList<>();
    for (InetSocketAddress server : new ConnectStringParser(connectString).getServerAddresses()) {
      String name = server.getHostString() + ":" + server.getPort();
      try {
        String said = ask(server);
        if (said.contains("Mode: ")) {
          String mode = said.replaceAll("(?s).*Mode: (\\w+).*", "$1");
          return Finding.ok(subject, name + " answers as " + mode);
        }
        silent.add(name + " answers and has no majority");
      } catch (IOException e) {
        silent.add(name + ": " + e.getMessage());
      }
    }
    return Finding.wrong(
        subject,
        String.join("; ", silent),
        "start it on a majority of its hosts (systemctl start baton-coordination), and see that"
            + " ports 6436 and 6437 are open between them");
  }

  private static String ask(InetSocketAddress server) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(server.getHostString(), server.getPort()), BOUND_MILLIS);
      socket.setSoTimeout(BOUND_MILLIS);
      socket.getOutputStream().write("srvr".getBytes(US_ASCII));
      return new String(socket.getInputStream().readNBytes(MAX_ANSWER_BYTES), US_ASCII);
    }
  }
}
