package dev.baton.engine.postgres.session;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What a driver can be made to do, each with a transcript of what it is told. Nothing in a
/// transcript depends on the moment or on the database.
final class DriverScripts {
  private DriverScripts() {}

  @FunctionalInterface
  interface Script {
    void run(DriverStage stage) throws Exception;
  }

  static SequencedMap<String, Script> all() {
    SequencedMap<String, Script> scripts = new LinkedHashMap<>();
    scripts.put("copy", StreamScripts::copy);
    scripts.put("large objects", StreamScripts::largeObjects);
    scripts.put("notifications", StreamScripts::notifications);
    scripts.put("cursors", QueryScripts::cursors);
    scripts.put("batches", QueryScripts::batches);
    scripts.put("autosave", TransactionScripts::autosave);
    for (String mode :
        List.of("simple", "extended", "extendedForPrepared", "extendedCacheEverything")) {
      scripts.put(
          "mode " + mode.toLowerCase(java.util.Locale.ROOT),
          stage -> QueryScripts.modes(stage, mode));
    }
    scripts.put("time out", SessionScripts::timeOut);
    scripts.put("out parameters", QueryScripts::outParameters);
    scripts.put("wide and large", StreamScripts::wideAndLarge);
    scripts.put("errors", SessionScripts::errors);
    scripts.put("notices", SessionScripts::notices);
    scripts.put("several statements", QueryScripts::severalStatements);
    scripts.put("transactions", TransactionScripts::transactions);
    scripts.put("prepared", QueryScripts::prepared);
    scripts.put("outside of blocks", TransactionScripts::outsideOfBlocks);
    scripts.put("settings", SessionScripts::settings);
    scripts.put("types", QueryScripts::types);
    scripts.put("metadata", QueryScripts::metadata);
    scripts.put("own backend", SessionScripts::ownBackend);
    scripts.put("time limits", SessionScripts::timeLimits);
    return scripts;
  }
}
