package dev.baton.service.peer;

/// Calls between agents that speak TLS.
class CallsOverTlsTest extends CallsTest {
  @Override
  Agents agents() {
    return new Agents(true);
  }
}
