package dev.baton.service.control;

import java.util.Map;

/// A request that is not met, for a reason that the caller can act on. Goes out as RFC 9457 problem
/// details.
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String title;
  private final String detail;
  private final transient Map<String, String> headers;

  /// @param status HTTP status, 400 to 599
  /// @param title what kind of refusal, short, the same for each of its kind
  /// @param detail what, where, and what to do about it
  public Refused(int status, String title, String detail) {
    this(status, title, detail, Map.of());
  }

  /// @param headers that HTTP wants along with the status
  Refused(int status, String title, String detail, Map<String, String> headers) {
    super(status + " " + title + ": " + detail, null, false, false);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.headers = headers;
  }

  public static Refused malformed(String detail) {
    return new Refused(400, "malformed request", detail);
  }

  public static Refused notFound(String detail) {
    return new Refused(404, "not found", detail);
  }

  /// The plan that was reviewed is no longer what would happen.
  public static Refused changed(String detail) {
    return new Refused(409, "plan changed", detail);
  }

  /// A guardrail blocks, or another move runs.
  public static Refused blocked(String detail) {
    return new Refused(409, "blocked", detail);
  }

  /// The confirmation is missing or is not what the plan asks for.
  public static Refused unconfirmed(String detail) {
    return new Refused(422, "not confirmed", detail);
  }

  /// They are who they say, and may not do this.
  static Refused forbidden(String detail) {
    return new Refused(403, "role too low", detail);
  }

  /// Whom it takes to answer cannot be reached now.
  public static Refused unavailable(String detail) {
    return new Refused(503, "not available now", detail);
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  public String detail() {
    return detail;
  }

  Map<String, String> headers() {
    return headers;
  }
}
