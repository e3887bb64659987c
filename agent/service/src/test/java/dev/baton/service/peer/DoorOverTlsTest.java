package dev.baton.service.peer;

/// The door, to which others come by TLS: what is cut is cut at once, and nothing that waits is
/// passed on.
class DoorOverTlsTest extends DoorTest {
  @Override
  Agents agents() {
    return new Agents(true);
  }
}
