package dev.baton.engine.postgres.session;

import io.netty.buffer.ByteBuf;

/// Tells the session what the backend that serves it says.
abstract class BackendEvents implements BackendSource.Listener {
  private final SessionCore session;

  BackendEvents(SessionCore session) {
    this.session = session;
  }

  @Override
  public final void message(ByteBuf message) {
    session.backendMessage(message);
  }

  @Override
  public final void piece(byte type, ByteBuf piece, boolean first, boolean last) {
    session.backendPiece(type, piece, first, last);
  }

  @Override
  public final void readComplete() {
    session.backendReadComplete();
  }

  @Override
  public final void writable(boolean yes) {
    session.backendWritable(yes);
  }

  @Override
  public final void lost() {
    session.backendLost();
  }
}
