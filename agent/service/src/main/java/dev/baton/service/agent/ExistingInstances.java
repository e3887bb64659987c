package dev.baton.service.agent;

import dev.baton.core.cluster.ServiceRecord;
import dev.baton.net.AccessPolicy;
import dev.baton.service.agent.AgentConfig.ConfigurationException;
import dev.baton.service.cli.CommandFailed;
import dev.baton.service.cli.ProtectionDesk;
import dev.baton.service.config.ScratchFolder;
import dev.baton.service.coordination.CoordinationTls;
import dev.baton.service.coordination.ZooKeeperCoordination;
import dev.baton.service.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Instances of this host that are taken over and given back by an operator's command.
public final class ExistingInstances implements ProtectionDesk {
  private static final long COORDINATION_SECONDS = 20;

  @Override
  public Opened open(Path configuration, @Nullable String name) {
    AgentConfig config = read(configuration);
    AgentConfig.Service service = service(config, name);
    if (!service.carriesInstance()) {
      throw new CommandFailed(
          configuration + ": service " + service.name() + " has no dataDirectory on this host");
    }
    AgentConfig.ClientTls tls = service.clientTls();
    AccessPolicy access =
        new AccessPolicy(
            tls == null ? null : AccessPolicies.tls(tls), List.of(), service.rolePasswordsFile());
    try {
      return new Opened(
          service.name(),
          ServiceAssembly.engine(service.engine())
              .protection(
                  ServiceAssembly.instanceSettings(config, service), service.binaries(), access),
          service.accessFile(),
          service.access().isEmpty() && service.accessFile() == null);
    } catch (ConfigurationException | IOException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void checkGivingBack(Path configuration, String service) {
    AgentConfig config = read(configuration);
    withRecord(
        config,
        service,
        (coordination, record) -> {
          if (!record.home().equals(config.host()) || record.move() != null) {
            throw new CommandFailed(
                "%s is home of %s, or it is on its way: give it back there, or move it here first"
                    .formatted(record.home(), service));
          }
          SortedSet<String> others = record.awaited();
          others.add(config.host());
          others.retainAll(await(coordination.hostNames()));
          if (!others.isEmpty()) {
            throw new CommandFailed(
                "agents of %s are there and would take %s over or start it: stop them, %s last"
                    .formatted(others, service, config.host()));
          }
        });
  }

  @Override
  public void forget(Path configuration, String service) {
    withRecord(
        read(configuration), service, (coordination, record) -> await(coordination.forget(record)));
  }

  @FunctionalInterface
  private interface Work {
    void with(ZooKeeperCoordination coordination, ServiceRecord record);
  }

  /// Does nothing when there is no record.
  private static void withRecord(AgentConfig config, String service, Work work) {
    // the agent's own copies of the key are not this command's to write
    try (ScratchFolder own = ScratchFolder.make()) {
      TlsFiles files = config.coordinationTls();
      try (ZooKeeperCoordination coordination =
          ZooKeeperCoordination.open(
              config.coordination(),
              config.cluster(),
              files == null ? null : CoordinationTls.in(own.folder(), files))) {
        Optional<ServiceRecord> record = await(coordination.read(service));
        record.ifPresent(each -> work.with(coordination, each));
      }
    } catch (IOException e) {
      throw new CommandFailed("coordination: " + e.getMessage(), e);
    }
  }

  private static <T> T await(CompletionStage<T> answer) {
    try {
      return answer.toCompletableFuture().get(COORDINATION_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new CommandFailed(
          "coordination does not answer, without which it is not known who is home: "
              + e.getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted", e);
    }
  }

  private static AgentConfig read(Path configuration) {
    try {
      return AgentConfig.read(configuration);
    } catch (ConfigurationException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private static AgentConfig.Service service(AgentConfig config, @Nullable String name) {
    List<String> names = config.services().stream().map(AgentConfig.Service::name).toList();
    if (name == null && names.size() == 1) {
      return config.services().getFirst();
    }
    return config.services().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new CommandFailed("name one of the services " + names));
  }
}
