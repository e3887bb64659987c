package dev.baton.engine.postgres.login;

import dev.baton.model.view.SessionView;
import dev.baton.net.ClientLatency;
import dev.baton.net.Front;
import java.util.List;

/// What a front does with clients that are logged in.
public interface SessionFactory extends AutoCloseable {
  /// Begins the session of a client and owns its channel from now on. Called on the channel's event
  /// loop: the session adds its handler at the end of the pipeline **before it returns**, since the
  /// next message may follow at once. It opens its first backend through [BackendLogin], waiting
  /// within the hold's bound while the route is held, and passes on what the server answers to a
  /// login that it refuses.
  void open(LoggedInClient client);

  /// From any thread.
  List<SessionView> sessions();

  /// From any thread; `clients` counts sessions.
  Front.Counters counters();

  ClientLatency latency();

  /// From any thread.
  Front.MoveTally tally(long epoch);

  /// From any thread.
  boolean disconnect(String sessionId);

  /// Ends every session. From any thread.
  @Override
  void close();
}
