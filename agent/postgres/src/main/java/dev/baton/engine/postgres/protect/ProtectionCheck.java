package dev.baton.engine.postgres.protect;

import dev.baton.core.engine.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Judges whether an instance can be protected, and what will be otherwise then. Pure.
final class ProtectionCheck {
  private static final int OLDEST = 15;
  private static final int NEWEST = 18;

  private final InstanceFacts facts;
  private final HostFacts home;
  private final @Nullable HostFacts target;
  private final Set<String> batonsSettings;
  private final boolean tlsForClients;
  private final long logKeepBytes;

  /// @param batonsSettings names of the settings that Baton decides on
  /// @param tlsForClients whether the agent offers TLS
  /// @param logKeepBytes as configured
  ProtectionCheck(
      InstanceFacts facts,
      HostFacts home,
      @Nullable HostFacts target,
      Set<String> batonsSettings,
      boolean tlsForClients,
      long logKeepBytes) {
    this.facts = facts;
    this.home = home;
    this.target = target;
    this.batonsSettings = batonsSettings;
    this.tlsForClients = tlsForClients;
    this.logKeepBytes = logKeepBytes;
  }

  /// The gravest first.
  List<Finding> findings() {
    List<Finding> found = new ArrayList<>();
    found.addAll(versions());
    found.addAll(new SettingsCheck(facts, batonsSettings, tlsForClients).findings());
    found.addAll(new ReplicationCheck(facts, logKeepBytes).findings());
    found.addAll(new ContentCheck(facts, home, target).findings());
    found.addAll(access());
    return found.stream().sorted(Comparator.comparing(Finding::severity)).toList();
  }

  private List<Finding> versions() {
    List<Finding> found = new ArrayList<>();
    String version = "PostgreSQL " + facts.major();
    if (facts.major() < OLDEST) {
      found.add(
          Finding.blocks(
              "version",
              version,
              "servers before " + OLDEST + " do not copy in the way that a standby is seeded",
              "upgrade to " + OLDEST + " or later (pg_upgrade)"));
    } else if (facts.major() > NEWEST) {
      found.add(
          Finding.warns(
              "version",
              version,
              "Baton has been tried with " + OLDEST + " to " + NEWEST,
              "try it with a copy first"));
    } else {
      found.add(Finding.passes("version", version, "can be protected"));
    }
    found.addAll(programs(home));
    if (target != null) {
      found.addAll(programs(target));
    } else {
      found.add(
          Finding.warns(
              "the standby's host",
              "not given",
              "its disk, programs, libraries and C library were not looked at",
              "run 'baton protect --facts --config FILE' there and give its output by --target"));
    }
    return found;
  }

  private List<Finding> programs(HostFacts host) {
    String where = "host " + host.host();
    if (host.major() != facts.major()) {
      return List.of(
          Finding.blocks(
              "server programs",
              where,
              "those of the agent are " + host.version() + ", the instance is " + facts.major(),
              "name the folder of the same version's programs in services[].binaries"));
    }
    return List.of(Finding.passes("server programs", where, host.version()));
  }

  private List<Finding> access() {
    List<Finding> found = new ArrayList<>();
    for (String right : facts.missingRights()) {
      found.add(
          Finding.blocks(
              "the agents' role",
              "database postgres",
              right,
              "as a superuser run what 'baton protect --sql' prints"));
    }
    for (InstanceFacts.Password password : facts.passwords()) {
      if (password.kind().equals("md5")) {
        found.add(
            Finding.warns(
                "password",
                "role " + password.role(),
                "is stored as md5, by which no login passes through an agent",
                "SET password_encryption = 'scram-sha-256' and the password anew"));
      } else if (password.kind().equals("none")) {
        found.add(
            Finding.warns(
                "password",
                "role " + password.role(),
                "may log in but has none: it gets in by a rule without a password, or not at all",
                "set one, and name it in rolePasswordsFile where a rule of trust or cert is kept"));
      }
    }
    facts
        .rules()
        .forEach(
            rule ->
                found.add(Finding.warns("access rule", rule.where(), rule.found(), rule.remedy())));
    if (facts.rules().isEmpty()) {
      found.add(Finding.passes("access rules", "pg_hba.conf", "the agent can keep every one"));
    }
    found.add(
        Finding.warns(
            "restart",
            "port " + facts.value("port").orElse("?"),
            facts.clients()
                + " clients are connected; the server is stopped in order once, and started by the"
                + " agent, on the loopback address alone",
            "choose the time; clients connect to the agent's port from then on"));
    return found;
  }
}
