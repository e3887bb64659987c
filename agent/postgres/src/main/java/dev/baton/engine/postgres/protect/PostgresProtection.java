package dev.baton.engine.postgres.protect;

import dev.baton.core.engine.Finding;
import dev.baton.engine.postgres.access.AccessImport;
import dev.baton.engine.postgres.instance.Adoption;
import dev.baton.engine.postgres.instance.ServerBinaries;
import dev.baton.engine.postgres.instance.ServerProcesses;
import dev.baton.engine.postgres.instance.Signals;
import dev.baton.model.Json;
import dev.baton.net.AccessPolicy;
import dev.baton.net.Engine.InstanceSettings;
import dev.baton.net.Protection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Taking over a PostgreSQL instance of this host that was made outside of Baton.
public final class PostgresProtection implements Protection {
  /// A fast shutdown writes what is in its buffers; killing it would be a crash, which empties
  /// unlogged tables.
  private static final Duration STOP_BOUND = Duration.ofMinutes(5);

  private final InstanceSettings settings;
  private final ServerBinaries binaries;
  private final AccessPolicy access;
  private final Adoption adoption;

  /// @param access what the agent has for TLS and for roles that prove no password
  public PostgresProtection(InstanceSettings settings, ServerBinaries binaries, AccessPolicy access)
      throws IOException {
    this.settings = settings;
    this.binaries = binaries;
    this.access = access;
    this.adoption = new Adoption(settings);
  }

  @Override
  public boolean isTakenOver() {
    return adoption.isTakenOver();
  }

  @Override
  public List<Finding> check(@Nullable String targetFacts) throws IOException {
    return new ProtectionCheck(
            facts(),
            hostFactsHere(),
            targetFacts == null ? null : target(targetFacts),
            adoption.settingNames(),
            access.tls() != null,
            settings.logKeepBytes())
        .findings();
  }

  private InstanceFacts facts() throws IOException {
    List<InstanceFacts.RuleProblem> problems =
        imported().changed().stream()
            .map(
                each ->
                    new InstanceFacts.RuleProblem(
                        each.origin(),
                        "'%s' cannot be kept: %s".formatted(each.rule(), each.why()),
                        each.instead().isEmpty()
                            ? "nothing, unless such clients are needed"
                            : "becomes '%s' until you write another one".formatted(each.instead())))
            .toList();
    return new FactsReader(settings, adoption.runningPort()).read(problems);
  }

  private AccessImport imported() throws IOException {
    Path file = adoption.accessRules();
    return AccessImport.of(AccessPolicy.Rule.of(file, Files.readAllLines(file)), access);
  }

  private static HostFacts target(String text) throws IOException {
    try {
      return Json.MAPPER.readValue(text, HostFacts.class);
    } catch (JacksonException e) {
      throw new IOException(
          "this is not what 'baton protect --facts' prints: " + e.getMessage(), e);
    }
  }

  private HostFacts hostFactsHere() throws IOException {
    return HostFacts.of(settings.host(), binaries, settings.dataDirectory());
  }

  @Override
  public String hostFacts() throws IOException {
    return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(hostFactsHere());
  }

  @Override
  public String roleScript() {
    return AgentRole.create(settings.adminUser(), settings.adminPassword());
  }

  @Override
  public List<String> takeOver(@Nullable Path rules) throws IOException {
    InstanceFacts facts = facts();
    AccessImport imported = imported();
    List<String> done = new ArrayList<>();
    if (rules != null && !Files.exists(rules)) {
      List<String> lines = new ArrayList<>();
      lines.add("# made of " + adoption.accessRules() + " by baton protect");
      lines.addAll(imported.lines());
      Files.write(rules, lines, StandardOpenOption.CREATE_NEW);
      done.add("access rules are in " + rules + ", changed: " + imported.changed().size());
    }
    adoption.takeOver(KeptSettings.of(facts));
    done.add("settings and access rules of before are kept in the data directory");
    stop();
    done.add("the server is stopped; the agent starts it on 127.0.0.1:" + settings.port());
    return done;
  }

  private void stop() throws IOException {
    OptionalLong main = ServerProcesses.main(settings.dataDirectory());
    if (main.isEmpty()) {
      return;
    }
    ProcessHandle process =
        ProcessHandle.of(main.getAsLong())
            .orElseThrow(() -> new IOException("the server ended by itself meanwhile"));
    if (!Signals.send(process.pid(), Signals.INTERRUPT)) {
      throw new IOException(
          "the server's process "
              + process.pid()
              + " is not ours to stop: run this as the agent's user");
    }
    try {
      process.onExit().get(STOP_BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "the server has not stopped within "
              + STOP_BOUND.toMinutes()
              + " minutes; it is still stopping, and everything else is done: start the agent when"
              + " it has",
          e);
    } catch (ExecutionException e) {
      throw new IOException("the server's end cannot be waited for", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the server stops", e);
    }
  }

  @Override
  public List<String> giveBack() throws IOException {
    adoption.requireStoppedPrimary();
    List<String> done = new ArrayList<>();
    // The role goes first: as long as it is there, all of this can be done again.
    adoption.runAlone(binaries, AgentRole.drop(settings.adminUser()));
    done.add("role " + settings.adminUser() + " and schema baton are dropped");
    adoption.giveBack();
    done.add("settings and access rules are as they were");
    return done;
  }
}
