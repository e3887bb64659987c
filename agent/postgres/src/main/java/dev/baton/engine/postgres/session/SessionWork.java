package dev.baton.engine.postgres.session;

import dev.baton.core.route.RequestLog.Ending;
import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.FrontendType;
import dev.baton.engine.postgres.wire.TransactionStatus;
import dev.baton.model.Durability;
import dev.baton.model.Stamp;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the client has under way: the segment that is not answered yet, its transaction, and how
/// the client believes to stand; and how each of them ends.
final class SessionWork implements FlightOwner {
  private final FrontShared front;
  private final long number;
  private final ClientPort client;
  private final SessionState state;
  private final ClientVoice voice;
  private final Answer unasked;
  private final SessionClock clock;
  private final ByteBufAllocator allocator;
  private final CommitGate gate;
  private final Supplier<RouteState> routes;
  private final Listener listener;
  private @Nullable Flight flight;
  private @Nullable OpenTransaction transaction;
  private TransactionStatus status = TransactionStatus.IDLE;
  private long requests;

  /// When the segment under way began; a move does not begin it anew.
  private long launchedNanos;

  /// What is more than this.
  interface Listener {
    /// Under durability `request` the client was told of a commit whose log the memory may not
    /// have.
    void acknowledged(OpenTransaction transaction, boolean wrapped);

    /// The segment under way is answered.
    void answered();

    /// A transaction is over; its requests, to the last of them, are still there.
    void ending(OpenTransaction transaction, Segment last);

    /// The commit under way is not sent, and its client is to be told so.
    void refused(ErrorFields error);

    /// A repeated answer differs from what the client was given.
    void diverged();
  }

  /// @param routes the route as the session has heard of it
  SessionWork(
      FrontShared front,
      long number,
      ClientVoice voice,
      Answer unasked,
      SessionClock clock,
      ByteBufAllocator allocator,
      Supplier<RouteState> routes,
      Listener listener) {
    this.front = front;
    this.number = number;
    this.client = voice.client();
    this.state = voice.state();
    this.voice = voice;
    this.unasked = unasked;
    this.clock = clock;
    this.allocator = allocator;
    this.gate = new CommitGate(front, clock, number);
    this.routes = routes;
    this.listener = listener;
  }

  @Nullable Flight flight() {
    return flight;
  }

  @Nullable OpenTransaction transaction() {
    return transaction;
  }

  TransactionStatus status() {
    return status;
  }

  void standsAs(TransactionStatus now) {
    status = now;
  }

  /// Requests of the client so far.
  long requests() {
    return requests;
  }

  void countRequest() {
    requests++;
    front.tallies().requests.incrementAndGet();
  }

  /// Begins a segment, and with it a transaction when there is none.
  ///
  /// @param type of its first message
  Flight launch(Dialogue present, byte type) {
    OpenTransaction open = transaction;
    if (open == null) {
      open = new OpenTransaction(requests + 1, guarded(), clock.nowNanos());
      transaction = open;
    }
    boolean simple = type == FrontendType.QUERY || type == FrontendType.FUNCTION_CALL;
    Segment segment = new Segment(simple, open.guarded());
    if (open.guarded() && gated()) {
      segment.given().keepRows();
    }
    launchedNanos = clock.nowNanos();
    Flight next = new Flight(this, present, segment, open, status);
    flight = next;
    return next;
  }

  /// With no standby there is nothing to move to, and requests are passed on as they come.
  boolean guarded() {
    return (routes.get() instanceof RouteState.Open open && !open.standbys().isEmpty())
        || routes.get() instanceof RouteState.Draining;
  }

  /// The backend is gone; nothing it says reaches the client any more.
  void abandonFlight() {
    Flight under = flight;
    if (under != null) {
      under.abandon();
      if (under.endRefused()) {
        return;
      }
      TransactionStatus told = under.told();
      if (told != null) {
        landed(under, told);
      }
    }
  }

  /// Sends the segment under way again, to the backend that serves now.
  void relaunch(Dialogue present) {
    Flight before = flight;
    OpenTransaction open = transaction;
    if (before != null && open != null) {
      before.discard();
      Flight next = new Flight(this, present, before.segment(), open, status);
      flight = next;
      next.repeat();
    }
  }

  /// The segment under way is answered, by a commit that is known to have succeeded.
  void settleCommitted() {
    Flight under = flight;
    if (under == null) {
      return;
    }
    under.giveCommitted();
    answered();
    drop(under);
    if (under.statements().chains()) {
      // the block that it began is gone with its server: the client's next request is told so
      status = TransactionStatus.IN_TRANSACTION;
      chain(Ending.COMMITTED).doom(false);
    } else {
      status = TransactionStatus.IDLE;
      endTransaction(Ending.COMMITTED);
    }
  }

  /// Ends the transaction and goes on with the one that the same request began.
  private OpenTransaction chain(Ending ending) {
    OpenTransaction before = transaction;
    long first = requests + 1;
    OpenTransaction next =
        before == null
            ? new OpenTransaction(first, guarded(), clock.nowNanos())
            : before.next(first, guarded(), clock.nowNanos());
    endTransaction(ending);
    transaction = next;
    return next;
  }

