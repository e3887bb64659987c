package dev.baton.lab.demo;

import dev.baton.service.coordination.CoordinationServer;
import java.io.IOException;
import java.nio.file.Path;

/// The demo's coordination service, a process of its own: killing an agent does not take it along.
final class CoordinationMain {
  private CoordinationMain() {}

  /// Runs until it is told to end.
  ///
  /// @param words folder and port
  public static void main(String[] words) throws IOException, InterruptedException {
    CoordinationServer server =
        CoordinationServer.open(Path.of(words[0]), Integer.parseInt(words[1]));
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
    Thread.currentThread().join();
  }
}
