package dev.baton.service.control;

import dev.baton.model.Json;
import dev.baton.model.view.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/// One answer, apart from how it is sent.
///
/// @param body not changed after it was given
/// @param told what was done, for the audit log; empty where the request says it all
@SuppressWarnings("ArrayRecordComponent") // never compared
record Reply(
    int status, String contentType, byte[] body, Map<String, String> headers, String told) {
  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";

  static Reply json(int status, Object view) {
    return new Reply(status, JSON, Json.MAPPER.writeValueAsBytes(view), Map.of(), "");
  }

  /// What comes with the program.
  static Reply document(String resource) {
    try (InputStream in = Reply.class.getResourceAsStream(resource)) {
      return new Reply(200, JSON, Objects.requireNonNull(in).readAllBytes(), Map.of(), "");
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + resource, e);
    }
  }

  static Reply empty() {
    return new Reply(204, JSON, new byte[0], Map.of(), "");
  }

  static Reply text(String contentType, String text) {
    return new Reply(200, contentType, text.getBytes(StandardCharsets.UTF_8), Map.of(), "");
  }

  /// @param instance path of the request
  static Reply problem(Refused refused, String instance) {
    Problem problem =
        new Problem(
            "urn:baton:problem:" + refused.title().replace(' ', '-'),
            refused.title(),
            refused.status(),
            refused.detail(),
            instance);
    return new Reply(
        refused.status(), PROBLEM, Json.MAPPER.writeValueAsBytes(problem), refused.headers(), "");
  }

  Reply withHeader(String name, String value) {
    return new Reply(status, contentType, body, Map.of(name, value), told);
  }

  Reply telling(String what) {
    return new Reply(status, contentType, body, headers, what);
  }
}