  /// The segment under way is answered with an error, and the client's transaction stands as
  /// `then`.
  ///
  /// @return false when the rest of the segment is still to come
  boolean settleFailed(ErrorFields error, TransactionStatus then) {
    Flight under = flight;
    if (under == null) {
      return true;
    }
    under.discard();
    under.giveError(error);
    boolean closed = under.segment().closed();
    if (closed) {
      voice.ready(then);
      answered();
    }
    status = then;
    drop(under);
    if (then == TransactionStatus.IDLE) {
      state.rolledBack();
      endTransaction(Ending.ROLLED_BACK);
    }
    return closed;
  }

  /// The client has the whole answer.
  private void answered() {
    front.tallies().latency.record(clock.nowNanos() - launchedNanos);
  }

  private void drop(Flight under) {
    flight = null;
    under.segment().release();
    listener.answered();
  }

  /// The session ends.
  void end() {
    Flight under = flight;
    boolean uncertain = under != null && under.commitSent();
    abandonFlight();
    if (under != null) {
      under.discard();
      drop(under);
    }
    OpenTransaction open = transaction;
    if (open != null) {
      endTransaction(uncertain && open.id() != 0 ? Ending.COMMITTED : Ending.ROLLED_BACK);
    }
  }

  void endTransaction(Ending ending) {
    endTransaction(ending, false);
  }

  /// @param kept its requests may be needed still
  private void endTransaction(Ending ending, boolean kept) {
    OpenTransaction open = transaction;
    transaction = null;
    if (open != null) {
      front.tallies().transactions.incrementAndGet();
      if (open.guarded()) {
        front.requestLog().ended(number, open.firstRequest(), ending);
      }
      if (!kept) {
        open.release();
      }
    }
  }

  // For its flights.

  @Override
  public SessionState state() {
    return state;
  }

  @Override
  public ClientPort client() {
    return client;
  }

  @Override
  public Answer unasked() {
    return unasked;
  }

  @Override
  public ByteBuf keep(Segment segment, ByteBuf message) {
    OpenTransaction open = transaction;
    long held = (open == null ? 0 : open.bytes()) + segment.bytes() + message.readableBytes();
    if (segment.whole() && held > front.settings().maxTransactionBytes()) {
      segment.forget();
      if (open != null) {
        open.notReplayable();
      }
    }
    return segment.whole() ? segment.keep(allocator, message) : message;
  }

  @Override
  public void stamp(OpenTransaction open, ByteBuffer request) {
    var log = front.requestLog();
    log.stamped(
        new Stamp(routes.get().epoch(), number, requests, log.position()),
        open.firstRequest(),
        request);
  }

  @Override
  public void identified(OpenTransaction open, long id) {
    open.identified(id);
    front.requestLog().identified(number, open.firstRequest(), id);
  }

  @Override
  public boolean gated() {
    return !state.settings().lowerDurability()
        && routes.get() instanceof RouteState.Open open
        && open.durability() == Durability.REQUEST;
  }

  @Override
  public void ends(OpenTransaction open) {
    if (!open.gated()) {
      open.ends(front.order().nextPlace());
    }
  }

  @Override
  public void passGate(
      OpenTransaction open, long answersDigest, BooleanSupplier wanted, Consumer<Boolean> then) {
    gate.pass(
        requests,
        answersDigest,
        wanted,
        passed -> {
          if (passed) {
            open.passedGate(front.order().nextPlace());
          }
          then.accept(passed);
        });
  }

  @Override
  public void gateRefused(Flight refused, ErrorFields error) {
    if (flight == refused) {
      listener.refused(error);
    }
  }

  @Override
  public void landed(Flight landed, TransactionStatus told) {
    if (flight != landed) {
      return;
    }
    answered();
    flight = null;
    status = told;
    listener.answered();
    OpenTransaction open = transaction;
    if (open != null && told != TransactionStatus.IDLE) {
      staysOpen(open, landed);
      return;
    }
    if (open != null) {
      listener.ending(open, landed.segment());
    }
    Ending ending = landed.ending();
    if (open != null && ending == Ending.COMMITTED && open.gated() && open.id() != 0) {
      open.answered(landed.segment());
      endTransaction(ending, open.replayable());
      if (open.replayable()) {
        listener.acknowledged(open, landed.wrapped());
      }
      return;
    }
    landed.segment().release();
    endTransaction(ending);
  }

  private void staysOpen(OpenTransaction open, Flight landed) {
    if (!landed.statements().endSeen()) {
      if (landed.statements().opaque()) {
        open.notReplayable();
      }
      open.answered(landed.segment());
      return;
    }
    // kept in one transaction, what is committed would be replayed, and be there twice
    landed.segment().release();
    OpenTransaction next = chain(landed.ending());
    if (landed.statements().writesAfterEnd()) {
      next.mayHaveWritten();
    }
  }

  @Override
  public void diverged(Flight diverged) {
    if (flight == diverged) {
      listener.diverged();
    }
  }
}
