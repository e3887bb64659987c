package dev.baton.engine.postgres.backend;

import dev.baton.engine.postgres.wire.ErrorFields;

/// The server answered with an error: to a login, or to a question.
public final class BackendRefused extends java.io.IOException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // never serialized; the fields are what the caller needs
  private final ErrorFields fields;

  public BackendRefused(ErrorFields fields) {
    super(fields.toString());
    this.fields = fields;
  }

  public ErrorFields fields() {
    return fields;
  }
}
