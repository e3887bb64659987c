package dev.baton.core.simulation;

import dev.baton.core.cluster.ServiceRecord;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.cluster.ServiceRecord.Phase;
import dev.baton.model.Durability;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What clients were told, and the promises that follow from it.
final class Ledger {
  private final Simulation simulation;
  private final Set<Long> acknowledged = new TreeSet<>();
  private final Map<Long, String> hostOfEpoch = new TreeMap<>();
  long lastAcknowledgedNanos;

  Ledger(Simulation simulation) {
    this.simulation = simulation;
  }

  int acknowledged() {
    return acknowledged.size();
  }

  /// Promise 2: one host acknowledges in an epoch. Promise 1, at once: the home has it.
  void acknowledge(long transaction, long epoch, String host) {
    acknowledged.add(transaction);
    simulation.progressed();
    lastAcknowledgedNanos = simulation.world.now();
    String other = hostOfEpoch.putIfAbsent(epoch, host);
    if (other != null && !other.equals(host)) {
      throw new Violation("in epoch %d both %s and %s acknowledged".formatted(epoch, other, host));
    }
    ServiceRecord record = simulation.coordination.record();
    if (record != null && record.phase() == Phase.OPEN) {
      present(transaction, record);
    }
  }

  /// Somebody was shown everything that is visible there.
  void shown(ModelInstance instance) {
    for (int i = Math.max(0, instance.covered() - 3); i < instance.covered(); i++) {
      long transaction = instance.all().get(i);
      if (transaction != 0 && simulation.durability == Durability.REPLICATION) {
        acknowledged.add(transaction);
      }
    }
  }

  void recordChanged(ServiceRecord before, ServiceRecord after) {
    if (after.epoch() < before.epoch()
        || (!after.home().equals(before.home()) && after.epoch() == before.epoch())) {
      throw new Violation("the epoch does not rise: %s then %s".formatted(before, after));
    }
    for (String member : after.membersIn(MemberState.IN_SYNC)) {
      if (!before.membersIn(MemberState.IN_SYNC).contains(member)) {
        joined(member, after);
      }
    }
  }

  private void joined(String member, ServiceRecord record) {
    ModelAgent agent = simulation.agent(member);
    if (agent != null && !simulation.instance(record.home()).hasBeginning(agent.wholeLog())) {
      throw new Violation(member + " is in sync with a log that is not the home's");
    }
  }

  void opened(ServiceRecord record) {
    acknowledged.forEach(transaction -> present(transaction, record));
  }

  private void present(long transaction, ServiceRecord record) {
    int count = simulation.instance(record.home()).count(transaction);
    if (count > 1 || (count == 0 && simulation.durability == Durability.REPLICATION)) {
      throw new Violation(
          "transaction %d is %s at home %s in epoch %d"
              .formatted(
                  transaction, count == 0 ? "lost" : "doubled", record.home(), record.epoch()));
    }
  }

  void doorOpened(String host) {
    for (String other : simulation.hosts) {
      ModelAgent agent = simulation.agent(other);
      if (!other.equals(host)
          && agent != null
          && agent.takesClients()
          && simulation.sabotage != Sabotage.KEEP_RECEIVING
          && simulation.instance(other).process != ModelInstance.Processes.DOWN) {
        throw new Violation("the doors of %s and %s are both open".formatted(host, other));
      }
    }
  }

  /// Promise 2, for reads too: nobody works at a host that another has taken over from.
  void works(String host, long epoch) {
    ServiceRecord record = simulation.coordination.record();
    if (record != null
        && !record.home().equals(host)
        && simulation.sabotage != Sabotage.KEEP_RECEIVING) {
      throw new Violation(
          "%s lets work through in epoch %d after %s took epoch %d"
              .formatted(host, epoch, record.home(), record.epoch()));
    }
  }

  /// A host says that no client is told anything by it any more.
  void shut(String host, boolean takesClients) {
    if (takesClients) {
      throw new Violation(host + " says that its door is shut, and it passes clients' work");
    }
  }

  /// A host says that nothing of it can write any more.
  void attested(String host, boolean takesClients) {
    if (takesClients || simulation.instance(host).process != ModelInstance.Processes.DOWN) {
      throw new Violation(host + " says that it is fenced, and its database lives");
    }
  }

  /// Acknowledged, and not there.
  Set<Long> missing() {
    ModelInstance home = simulation.instance(simulation.record().home());
    Set<Long> missing = new TreeSet<>(acknowledged);
    missing.removeIf(transaction -> home.count(transaction) > 0);
    return missing;
  }

  void atEnd() {
    ServiceRecord record = simulation.coordination.record();
    if (record == null) {
      throw new Violation("there is no record");
    }
    opened(record);
    ModelInstance home = simulation.instance(record.home());
    Set<Long> seen = new HashSet<>();
    for (long transaction : home.all()) {
      if (transaction != 0 && !seen.add(transaction)) {
        throw new Violation("transaction " + transaction + " is there twice");
      }
    }
    for (String member : record.membersIn(MemberState.IN_SYNC)) {
      if (!simulation.instance(member).isPrefixOf(home)) {
        throw new Violation(member + " differs from home " + record.home());
      }
    }
  }
}
