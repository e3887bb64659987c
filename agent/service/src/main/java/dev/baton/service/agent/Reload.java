package dev.baton.service.agent;

import dev.baton.net.AccessPolicy;
import dev.baton.net.Front;
import dev.baton.service.agent.AgentConfig.ConfigurationException;
import dev.baton.service.audit.AuditEvent;
import dev.baton.service.config.ConfigKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the configuration anew while the agent runs. All of what can change without a restart
/// changes, or nothing does. Files that are named are read anew, too, so a renewed certificate or a
/// changed rule counts although no key has changed.
final class Reload {
  private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

  private final Map<String, Front> fronts;
  private final AgentConfig started;
  private final Map<String, AccessPolicy> inForce;
  private final Consumer<AuditEvent> audit;
  private final Operating operating;
  private AgentConfig.Loaded last;

  /// What takes new keys about who may do what.
  @FunctionalInterface
  interface Operating {
    /// @throws IOException when they cannot be used; then the ones before stay
    void reload(AgentConfig next) throws IOException;
  }

  /// @param fronts by service
  /// @param inForce by service, what the fronts were opened with
  /// @param operating of this agent
  /// @param audit told what came of each reading
  Reload(
      AgentConfig.Loaded started,
      Map<String, Front> fronts,
      Map<String, AccessPolicy> inForce,
      Operating operating,
      Consumer<AuditEvent> audit) {
    this.operating = operating;
    this.audit = audit;
    this.started = started.config();
    this.last = started;
    this.fronts = Map.copyOf(fronts);
    this.inForce = new LinkedHashMap<>(inForce);
  }

  /// @param problems why nothing has changed; empty when all could be used
  /// @param applied keys that have changed and count now
  /// @param waiting keys that have changed and count after a restart
  record Outcome(List<String> problems, List<String> applied, List<String> waiting) {}

  synchronized Outcome run() {
    Outcome outcome;
    try {
      outcome = apply(AgentConfig.load(last.file()));
    } catch (ConfigurationException e) {
      outcome = new Outcome(String.valueOf(e.getMessage()).lines().toList(), List.of(), List.of());
    }
    audit.accept(event(outcome));
    if (!outcome.problems().isEmpty()) {
      LOG.warn(
          "configuration not reloaded, the one before stays: {}",
          String.join("; ", outcome.problems()));
      return outcome;
    }
    LOG.info("configuration reloaded: applied={}", outcome.applied());
    if (!outcome.waiting().isEmpty()) {
      LOG.warn("configuration: these changes count after a restart: {}", outcome.waiting());
    }
    return outcome;
  }

  private AuditEvent event(Outcome outcome) {
    boolean refused = !outcome.problems().isEmpty();
    return AuditEvent.ofAgent(
        "SIGHUP",
        "reload",
        last.file().toString(),
        refused ? "refused" : "done",
        refused ? String.join("; ", outcome.problems()) : "applied " + outcome.applied());
  }

  private Outcome apply(AgentConfig.Loaded next) throws ConfigurationException {
    Map<String, AccessPolicy> wanted = new LinkedHashMap<>();
    List<AgentConfig.Service> services = next.config().services();
    for (int i = 0; i < services.size(); i++) {
      if (fronts.containsKey(services.get(i).name())) { // a new service comes with a restart
        wanted.put(services.get(i).name(), AccessPolicies.of(next, i));
      }
    }
    putInForce(wanted, next.config());
    List<String> applied = paths(AgentConfig.KEYS.changed(last.config(), next.config()), true);
    List<String> waiting = paths(AgentConfig.KEYS.changed(started, next.config()), false);
    last = next;
    return new Outcome(List.of(), applied, waiting);
  }

  private void putInForce(Map<String, AccessPolicy> wanted, AgentConfig next)
      throws ConfigurationException {
    List<String> done = new ArrayList<>();
    for (Map.Entry<String, AccessPolicy> policy : wanted.entrySet()) {
      try {
        Objects.requireNonNull(fronts.get(policy.getKey())).reload(policy.getValue());
        done.add(policy.getKey());
      } catch (IOException e) {
        done.forEach(this::takeBack);
        throw new ConfigurationException("service " + policy.getKey() + ": " + e.getMessage(), e);
      }
    }
    try {
      operating.reload(next);
    } catch (IOException e) {
      done.forEach(this::takeBack);
      throw new ConfigurationException(String.valueOf(e.getMessage()), e);
    }
    inForce.putAll(wanted);
  }

  private void takeBack(String service) {
    try {
      Objects.requireNonNull(fronts.get(service))
          .reload(Objects.requireNonNull(inForce.get(service)));
    } catch (IOException e) {
      LOG.error("service={}: its access policy of before cannot be had back: {}", service, e);
    }
  }

  private static List<String> paths(List<ConfigKeys.Key> keys, boolean live) {
    return keys.stream().filter(key -> key.live() == live).map(ConfigKeys.Key::path).toList();
  }
}
