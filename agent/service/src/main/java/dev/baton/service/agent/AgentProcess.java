package dev.baton.service.agent;

import dev.baton.service.agent.AgentConfig.ConfigurationException;
import dev.baton.service.cli.AgentRunner;
import dev.baton.service.cli.CommandFailed;
import dev.baton.service.config.HangUp;
import dev.baton.service.config.OwnerOnly;
import dev.baton.service.control.ControlServer;
import dev.baton.service.coordination.CoordinationTls;
import dev.baton.service.tls.HostIdentity;
import dev.baton.service.tls.MutualTls;
import dev.baton.service.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An agent as a process: runs until it is told to end, then ends in order.
public final class AgentProcess implements AgentRunner {
  private static final Logger LOG = LoggerFactory.getLogger(AgentProcess.class);

  @Override
  public String check(Path configuration) {
    try {
      AgentConfig.Loaded loaded = AgentConfig.load(configuration);
      AgentConfig config = loaded.config();
      List<String> problems = new ArrayList<>();
      for (Path secret : secrets(config)) {
        OwnerOnly.problem(secret).ifPresent(problems::add);
      }
      ControlServer.problem(config.controlSettings()).ifPresent(problems::add);
      problem(config.identity(), config.peers().tls()).ifPresent(problems::add);
      TlsFiles coordination = config.coordinationTls();
      if (coordination != null) {
        CoordinationTls.problem(coordination)
            .ifPresent(problem -> problems.add("coordinationTls: " + problem));
      }
      for (int i = 0; i < config.services().size(); i++) {
        problems.addAll(
            ServiceAssembly.engine(config.services().get(i).engine())
                .problems(AccessPolicies.of(loaded, i)));
      }
      if (!problems.isEmpty()) {
        throw new CommandFailed(String.join("\n", problems));
      }
      return "%s can be used: host %s of cluster %s, services %s"
          .formatted(
              configuration,
              config.host(),
              config.cluster(),
              config.services().stream().map(AgentConfig.Service::name).toList());
    } catch (ConfigurationException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> problem(HostIdentity self, @Nullable TlsFiles files) {
    if (files == null) {
      return Optional.empty();
    }
    try {
      MutualTls.open(self, files);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("peers.tls: " + e.getMessage());
    }
  }

  private static List<Path> secrets(AgentConfig config) {
    List<Path> files = new ArrayList<>();
    files.add(config.secretFile());
    config.services().forEach(service -> files.add(service.adminPasswordFile()));
    return files.stream().distinct().toList();
  }

  @Override
  public int run(Path configuration) {
    try {
      Agent agent = Agent.open(AgentConfig.load(configuration));
      HangUp.on(agent::reload);
      CountDownLatch ended = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    LOG.info("told to end");
                    agent.close();
                    ended.countDown();
                  },
                  "shutdown"));
      ended.await();
      return 0;
    } catch (ConfigurationException | IOException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }
}
