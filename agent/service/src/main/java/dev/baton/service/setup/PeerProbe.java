package dev.baton.service.setup;

import dev.baton.core.cluster.HostRecord;
import dev.baton.service.agent.AgentConfig;
import dev.baton.service.config.Addresses;
import dev.baton.service.config.ScratchFolder;
import dev.baton.service.coordination.CoordinationTls;
import dev.baton.service.coordination.ZooKeeperCoordination;
import dev.baton.service.tls.MutualTls;
import dev.baton.service.tls.TlsFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Whether the other agents are reached, and whether each side believes the other. Who they are is
/// known in coordination, as long as they run.
final class PeerProbe {
  private static final int BOUND_MILLIS = 2_000;
  private static final long COORDINATION_SECONDS = 5;

  private PeerProbe() {}

  /// Nothing when agents speak in plain text, on the loopback address.
  static List<Finding> look(AgentConfig config) {
    TlsFiles files = config.peers().tls();
    if (files == null) {
      return List.of();
    }
    MutualTls own;
    try {
      own = MutualTls.open(config.identity(), files);
    } catch (IOException e) {
      return List.of(); // told already, as the configuration's
    }
    List<Finding> findings = new ArrayList<>();
    for (HostRecord host : hosts(config)) {
      if (!host.name().equals(config.host())) {
        findings.add(look(own, host));
      }
    }
    return findings;
  }

  private static Finding look(MutualTls own, HostRecord host) {
    String subject = "agent of " + host.name() + " at " + host.peerAddress();
    try {
      own.probe(host.name(), Addresses.socket(host.peerAddress()), BOUND_MILLIS);
      return Finding.ok(subject, "is reached, and each side believes the other");
    } catch (IOException e) {
      return MutualTls.refusal(e)
          .map(why -> Finding.wrong(subject, why, "see security.md; then baton doctor there, too"))
          .orElseGet(
              () ->
                  Finding.wrong(
                      subject,
                      "is not reached: " + e.getMessage(),
                      "see whether it runs, and whether a firewall lets this host through"));
    }
  }

  /// None when coordination does not answer, which is told elsewhere.
  private static List<HostRecord> hosts(AgentConfig config) {
    TlsFiles files = config.coordinationTls();
    try (ScratchFolder folder = ScratchFolder.make();
        ZooKeeperCoordination coordination =
            ZooKeeperCoordination.open(
                config.coordination(),
                config.cluster(),
                files == null ? null : CoordinationTls.in(folder.folder(), files))) {
      return coordination.hosts().toCompletableFuture().get(COORDINATION_SECONDS, TimeUnit.SECONDS);
    } catch (IOException | ExecutionException | TimeoutException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }
}
