package dev.baton.service.monitor;

import dev.baton.core.engine.Instance;
import dev.baton.model.LogPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// A home whose log stands where a test says.
public class FakeInstance implements Instance {
  volatile long position;

  @Override
  public void initialize() {}

  @Override
  public boolean exists() {
    return true;
  }

  @Override
  public LogPosition seed(long epoch, String home, IntConsumer progressPercent) {
    return LogPosition.ZERO;
  }

  @Override
  public void start() throws IOException {}

  @Override
  public void stop(Duration bound) {}

  @Override
  public void kill() throws IOException {}

  @Override
  public void promote(Duration bound) {}

  @Override
  public void followRelay() {}

  @Override
  public LogPosition requireAcknowledgement(Set<String> members) {
    return LogPosition.ZERO;
  }

  @Override
  public LogPosition position() {
    return LogPosition.of(position);
  }

  @Override
  public LogPosition observedPosition() {
    return LogPosition.of(position);
  }

  @Override
  public @Nullable LogPosition endOfLog() {
    return null;
  }

  @Override
  public State state() {
    return State.PRIMARY;
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
