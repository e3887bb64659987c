package dev.baton.engine.postgres.protect;

import dev.baton.core.engine.Finding;
import dev.baton.engine.postgres.protect.InstanceFacts.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Settings, and the files in which they stand.
final class SettingsCheck {
  private static final SortedMap<String, String> FILES =
      new TreeMap<>(
          Map.of(
              "config_file", "postgresql.conf",
              "hba_file", "pg_hba.conf",
              "ident_file", "pg_ident.conf"));
  private static final String OVERRIDES = "postgresql.auto.conf";

  /// What a server is told at its start by whoever starts it, and what does not outlive it.
  private static final Set<String> ORDINARY_ON_COMMAND_LINE = Set.of("data_directory", "port");

  private final InstanceFacts facts;
  private final Set<String> batonsSettings;
  private final boolean tlsForClients;
  private final List<Finding> found = new ArrayList<>();

  SettingsCheck(InstanceFacts facts, Set<String> batonsSettings, boolean tlsForClients) {
    this.facts = facts;
    this.batonsSettings = batonsSettings;
    this.tlsForClients = tlsForClients;
  }

  List<Finding> findings() {
    files();
    new TreeMap<>(facts.settings()).forEach(this::source);
    if (facts.value("synchronous_standby_names").filter(names -> !names.isEmpty()).isPresent()) {
      found.add(
          Finding.blocks(
              "synchronous_standby_names",
              "'" + facts.value("synchronous_standby_names").orElse("") + "'",
              "commits wait for a standby that Baton does not know",
              "take that standby out of use, or leave this instance to what manages it"));
    }
    durability();
    if (facts.isOn("ssl") && !tlsForClients) {
      found.add(
          Finding.warns(
              "ssl",
              facts.value("ssl_cert_file").orElse("?"),
              "clients' TLS ends at the agent, which has no certificate",
              "add clientTls to the service, with this certificate and key"));
    }
    if (facts.value("password_encryption").filter("md5"::equals).isPresent()) {
      found.add(
          Finding.warns(
              "password_encryption",
              "md5",
              "becomes scram-sha-256 while the instance is protected",
              "set passwords anew that are stored as md5"));
    }
    if (found.isEmpty()) {
      found.add(Finding.passes("settings", "postgresql.conf", "nothing stands in the way"));
    }
    return found;
  }

  private void files() {
    FILES.forEach(
        (name, usual) -> {
          String file = facts.value(name).orElse("");
          if (!file.equals(facts.dataDirectory() + "/" + usual)) {
            found.add(
                Finding.blocks(
                    name,
                    file,
                    "is not where it comes along to a standby: " + usual + " in the data directory",
                    "copy it to %s/%s, take data_directory and %s out of it, and start the server"
                            .formatted(
                                facts.dataDirectory(), usual, String.join(", ", FILES.keySet()))
                        + " with -D only"));
          }
        });
  }

  private boolean isInside(String file) {
    return file.startsWith(facts.dataDirectory() + "/");
  }

  private void source(String name, Setting setting) {
    if (setting.source().equals("command line") && !ORDINARY_ON_COMMAND_LINE.contains(name)) {
      found.add(
          Finding.warns(
              name,
              "command line of the server",
              "is '" + setting.value() + "' only because whoever starts the server says so",
              "put it into postgresql.conf if it is to stay"));
    } else if (setting.file().contains(OVERRIDES) && batonsSettings.contains(name)) {
      found.add(
          Finding.blocks(
              name,
              setting.file(),
              "was set by ALTER SYSTEM, which goes before what Baton has to set",
              "ALTER SYSTEM RESET " + name));
    } else if (!setting.file().isEmpty() && !isInside(setting.file())) {
      found.add(
          Finding.blocks(
              name,
              setting.file(),
              "stands in a file that does not come along to a standby",
              "put it into " + facts.dataDirectory() + "/postgresql.conf"));
    }
  }

  private void durability() {
    for (String name : List.of("fsync", "full_page_writes")) {
      if (facts.value(name).filter("off"::equals).isPresent()) {
        found.add(
            Finding.warns(
                name,
                "off",
                "a crash of the host can damage the data files, and a damaged home is no home",
                "set it on"));
      }
    }
    for (InstanceFacts.RoleSetting each : facts.roleSettings()) {
      if (each.name().equals("synchronous_commit")
          && Set.of("off", "local").contains(each.value())) {
        found.add(
            Finding.warns(
                "synchronous_commit",
                each.owner(),
                "is '" + each.value() + "': these sessions' last commits can be lost at a failover",
                "ALTER ROLE or ALTER DATABASE … RESET synchronous_commit"));
      }
    }
  }
}
