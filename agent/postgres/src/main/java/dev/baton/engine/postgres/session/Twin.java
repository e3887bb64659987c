package dev.baton.engine.postgres.session;

import dev.baton.core.route.RouteState;
import dev.baton.net.BackendConnector.Purpose;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A spare backend of the session on a standby, logged in with the session's start-up parameters:
/// it lives on when the standby is promoted, and saves the move a login. Until the standby has
/// become the home, it plans what the session uses, and nothing else is sent to it.
final class Twin {
  private static final long FIRST_RETRY_MILLIS = 200;
  private static final long MAX_RETRY_MILLIS = 30_000;

  private final FrontShared front;
  private final BackendSource backends;
  private final SessionClock clock;
  private @Nullable Spare spare;
  private @Nullable Wanted wanted;
  private SessionClock.@Nullable Timer timer;
  private long retryMillis = FIRST_RETRY_MILLIS;

  /// Where the twin is to be.
  private record Wanted(String host, long epoch) {}

  Twin(FrontShared front, BackendSource backends, SessionClock clock) {
    this.front = front;
    this.backends = backends;
    this.clock = clock;
  }

  boolean isReady() {
    Spare present = spare;
    return present != null && present.backend != null;
  }

  /// Keeps the spare where the route says.
  void follow(RouteState.Open open) {
    if (!front.settings().twins() || open.standbys().isEmpty()) {
      close();
      return;
    }
    Wanted place = new Wanted(open.standbys().getFirst(), open.epoch());
    Wanted before = wanted;
    if (before != null && before.host().equals(place.host()) && spare != null) {
      wanted = place;
      return;
    }
    close();
    wanted = place;
    retryMillis = FIRST_RETRY_MILLIS;
    open();
  }

  private void open() {
    Wanted place = wanted;
    if (place != null && spare == null) {
      Spare next = new Spare(place.host());
      spare = next;
      backends.open(place.host(), place.epoch(), Purpose.TWIN, next);
    }
  }

  /// The spare that is logged in on `host`, which from now on is the caller's; null when there is
  /// none.
  @Nullable Spare take(String host) {
    Spare present = spare;
    if (present == null || present.backend == null || !present.host.equals(host)) {
      return null;
    }
    spare = null;
    wanted = null;
    return present;
  }

  void close() {
    SessionClock.Timer pending = timer;
    timer = null;
    if (pending != null) {
      pending.cancel();
    }
    wanted = null;
    Spare present = spare;
    spare = null;
    if (present != null) {
      present.close();
    }
  }

  /// A transaction of the session ends; its requests are still there.
  void ends(SessionState state, OpenTransaction transaction, Segment last) {
    Spare present = spare;
    if (present != null && transaction.guarded()) {
      present.rehearse(state, transaction, last);
    }
  }

  private void gone(Spare lost) {
    if (spare == lost) {
      spare = null;
      timer = clock.after(retryMillis, this::open);
      retryMillis = Math.min(MAX_RETRY_MILLIS, retryMillis * 2);
    }
  }

  /// A connection that waits.
  final class Spare implements BackendSource.Listener {
    private final String host;
    private final Rehearsal rehearsal = new Rehearsal(clock);
    private @Nullable BackendPort backend;
    private BackendSource.@Nullable Listener heir;
    private boolean closed;

    private Spare(String host) {
      this.host = host;
    }

    /// Everything that it says from now on goes to `listener`, beginning with `opened`.
    void handOver(BackendSource.Listener listener) {
      BackendPort present = backend;
      if (present == null) {
        throw new IllegalStateException("handed over before it was logged in");
      }
      heir = listener;
      rehearsal.handOver(present);
      listener.opened(present);
    }

    private void rehearse(SessionState state, OpenTransaction transaction, Segment last) {
      BackendPort present = backend;
      if (present != null && rehearsal.isDue()) {
        rehearsal.rehearse(present, state, transaction, last);
      }
    }

    private void close() {
      closed = true;
      BackendPort present = backend;
      if (present != null) {
        present.close();
      }
    }

    @Override
    public void opened(BackendPort opened) {
      if (closed) {
        opened.close();
      } else {
        backend = opened;
        retryMillis = FIRST_RETRY_MILLIS;
      }
    }

    @Override
    public void refused(String why) {
      gone(this);
    }

    @Override
    public void message(ByteBuf message) {
      BackendSource.Listener next = heir;
      BackendPort present = backend;
      boolean rehearsed = present != null && rehearsal.takes(present, message);
      if (rehearsed || next == null) {
        // else a notice of the server to everyone; it is not this client's
        message.release();
      } else {
        next.message(message);
      }
    }

    @Override
    public void piece(byte type, ByteBuf piece, boolean first, boolean last) {
      BackendSource.Listener next = heir;
      if (rehearsal.isUnderWay() || next == null) {
        piece.release();
      } else {
        next.piece(type, piece, first, last);
      }
    }

    @Override
    public void readComplete() {
      BackendSource.Listener next = heir;
      if (next != null) {
        next.readComplete();
      }
    }

    @Override
    public void writable(boolean yes) {
      BackendSource.Listener next = heir;
      if (next != null) {
        next.writable(yes);
      }
    }

    @Override
    public void lost() {
      BackendSource.Listener next = heir;
      if (next == null) {
        gone(this);
      } else {
        next.lost();
      }
    }
  }
}
