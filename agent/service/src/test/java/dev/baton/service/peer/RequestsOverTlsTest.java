package dev.baton.service.peer;

/// Requests on their way by TLS: bounds, breaks and resumption are the same.
class RequestsOverTlsTest extends RequestsTest {
  @Override
  Agents agents() {
    return new Agents(true);
  }
}
