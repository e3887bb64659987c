package dev.baton.service.audit;

/// Something to be written down. See [dev.baton.model.view.AuditView] for the fields.
public record AuditEvent(
    String actor,
    String role,
    String from,
    String action,
    String subject,
    String request,
    String result,
    String detail) {
  private static final int MAX_CHARS = 2_000;

  /// Texts that came from outside are cut here: a line has a bound.
  public AuditEvent {
    actor = cut(actor);
    from = cut(from);
    subject = cut(subject);
    request = cut(request);
    detail = cut(detail);
  }

  /// What an agent does by itself.
  public static AuditEvent ofAgent(
      String actor, String action, String subject, String result, String detail) {
    return new AuditEvent(actor, "agent", "", action, subject, "", result, detail);
  }

  private static String cut(String text) {
    return text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) + "…" : text;
  }
}
