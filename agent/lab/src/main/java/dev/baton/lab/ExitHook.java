package dev.baton.lab;

import org.slf4j.LoggerFactory;

/// Runs something when this process is told to end, as by an interrupt at the terminal, until it is
/// closed.
record ExitHook(Thread thread) implements AutoCloseable {
  static ExitHook of(Runnable action) {
    ExitHook hook = new ExitHook(new Thread(action, "at-exit"));
    Runtime.getRuntime().addShutdownHook(hook.thread());
    return hook;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException e) {
      LoggerFactory.getLogger(ExitHook.class).debug("it is running", e);
    }
  }
}
