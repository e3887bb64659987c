package dev.baton.service.agent;

import dev.baton.core.engine.Instance;
import dev.baton.model.LogPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The instance of a gateway: there is none. Its role never asks for anything.
final class NoInstance implements Instance {
  private static IOException none() {
    return new IOException("a gateway has no instance");
  }

  @Override
  public void initialize() throws IOException {
    throw none();
  }

  @Override
  public boolean exists() {
    return false;
  }

  @Override
  public LogPosition seed(long epoch, String home, IntConsumer progressPercent) throws IOException {
    throw none();
  }

  @Override
  public void start() throws IOException {
    throw none();
  }

  @Override
  public void stop(Duration bound) {}

  @Override
  public void kill() {}

  @Override
  public void promote(Duration bound) throws IOException {
    throw none();
  }

  @Override
  public void followRelay() throws IOException {
    throw none();
  }

  @Override
  public LogPosition requireAcknowledgement(Set<String> members) throws IOException {
    throw none();
  }

  @Override
  public LogPosition position() throws IOException {
    throw none();
  }

  @Override
  public LogPosition observedPosition() {
    return LogPosition.ZERO;
  }

  @Override
  public @Nullable LogPosition endOfLog() {
    return null;
  }

  @Override
  public State state() {
    return State.ABSENT;
  }

  @Override
  public @Nullable Identity identity() {
    return null;
  }

  @Override
  public void onGoing(Consumer<Going> listener) {}

  @Override
  public boolean goingDown() {
    return false;
  }

  @Override
  public void close() {}
}
