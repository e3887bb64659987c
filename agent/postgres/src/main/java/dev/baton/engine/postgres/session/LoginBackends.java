package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.login.BackendLogin;
import dev.baton.engine.postgres.login.LoggedInClient;
import dev.baton.net.BackendConnector.Purpose;
import io.netty.channel.EventLoop;

/// Opens backends with what a client's login left behind.
record LoginBackends(EventLoop loop, BackendLogin login, LoggedInClient client)
    implements BackendSource {
  @Override
  public void open(String host, long epoch, Purpose purpose, Listener listener) {
    login
        .open(loop, purpose, host, epoch, client.parameters(), client.credential())
        .whenComplete(
            (backend, failure) -> {
              if (failure != null) {
                listener.refused(String.valueOf(failure.getMessage()));
                return;
              }
              BackendChannel port = new BackendChannel(backend, login, listener);
              backend.channel().pipeline().addLast(port);
              listener.opened(port);
            });
  }
}
