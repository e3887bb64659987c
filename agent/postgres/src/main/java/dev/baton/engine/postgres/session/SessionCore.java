package dev.baton.engine.postgres.session;

import dev.baton.core.route.RequestLog.Ending;
import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.session.Intake.Item;
import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.FrontendType;
import dev.baton.engine.postgres.wire.TransactionStatus;
import dev.baton.model.Durability;
import dev.baton.model.Movability;
import dev.baton.model.Stamp;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// One client's session from its login to its end, without sockets: messages of client and backend
/// come in, and go out through ports. Confined to one event loop.
///
/// One segment is under way at a time. What the client sends beyond it waits, so that between two
/// segments the session can ask its own question, be held, or continue on another backend.
final class SessionCore {
  private final FrontShared front;
  private final long number;
  private final ClientPort client;
  private final SessionClock clock;
  private final ByteBufAllocator allocator;
  private final SessionState state = new SessionState();
  private final Intake intake = new Intake();
  private final Relocation relocation;
  private final Answer unasked = new Unasked();
  private final FlightOwner flightOwner = new FlightOwner();

  private @Nullable Dialogue dialogue;
  private @Nullable Flight flight;
  private @Nullable OpenTransaction transaction;
  private @Nullable Refusing refusing;
  private TransactionStatus status = TransactionStatus.IDLE;
  private @Nullable ErrorFields farewell;
  private RouteState route;
  private boolean backendWritable = true;
  private boolean clientWritable = true;
  private boolean reading = true;
  private boolean ended;
  private long requests;

  /// The rest of a segment that is answered with an error is dropped up to its end.
  ///
  /// @param error null when the client was told already
  private record Refusing(@Nullable ErrorFields error, TransactionStatus then) {}

  SessionCore(
      FrontShared front,
      long number,
      ClientPort client,
      BackendSource backends,
      SessionClock clock,
      ByteBufAllocator allocator) {
    this.front = front;
    this.number = number;
    this.client = client;
    this.clock = clock;
    this.allocator = allocator;
    this.route = front.route().state();
    this.relocation = new Relocation(this, front, backends, clock);
  }

  // What the shell tells.

  /// The first backend, logged in; the client has been told.
  void begin(BackendPort backend) {
    backend.parameters().forEach(state::reported);
    serve(new Dialogue(backend));
    relocation.routeChanged(route);
    flush();
  }

  void clientMessage(ByteBuf message) {
    intake.add(Item.of(message));
    pump();
  }

  void clientPiece(byte type, ByteBuf piece, boolean first, boolean last) {
    intake.add(new Item(type, piece, false, first, last));
    pump();
  }

  void clientReadComplete() {
    flush();
    regulate();
  }

  void clientWritable(boolean yes) {
    clientWritable = yes;
    Dialogue present = dialogue;
    if (present != null) {
      present.backend().reading(yes);
    }
  }

  void backendWritable(boolean yes) {
    backendWritable = yes;
    regulate();
  }

  /// The client went away.
  void clientGone() {
    end();
  }

  void routeChanged(RouteState changed) {
    route = changed;
    if (!ended) {
      relocation.routeChanged(changed);
      pump();
      flush();
    }
  }

  void cancelRequested() {
    Dialogue present = dialogue;
    if (present == null) {
      relocation.cancelRequested();
      flush();
    } else if (flight != null && relocation.isServing()) {
      present.backend().cancel();
    }
  }

  /// As an administrator's command would.
  void disconnect() {
    close(Refusals.byAdministrator());
  }

  void backendMessage(ByteBuf message) {
    Dialogue present = dialogue;
    if (present == null) {
      message.release();
      return;
    }
    if (message.getByte(message.readerIndex()) == BackendType.ERROR_RESPONSE) {
      ErrorFields error = ErrorFields.read(message);
      if (error.isFatal()) {
        message.release();
        farewell = error;
        return;
      }
    }
    present.received(message, unasked);
  }

  void backendPiece(byte type, ByteBuf piece, boolean first, boolean last) {
    Dialogue present = dialogue;
    if (present == null) {
      piece.release();
    } else {
      present.received(type, piece, first, last, unasked);
    }
  }

