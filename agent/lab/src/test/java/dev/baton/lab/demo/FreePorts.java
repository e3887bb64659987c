package dev.baton.lab.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/// As many ports in a row as a demo takes.
final class FreePorts {
  private static final int PORTS = DemoHost.HIGHEST_OFFSET + 11; // a third database's, too

  private FreePorts() {}

  static int find() throws IOException {
    for (int base = 20_000; base < 30_000; base += PORTS) {
      if (areFree(base)) {
        return base;
      }
    }
    throw new IOException("no " + PORTS + " free ports in a row");
  }

  private static boolean areFree(int base) throws IOException {
    List<ServerSocket> taken = new ArrayList<>();
    try {
      for (int port = base; port < base + PORTS; port++) {
        taken.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
      }
      return true;
    } catch (java.net.BindException e) {
      return false;
    } finally {
      for (ServerSocket socket : taken) {
        socket.close();
      }
    }
  }
}
