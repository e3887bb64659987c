package dev.baton.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Ports for servers that must know theirs before they listen. They lie below those that systems
/// give to whoever connects, so that no connection takes one before its server comes to listen, or
/// while it is being restarted; and none is handed out twice in a process.
public final class FreePorts {
  private static final int LOWEST = 15_000;
  private static final int COUNT = 15_000;

  /// Processes that run at the same time begin at different places.
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 211 % COUNT));

  private FreePorts() {}

  public static int one() throws IOException {
    return row(1);
  }

  /// @return the first of as many ports in a row
  public static int row(int ports) throws IOException {
    for (int tried = 0; tried < COUNT; tried += ports) {
      int offset = Math.floorMod(NEXT.getAndAdd(ports), COUNT);
      if (offset + ports <= COUNT && areFree(LOWEST + offset, ports)) {
        return LOWEST + offset;
      }
    }
    throw new IOException("no " + ports + " free ports in a row");
  }

  private static boolean areFree(int first, int ports) throws IOException {
    List<ServerSocket> taken = new ArrayList<>();
    try {
      for (int port = first; port < first + ports; port++) {
        taken.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
      }
      return true;
    } catch (BindException e) {
      return false;
    } finally {
      for (ServerSocket socket : taken) {
        socket.close();
      }
    }
  }
}