  void backendReadComplete() {
    pump();
    flush();
    regulate();
  }

  void backendLost() {
    ErrorFields last = farewell;
    farewell = null;
    Dialogue present = dialogue;
    if (present != null && !ended) {
      detach();
      relocation.backendLost(relocation.epochOf(present), last);
      flush();
    }
  }

  // The client's requests.

  void pump() {
    Item item;
    while (!ended && relocation.isServing() && (item = intake.peek()) != null && take(item)) {
      // one message after the other, as far as they may go
    }
  }

  /// @return false when it must wait
  private boolean take(Item item) {
    Dialogue present = dialogue;
    if (present == null) {
      return false;
    }
    if (refusing != null) {
      refuse(intake.take());
      return true;
    }
    Flight under = flight;
    if (under == null) {
      return takeFirst(present, item);
    }
    if (under.paused() || (!under.inPieces() && !under.accepts(item.type()))) {
      return false;
    }
    offer(under, intake.take());
    return true;
  }

  private boolean takeFirst(Dialogue present, Item item) {
    return switch (item.type()) {
      case FrontendType.TERMINATE -> {
        present.write(intake.take().bytes());
        flush();
        end();
        yield false;
      }
      case FrontendType.COPY_DATA, FrontendType.COPY_DONE, FrontendType.COPY_FAIL -> {
        // the rest of a copy that failed; a server drops it too
        intake.take().bytes().release();
        yield true;
      }
      default -> beginSegment(present, item);
    };
  }

  private boolean beginSegment(Dialogue present, Item item) {
    if (status == TransactionStatus.IDLE && !relocation.mayBegin()) {
      return false;
    }
    OpenTransaction open = transaction;
    if (open != null && open.untold()) {
      return tell(open);
    }
    offer(launch(present, item.type()), intake.take());
    return true;
  }

  private void offer(Flight under, Item item) {
    if (item.endsSegment() || item.type() == FrontendType.FLUSH) {
      requests++;
      front.tallies().requests.incrementAndGet();
    }
    if (item.whole()) {
      under.offer(item.bytes());
    } else {
      under.offerPiece(item.type(), item.bytes(), item.first(), item.last());
    }
  }

  private Flight launch(Dialogue present, byte type) {
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
    Flight next = new Flight(flightOwner, present, segment, open, status);
    flight = next;
    return next;
  }

  /// With no standby there is nothing to move to, and requests are passed on as they come.
  private boolean guarded() {
    return (route instanceof RouteState.Open open && !open.standbys().isEmpty())
        || route instanceof RouteState.Draining;
  }

  /// The client does not know yet that its transaction is rolled back: it is told at its next
  /// request, unless that is the ROLLBACK anyway.
  private boolean tell(OpenTransaction open) {
    if (!intake.holdsRequest()) {
      return false;
    }
    StatementKind leading = Statements.leading(intake.beginning(), state, open);
    open.told();
    status = TransactionStatus.FAILED;
    if (leading == StatementKind.ROLLBACK) {
      return true;
    }
    boolean ends = leading == StatementKind.COMMIT;
    refusing =
        new Refusing(
            Refusals.serializationFailure(),
            ends ? TransactionStatus.IDLE : TransactionStatus.FAILED);
    relocation.countSerializationFailure();
    return true;
  }

  private void refuse(Item item) {
    Refusing present = refusing;
    item.bytes().release();
    if (present == null || (!item.endsSegment() && item.type() != FrontendType.FLUSH)) {
      return;
    }
    ErrorFields error = present.error();
    if (error != null) {
      give(error);
      refusing = new Refusing(null, present.then());
    }
    if (item.endsSegment()) {
      refusing = null;
      giveReady(present.then());
      if (present.then() == TransactionStatus.IDLE && transaction != null) {
        rollBackBackend();
      }
    }
  }

  private void rollBackBackend() {
    Dialogue present = dialogue;
    if (present != null) {
      present.write(OwnMessages.rollback(false));
      present.owe(new Swallowed(unasked, (_, _, _) -> {}));
    }
    status = TransactionStatus.IDLE;
    endTransaction(Ending.ROLLED_BACK);
  }

