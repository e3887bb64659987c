package dev.baton.model;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/// The one way in which agent and console write and read JSON.
public final class Json {
  /// Immutable and safe for every thread. Unknown fields are passed over, so that a newer agent can
  /// talk to an older console; times are ISO 8601.
  public static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private Json() {}
}
