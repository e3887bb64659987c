package dev.baton.engine.postgres.instance;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Sends signals with kill(2) itself. `ProcessHandle` knows only SIGTERM (to PostgreSQL: wait for
/// all clients to leave) and SIGKILL, and starting a `kill` program takes longer than a whole
/// take-over may.
public final class Signals {
  public static final int INTERRUPT = 2;
  public static final int QUIT = 3;
  public static final int KILL = 9;
  public static final int CONTINUE = isMac() ? 19 : 18;
  public static final int STOP = isMac() ? 17 : 19;

  private static final MethodHandle KILL_CALL = link();

  private Signals() {}

  /// @return false when there is no such process, or it is not ours to signal
  /// @throws IllegalArgumentException for 0 and below, which kill(2) takes for whole groups
  public static boolean send(long processId, int signal) {
    if (processId <= 0 || processId > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("not the id of one process: " + processId);
    }
    try {
      return (int) KILL_CALL.invokeExact((int) processId, signal) == 0;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("kill(2) cannot be called", e);
    }
  }

  @SuppressWarnings("restricted") // the one native call of this package
  private static MethodHandle link() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("kill"),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }

  private static boolean isMac() {
    return System.getProperty("os.name").startsWith("Mac");
  }
}
