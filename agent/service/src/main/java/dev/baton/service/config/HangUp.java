package dev.baton.service.config;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The signal SIGHUP, by which a server is told to read its configuration anew. The class that
/// takes signals is no part of the Java platform's interface, so it is looked up, and where there
/// is none the configuration is read at a restart alone.
public final class HangUp {
  private static final Logger LOG = LoggerFactory.getLogger(HangUp.class);

  private HangUp() {}

  /// @param action runs on a thread of its own at each signal
  public static void on(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object taker =
          Proxy.newProxyInstance(
              HangUp.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, _) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      action.run();
                      yield null;
                    }
                    case "equals" -> false; // there is one, and nobody compares it
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "configuration reload";
                  });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), taker);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.warn("SIGHUP is not taken here, so the configuration is read at a start only: {}", e);
    }
  }
}
