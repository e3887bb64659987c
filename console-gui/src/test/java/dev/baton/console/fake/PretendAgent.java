package dev.baton.console.fake;

import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// A pretended cluster at a port, in a process of its own: for measuring how soon a console is
/// live.
public final class PretendAgent {
  private static final long BEAT_MILLIS = 250;

  private PretendAgent() {}

  /// @param args the port
  public static void main(String[] args) {
    PretendCluster cluster = new PretendCluster(Map.of());
    FakeAgent agent = new FakeAgent(cluster::snapshot, Integer.parseInt(args[0]));
    ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor();
    beat.scheduleAtFixedRate(
        () -> agent.send(cluster::delta), BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
  }
}
