package dev.baton.service.control;

import dev.baton.model.view.AcknowledgeRequest;
import dev.baton.model.view.DrillAbortRequest;
import dev.baton.model.view.DrillRequest;
import dev.baton.model.view.DrillRunRequest;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PolicyRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/// Reads what is posted. Strict, unlike the reading of views: a field that this agent does not know
/// could be the one that made the operator's wish harmless.
final class RequestBody {
  static final int MAX_BYTES = 64 * 1024;
  static final int MAX_DEPTH = 16;
  static final int MAX_COMMENT_CHARS = 1_000;

  private static final ObjectMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(4096)
                          .maxNameLength(128)
                          .maxNumberLength(32)
                          .maxDocumentLength(MAX_BYTES)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private RequestBody() {}

  static PlanRequest plan(byte[] body) {
    PlanRequest request = read(body, PlanRequest.class);
    require(request.service(), "service", "the name of the service to move");
    return request;
  }

  static MoveRequest move(byte[] body) {
    MoveRequest request = read(body, MoveRequest.class);
    require(request.plan(), "plan", "the id of a plan that POST /v1/plans has answered");
    return request;
  }

  static PolicyRequest policy(byte[] body) {
    return read(body, PolicyRequest.class);
  }

  static MaintenanceRequest maintenance(byte[] body) {
    return read(body, MaintenanceRequest.class);
  }

  @SuppressWarnings("ConstantValue") // a reader of JSON leaves out what is not there
  static DrillRequest drill(byte[] body) {
    DrillRequest request = read(body, DrillRequest.class);
    if (request.kind() == null) {
      throw Refused.malformed("body: key 'kind' is missing: what is to be done");
    }
    require(request.service(), "service", "the name of the service");
    return request;
  }

  static DrillRunRequest drillRun(byte[] body) {
    DrillRunRequest request = read(body, DrillRunRequest.class);
    require(request.confirmation(), "confirmation", "the name of the service, typed once more");
    return request;
  }

  /// Why it is broken off; may be empty.
  static String drillAbort(byte[] body) {
    return bounded("reason", read(body, DrillAbortRequest.class).reason());
  }

  static AcknowledgeRequest acknowledgement(byte[] body) {
    AcknowledgeRequest request = read(body, AcknowledgeRequest.class);
    return new AcknowledgeRequest(bounded("comment", request.comment()));
  }

  private static String bounded(String key, @Nullable String text) {
    String given = text == null ? "" : text;
    if (given.length() > MAX_COMMENT_CHARS) {
      throw Refused.malformed(
          "body: '%s' has more than %d characters".formatted(key, MAX_COMMENT_CHARS));
    }
    return given;
  }

  @SuppressWarnings("ConstantValue") // a reader of JSON leaves out what is not there
  private static void require(@Nullable String value, String key, String what) {
    if (value == null || value.isBlank()) {
      throw Refused.malformed("body: key '" + key + "' is missing: " + what);
    }
  }

  private static <T> T read(byte[] body, Class<T> type) {
    if (body.length == 0) {
      throw Refused.malformed("the body is empty: send JSON");
    }
    try {
      T value = STRICT.readValue(body, type);
      if (value == null) {
        throw Refused.malformed("the body is null: send a JSON object");
      }
      return value;
    } catch (JacksonException e) {
      String where =
          e.getLocation() == null || e.getLocation().getLineNr() < 1
              ? ""
              : " line %d column %d"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw Refused.malformed("body" + where + ": " + Text.printable(firstLine(e)));
    }
  }

  private static String firstLine(JacksonException e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "unknown key '"
          + unknown.getPropertyName()
          + "'; known are "
          + unknown.getKnownPropertyIds();
    }
    String message = String.valueOf(e.getOriginalMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
