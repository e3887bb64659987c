package dev.baton.engine.postgres.protect;

import dev.baton.core.engine.Finding;
import dev.baton.engine.postgres.protect.InstanceFacts.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What is in the databases, and whether it would be the same on another host.
final class ContentCheck {
  private static final List<String> PRELOADS =
      List.of("shared_preload_libraries", "session_preload_libraries", "local_preload_libraries");
  private static final long SPARE_BYTES = 1L << 30;
  private static final long OLD_SECONDS = 600;

  private final InstanceFacts facts;
  private final HostFacts home;
  private final @Nullable HostFacts target;
  private final List<Finding> found = new ArrayList<>();

  ContentCheck(InstanceFacts facts, HostFacts home, @Nullable HostFacts target) {
    this.facts = facts;
    this.home = home;
    this.target = target;
  }

  List<Finding> findings() {
    for (InstanceFacts.Tablespace each : facts.tablespaces()) {
      found.add(
          Finding.blocks(
              "tablespace",
              each.name(),
              "lies in " + each.location() + ", which is not copied",
              "move its tables and indexes back (ALTER TABLE … SET TABLESPACE pg_default), drop"
                  + " it"));
    }
    facts.databases().forEach(this::database);
    for (InstanceFacts.Prepared each : facts.prepared()) {
      if (each.ageSeconds() > OLD_SECONDS) {
        found.add(
            Finding.warns(
                "prepared transaction",
                "'" + each.id() + "' in " + each.database(),
                "has been open for " + each.ageSeconds() + " s; it comes along to a standby",
                "COMMIT PREPARED or ROLLBACK PREPARED, if nobody does"));
      }
    }
    libraries(home);
    HostFacts other = target;
    if (other != null) {
      libraries(other);
      collations(other);
      room(other);
    }
    return found;
  }

  private void database(Database database) {
    if (database.unlogged() > 0) {
      found.add(
          Finding.warns(
              "unlogged tables",
              "database " + database.name(),
              database.unlogged() + " are empty after a move",
              "ALTER TABLE … SET LOGGED for what must not be lost"));
    }
    for (String collation : database.stale()) {
      found.add(
          Finding.warns(
              "collation",
              "%s in database %s".formatted(collation, database.name()),
              "was made with another version of its library: indexes on it may be wrong already",
              "REINDEX what uses it, then ALTER COLLATION or DATABASE … REFRESH VERSION"));
    }
  }

  private void libraries(HostFacts host) {
    SortedMap<String, SortedSet<String>> missing = new TreeMap<>();
    for (Database database : facts.databases()) {
      for (String library : database.libraries()) {
        if (!host.libraries().contains(library)) {
          missing
              .computeIfAbsent(library, name -> new TreeSet<>())
              .add("database " + database.name());
        }
      }
    }
    for (String preload : PRELOADS) {
      for (String library : facts.value(preload).orElse("").split("[, \"]+")) {
        if (!library.isEmpty() && !host.libraries().contains(library)) {
          missing.computeIfAbsent(library, name -> new TreeSet<>()).add(preload);
        }
      }
    }
    missing.forEach(
        (library, users) ->
            found.add(
                Finding.blocks(
                    "shared library",
                    "host " + host.host(),
                    "%s is not there, used by %s".formatted(library, String.join(", ", users)),
                    "install the extension's package for PostgreSQL "
                        + facts.major()
                        + " there, or drop the extension")));
    if (missing.isEmpty()) {
      found.add(Finding.passes("shared libraries", "host " + host.host(), "all are there"));
    }
  }

  private void collations(HostFacts other) {
    if (other.cLibrary().equals(home.cLibrary())) {
      found.add(Finding.passes("C library", "host " + other.host(), "is the same"));
      return;
    }
    List<String> dependent =
        facts.databases().stream().filter(Database::dependsOnCLibrary).map(Database::name).toList();
    if (dependent.isEmpty()) {
      found.add(
          Finding.passes(
              "C library", "host " + other.host(), "differs, and nothing depends on it"));
    } else {
      found.add(
          Finding.blocks(
              "collation",
              "databases " + String.join(", ", dependent),
              "texts are ordered by the C library, which is %s here and %s on host %s: indexes are"
                      .formatted(home.cLibrary(), other.cLibrary(), other.host())
                  + " wrong there",
              "use the same release of the operating system on both hosts"));
    }
  }

  private void room(HostFacts other) {
    long needed = facts.bytes() + facts.bytes() / 5 + SPARE_BYTES;
    String has =
        "%,d MiB are free, the databases have %,d MiB"
            .formatted(other.freeBytes() >> 20, facts.bytes() >> 20);
    if (other.freeBytes() < needed) {
      found.add(
          Finding.blocks(
              "disk",
              "host " + other.host(),
              has,
              "make room for %,d MiB: the databases, a fifth more, and the log"
                  .formatted(needed >> 20)));
    } else {
      found.add(Finding.passes("disk", "host " + other.host(), has));
    }
    if (other.holdsData()) {
      found.add(
          Finding.warns(
              "data directory",
              "host " + other.host(),
              "holds a database already: it is put aside, not deleted",
              "move it away yourself if it needs the room"));
    }
  }
}
