package dev.baton.lab.load;

import java.util.List;
import java.util.Properties;

/// What kind of application a client is: how its driver speaks, and whether it writes at all.
///
/// @param queryMode of the driver: with the simple query protocol, with the extended one, or both
public record ClientProfile(int number, String queryMode, boolean readOnly) {
  private static final List<String> MODES =
      List.of("extended", "simple", "extendedForPrepared", "extendedCacheEverything");
  private static final int READER_EVERY = 4;

  /// Every fourth client only reads; all ways to speak occur among the others.
  static ClientProfile of(int number) {
    return new ClientProfile(
        number,
        MODES.get(Math.floorMod(number, MODES.size())),
        number % READER_EVERY == READER_EVERY - 1);
  }

  Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("preferQueryMode", queryMode);
    properties.setProperty("ApplicationName", "ledger-" + number);
    properties.setProperty("sslmode", "disable");
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("socketTimeout", "90");
    return properties;
  }
}