  // For the relocation.

  void serve(Dialogue next) {
    dialogue = next;
    backendWritable = true;
    next.backend().reading(clientWritable);
  }

  @Nullable Dialogue dialogue() {
    return dialogue;
  }

  /// Takes the backend away; nothing it says reaches the client any more.
  void detach() {
    Dialogue present = dialogue;
    dialogue = null;
    if (present != null) {
      present.backend().close();
    }
    Flight under = flight;
    if (under != null) {
      under.abandon();
      TransactionStatus told = under.told();
      if (told != null) {
        flightOwner.landed(under, told);
      }
    }
  }

  @Nullable Flight flight() {
    return flight;
  }

  @Nullable OpenTransaction transaction() {
    return transaction;
  }

  SessionState state() {
    return state;
  }

  Answer unasked() {
    return unasked;
  }

  TransactionStatus status() {
    return status;
  }

  long number() {
    return number;
  }

  boolean ended() {
    return ended;
  }

  void identified(OpenTransaction open, long id) {
    flightOwner.identified(open, id);
  }

  /// True when the client waits for an answer and a keep-alive may stand before it.
  boolean owesAnswer() {
    Flight under = flight;
    return under == null ? intake.holdsRequest() : !under.copyIn() && !under.torn();
  }

  /// Sends the segment under way again, to the backend that serves now.
  void relaunch() {
    Flight before = flight;
    Dialogue present = dialogue;
    OpenTransaction open = transaction;
    if (before != null && present != null && open != null) {
      before.discard();
      Flight next = new Flight(flightOwner, present, before.segment(), open, status);
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
    drop(under);
    if (under.chains()) {
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
  void settleFailed(ErrorFields error, TransactionStatus then) {
    Flight under = flight;
    if (under == null) {
      return;
    }
    under.discard();
    under.giveError(error);
    if (under.segment().closed()) {
      giveReady(then);
    } else {
      refusing = new Refusing(null, then);
    }
    status = then;
    drop(under);
    if (then == TransactionStatus.IDLE) {
      state.rolledBack();
      endTransaction(Ending.ROLLED_BACK);
    }
  }

  private void drop(Flight under) {
    flight = null;
    under.segment().release();
  }

  void give(ErrorFields error) {
    ByteBuf out = Unpooled.buffer(128);
    error.writeError(out);
    client.write(out);
  }

  private void giveReady(TransactionStatus then) {
    ByteBuf out = Unpooled.buffer(6);
    BackendMessages.readyForQuery(out, then);
    client.write(out);
  }

  void keepAlive() {
    String name = state.reportedValue("application_name");
    if (name != null) {
      ByteBuf out = Unpooled.buffer(32);
      BackendMessages.parameterStatus(out, "application_name", name);
      client.write(out);
      client.flush();
    }
  }

  void close(@Nullable ErrorFields last) {
    if (ended) {
      return;
    }
    Flight under = flight;
    if (last != null && (under == null || !under.torn())) {
      give(last);
    }
    end();
  }

  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    relocation.end();
    Flight under = flight;
    boolean uncertain = under != null && under.commitSent();
    detach();
    if (under != null) {
      under.discard();
      drop(under);
    }
    OpenTransaction open = transaction;
    if (open != null) {
      endTransaction(uncertain && open.id() != 0 ? Ending.COMMITTED : Ending.ROLLED_BACK);
    }
    intake.release();
    client.close();
  }

  private void endTransaction(Ending ending) {
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

  void flush() {
    Dialogue present = dialogue;
    if (present != null) {
      present.flush();
    }
    client.flush();
  }

  private void regulate() {
    boolean full = intake.bytes() > (reading ? Intake.HIGH_BYTES : Intake.LOW_BYTES);
    boolean wanted = !full && backendWritable;
    if (wanted != reading) {
      reading = wanted;
      client.reading(wanted);
    }
  }

  // Views.

  long requests() {
    return requests;
  }

  String stateName() {
    if (dialogue == null) {
      return relocation.stateName();
    }
    return switch (status) {
      case IDLE -> flight == null ? "idle" : "active";
      case IN_TRANSACTION -> "in transaction";
      case FAILED -> "failed transaction";
    };
  }

  Movability movability() {
    OpenTransaction open = transaction;
    if (open != null && open.chained() && open.guarded() && !open.doomed()) {
      return Movability.not(
          "its open transaction was begun by the request that ended the one before",
          "end the transaction");
    }
    if (open != null && open.guarded() && !open.replayable() && !open.doomed()) {
      return Movability.not(
          "the requests of its open transaction have more than "
              + front.settings().maxTransactionBytes()
              + " bytes and are no longer held",
          "use smaller transactions, or raise maxTransactionBytes");
    }
    if (open != null && !open.guarded() && status != TransactionStatus.IDLE) {
      return Movability.not(
          "its open transaction began when there was no standby", "end the transaction");
    }
    return state.movability();
  }

  Relocation relocation() {
    return relocation;
  }

  private boolean gated() {
    return !state.lowerDurability()
        && route instanceof RouteState.Open open
        && open.durability() == Durability.REQUEST;
  }

  private final class FlightOwner implements Flight.Owner {
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
          new Stamp(route.epoch(), number, requests, log.position()), open.firstRequest(), request);
    }

    @Override
    public void identified(OpenTransaction open, long id) {
      open.identified(id);
      front.requestLog().identified(number, open.firstRequest(), id);
    }

    @Override
    public boolean gated() {
      return SessionCore.this.gated();
    }

    @Override
    public CompletionStage<Void> acknowledged(OpenTransaction open, long answersDigest) {
      return front.requestLog().acknowledged(number, requests, answersDigest);
    }

    @Override
    public void passedGate(OpenTransaction open) {
      open.passedGate(front.order().nextGate());
    }

    @Override
    public void execute(Runnable task) {
      clock.execute(task);
    }

    @Override
    public void landed(Flight landed, TransactionStatus told) {
      if (flight != landed) {
        return;
      }
      flight = null;
      status = told;
      OpenTransaction open = transaction;
      if (open != null && told != TransactionStatus.IDLE) {
        staysOpen(open, landed);
        return;
      }
      Ending ending = landed.ending();
      if (open != null && ending == Ending.COMMITTED && open.gate() != 0 && open.id() != 0) {
        open.answered(landed.segment());
        endTransaction(ending, open.replayable());
        if (open.replayable()) {
          relocation.acknowledged(open, landed.wrapped());
        }
        return;
      }
      landed.segment().release();
      endTransaction(ending);
    }

    private void staysOpen(OpenTransaction open, Flight landed) {
      if (!landed.endedBlock()) {
        if (landed.opaque()) {
          open.notReplayable();
        }
        open.answered(landed.segment());
        return;
      }
      // kept in one transaction, what is committed would be replayed, and be there twice
      landed.segment().release();
      OpenTransaction next = chain(landed.ending());
      if (landed.writesAfterEnd()) {
        next.mayHaveWritten();
      }
    }

    @Override
    public void diverged(Flight diverged) {
      if (flight == diverged) {
        relocation.diverged();
      }
    }
  }

  /// What a server says without having been asked.
  private final class Unasked implements Answer {
    @Override
    public void message(byte type, ByteBuf message) {
      switch (type) {
        case BackendType.PARAMETER_STATUS -> {
          BackendMessages.ParameterStatus told = BackendMessages.readParameterStatus(message);
          if (told.value().equals(state.reportedValue(told.name()))) {
            message.release();
          } else {
            state.reported(told.name(), told.value());
            client.write(message);
          }
        }
        case BackendType.NOTICE_RESPONSE,
            BackendType.NOTIFICATION_RESPONSE,
            BackendType.ERROR_RESPONSE ->
            client.write(message);
        default -> message.release();
      }
    }

    @Override
    public boolean ready(TransactionStatus ready, ByteBuf message) {
      message.release();
      return true;
    }
  }
}
