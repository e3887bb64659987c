package dev.baton.engine.postgres.protect;

import dev.baton.core.engine.Finding;
import java.util.ArrayList;
import java.util.List;

/// Other standbys, slots, archiving: what else lives on the instance's log.
final class ReplicationCheck {
  private final InstanceFacts facts;
  private final long logKeepBytes;
  private final List<Finding> found = new ArrayList<>();

  ReplicationCheck(InstanceFacts facts, long logKeepBytes) {
    this.facts = facts;
    this.logKeepBytes = logKeepBytes;
  }

  List<Finding> findings() {
    if (facts.inRecovery()) {
      found.add(
          Finding.blocks(
              "role",
              "this instance",
              "is a standby of another one",
              "protect the primary; its standby is made by Baton"));
    }
    for (InstanceFacts.Standby standby : facts.standbys()) {
      found.add(
          Finding.blocks(
              "another standby",
              standby.name() + " at " + standby.address(),
              "receives the log (" + standby.state() + "), and will not reach it any more",
              "end it; the service's standbys are made by Baton"));
    }
    for (InstanceFacts.Slot slot : facts.slots()) {
      slot(slot);
    }
    if (found.isEmpty()) {
      found.add(Finding.passes("replication", "this instance", "nobody else receives the log"));
    }
    archive();
    kept();
    return found;
  }

  private void kept() {
    long bytes = facts.value("wal_keep_size").map(Long::parseLong).orElse(0L) << 20;
    if (bytes > logKeepBytes) {
      found.add(
          Finding.warns(
              "wal_keep_size",
              (bytes >> 20) + " MiB",
              "becomes what the configuration says: %d MiB".formatted(logKeepBytes >> 20),
              "add logKeepBytes: " + bytes + " to the service"));
    }
  }

  private void slot(InstanceFacts.Slot slot) {
    if (slot.kind().equals("logical")) {
      found.add(
          Finding.blocks(
              "replication slot",
              slot.name(),
              "logical subscribers do not come through an agent, and slots stay behind at a move",
              "end the subscription and drop the slot, or do not protect this instance"));
    } else if (!slot.active()) {
      found.add(
          Finding.warns(
              "replication slot",
              slot.name(),
              "keeps log for a standby that is not there, until the disk is full",
              "SELECT pg_drop_replication_slot('%s')".formatted(slot.name().replace("'", "''"))));
    }
  }

  private void archive() {
    String mode = facts.value("archive_mode").orElse("off");
    String command =
        facts
            .value("archive_library")
            .filter(each -> !each.isEmpty())
            .orElse(facts.value("archive_command").orElse(""));
    if (mode.equals("off")) {
      found.add(Finding.passes("archive_mode", "off", "there is no archive to go on with"));
    } else {
      found.add(
          Finding.warns(
              "archive_mode",
              mode,
              "goes on at the new home after a move, with the same command: " + command,
              mode.equals("always")
                  ? "see that it works on the standby's host, and that two hosts may archive the"
                      + " same"
                  : "see that it works on the standby's host, to the same place"));
    }
  }
}
