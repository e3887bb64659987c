package dev.baton.console.fake;

import dev.baton.console.ConsoleMain;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Opens the console on a cluster that is only pretended: to look at it.
public final class PretendConsole {
  private int beat;

  private PretendConsole() {}

  public static void main(String[] args) {
    new PretendConsole().run(args);
  }

  private void run(String[] args) {
    PretendCluster cluster = new PretendCluster(Map.of());
    cluster.moves.add(cluster.move(1, "done", 9));
    FakeAgent agent = new FakeAgent(cluster::snapshot);
    agent.onPlan(cluster::plan);
    agent.onMove(_ -> cluster.move(2, "running", 2));
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    clock.scheduleAtFixedRate(
        () -> {
          beat++;
          cluster.current = cluster.current.plus(20_000 + (beat * 7_919L) % 9_000);
          cluster.replayLagBytes = 800 + (beat * 3_571L) % 9_000 + (beat % 37 == 0 ? 60_000 : 0);
          cluster.replayLagMillis = cluster.replayLagBytes / 900.0;
          cluster.tps = 1_500 + 400 * Math.sin(beat / 9.0) + (beat * 131L) % 97;
          cluster.cpu = 40 + 25 * Math.sin(beat / 14.0);
          agent.send(cluster::delta);
        },
        250,
        250,
        TimeUnit.MILLISECONDS);
    String[] all = new String[args.length + 2];
    System.arraycopy(args, 0, all, 0, args.length);
    all[args.length] = "--connect";
    all[args.length + 1] = agent.url().toString();
    ConsoleMain.main(all);
  }
}
