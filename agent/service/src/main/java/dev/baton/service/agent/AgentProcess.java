package dev.baton.service.agent;

import dev.baton.service.agent.AgentConfig.ConfigurationException;
import dev.baton.service.cli.AgentRunner;
import dev.baton.service.cli.CommandFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An agent as a process: runs until it is told to end, then ends in order.
public final class AgentProcess implements AgentRunner {
  private static final Logger LOG = LoggerFactory.getLogger(AgentProcess.class);

  @Override
  public int run(Path configuration) {
    try {
      Agent agent = Agent.open(AgentConfig.read(configuration));
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
