package dev.baton.engine.postgres.session;

import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.session.Intake.Item;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.TransactionStatus;
import dev.baton.model.Movability;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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
  private final SessionState state = new SessionState();
  private final Intake intake = new Intake();
  private final ClientVoice voice;
  private final Answer unasked;
  private final SessionWork work;
  private final Uptake uptake;
  private final Relocation relocation;
  private final Stocktaking stocktaking;

  private @Nullable Dialogue dialogue;
  private @Nullable ErrorFields farewell;
  private RouteState route;
  private boolean backendWritable = true;
  private boolean clientWritable = true;
  private boolean reading = true;
  private boolean ended;

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
    this.route = front.route().state();
    this.voice = new ClientVoice(client, state);
    this.unasked = new Unasked(state, client);
    this.work =
        new SessionWork(
            front, number, voice, unasked, clock, allocator, () -> route, new WorkEvents());
    this.uptake = new Uptake(this, work, voice, intake);
    this.relocation = new Relocation(this, front, backends, clock);
    this.stocktaking = new Stocktaking(this, work, clock, front.settings().maxTransactionBytes());
  }

  private final class WorkEvents implements SessionWork.Listener {
    @Override
    public void acknowledged(OpenTransaction transaction, boolean wrapped) {
      relocation.acknowledged(transaction, wrapped);
    }

    @Override
    public void answered() {
      relocation.answered();
    }

    @Override
    public void ending(OpenTransaction transaction, Segment last) {
      relocation.ending(transaction, last);
    }

    @Override
    public void refused(ErrorFields error) {
      settleFailed(error, TransactionStatus.IDLE);
      client.flush();
    }

    @Override
    public void diverged() {
      relocation.diverged();
    }
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
    uptake.pump();
  }

  void clientPiece(byte type, ByteBuf piece, boolean first, boolean last) {
    intake.add(new Item(type, piece, false, first, last));
    uptake.pump();
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
      stocktaking.routeChanged(changed);
      uptake.pump();
      flush();
    }
  }

  void cancelRequested() {
    Dialogue present = dialogue;
    if (present == null) {
      relocation.cancelRequested();
      flush();
    } else if (work.flight() != null && relocation.isServing()) {
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
    stocktaking.leaveIfDraining(route);
    uptake.pump();
    stocktaking.askIfDue();
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
    work.abandonFlight();
  }

  @Nullable Flight flight() {
    return work.flight();
  }

  @Nullable OpenTransaction transaction() {
    return work.transaction();
  }

  SessionState state() {
    return state;
  }

  Answer unasked() {
    return unasked;
  }

  TransactionStatus status() {
    return work.status();
  }

  long number() {
    return number;
  }

  boolean ended() {
    return ended;
  }

  void identified(OpenTransaction open, long id) {
    work.identified(open, id);
  }

  /// True when the client waits for an answer and a keep-alive may stand before it.
  boolean owesAnswer() {
    Flight under = work.flight();
    return under == null ? intake.holdsRequest() : !under.statements().copyIn() && !under.torn();
  }

  /// Sends the segment under way again, to the backend that serves now.
  void relaunch() {
    Dialogue present = dialogue;
    if (present != null) {
      work.relaunch(present);
    }
  }

  /// The segment under way is answered, by a commit that is known to have succeeded.
  void settleCommitted() {
    work.settleCommitted();
  }

  /// The segment under way is answered with an error, and the client's transaction stands as
  /// `then`.
  void settleFailed(ErrorFields error, TransactionStatus then) {
    if (!work.settleFailed(error, then)) {
      uptake.refuseRest(then);
    }
  }

  void keepAlive() {
    voice.keepAlive();
  }

  void warn(ErrorFields warning) {
    voice.warn(warning);
  }

  /// From here on the client's requests go on.
  void pump() {
    uptake.pump();
  }

  /// True while requests may be passed on.
  boolean serves() {
    return !ended && relocation.isServing();
  }

  void close(@Nullable ErrorFields last) {
    if (ended) {
      return;
    }
    Flight under = work.flight();
    if (last != null && (under == null || !under.torn())) {
      voice.error(last);
    }
    end();
  }

  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    relocation.end();
    detach();
    work.end();
    intake.release();
    client.close();
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
    return work.requests();
  }

  Relocation relocation() {
    return relocation;
  }

  Stocktaking stocktaking() {
    return stocktaking;
  }

  String stateName() {
    if (dialogue == null) {
      return relocation.stateName();
    }
    return switch (work.status()) {
      case IDLE -> work.flight() == null ? "idle" : "active";
      case IN_TRANSACTION -> "in transaction";
      case FAILED -> "failed transaction";
    };
  }

  Movability movability() {
    OpenTransaction open = work.transaction();
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
    if (open != null && !open.guarded() && work.status() != TransactionStatus.IDLE) {
      return Movability.not(
          "its open transaction began when there was no standby", "end the transaction");
    }
    return state.movability();
  }
}
