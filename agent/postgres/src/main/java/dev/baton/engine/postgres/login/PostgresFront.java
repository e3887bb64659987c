package dev.baton.engine.postgres.login;

import dev.baton.core.route.Route;
import dev.baton.engine.postgres.access.AccessRules;
import dev.baton.model.view.SessionView;
import dev.baton.net.AccessPolicy;
import dev.baton.net.BackendConnector;
import dev.baton.net.ClientLatency;
import dev.baton.net.Front;
import dev.baton.net.FrontSettings;
import dev.baton.net.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listener for a service's clients: takes connections, logs them in, and hands them to their
/// sessions.
///
/// Connections that are not logged in are bounded by [AcceptGate]. Each of them ends or is logged
/// in within the login's time-out, or the hold's bound while the database is away.
public final class PostgresFront implements Front {
  private static final int BACKLOG = 4096;
  private static final Logger LOG = LoggerFactory.getLogger(PostgresFront.class);

  private final Transport transport;
  private final Channel listener;
  private final ChannelGroup clients;
  private final InstanceVerifiers verifiers;
  private final SessionFactory sessions;
  private final InForce login;

  /// Read by each connection when it comes.
  private static final class InForce {
    private volatile LoginSettings settings;

    InForce(LoginSettings settings) {
      this.settings = settings;
    }
  }

  private PostgresFront(
      Transport transport,
      Channel listener,
      ChannelGroup clients,
      InstanceVerifiers verifiers,
      SessionFactory sessions,
      InForce login) {
    this.transport = transport;
    this.listener = listener;
    this.clients = clients;
    this.verifiers = verifiers;
    this.sessions = sessions;
    this.login = login;
  }

  /// Listens at once.
  ///
  /// @param cancels where `sessions` registers its sessions
  /// @throws IOException when the address cannot be listened on or the certificate not be used
  public static PostgresFront listen(
      FrontSettings settings,
      Route route,
      Transport transport,
      BackendConnector connector,
      CancelRegistry cancels,
      SessionFactory sessions)
      throws IOException {
    ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    InstanceVerifiers verifiers =
        new InstanceVerifiers(settings, route, connector, transport.group().next());
    InForce login;
    try {
      login = new InForce(LoginSettings.of(settings, verifiers, cancels, sessions));
    } catch (IOException e) {
      verifiers.close();
      throw e;
    }
    ChannelFuture bound =
        new ServerBootstrap()
            .group(transport.group())
            .channel(transport.serverSocket())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .handler(new AcceptGate(settings.maxLoggingIn()))
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    clients.add(channel);
                    channel
                        .pipeline()
                        .addLast(StartupHandler.DECODER, new StartupDecoder(true))
                        .addLast("startup", new StartupHandler(login.settings));
                  }
                })
            .bind(settings.listen())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      verifiers.close();
      throw new IOException("cannot listen on " + settings.listen(), bound.cause());
    }
    LOG.info(
        "clients of {} are taken on {}, {}",
        settings.service(),
        bound.channel().localAddress(),
        offer(login.settings));
    return new PostgresFront(transport, bound.channel(), clients, verifiers, sessions, login);
  }

  /// What keeps a policy from being used: its rules, and the files that it names.
  public static List<String> problems(AccessPolicy access) {
    try {
      AccessRules.read(access);
      LoginSettings.Access.read(access);
      return List.of();
    } catch (AccessRules.InvalidRules e) {
      return e.problems();
    } catch (IOException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  @Override
  public List<SessionView> sessions() {
    return sessions.sessions();
  }

  @Override
  public Counters counters() {
    return sessions.counters();
  }

  @Override
  public ClientLatency latency() {
    return sessions.latency();
  }

  @Override
  public MoveTally tally(long epoch) {
    return sessions.tally(epoch);
  }

  @Override
  public synchronized void reload(AccessPolicy access) throws IOException {
    LoginSettings.Access read = LoginSettings.Access.read(access);
    LoginSettings now = login.settings.with(read);
    login.settings = now;
    LOG.info("clients of {} are taken {} from now on", now.front().service(), offer(now));
  }

  private static String offer(LoginSettings login) {
    return login.tls() == null ? "without TLS" : "with TLS";
  }

  @Override
  public boolean disconnect(String sessionId) {
    return sessions.disconnect(sessionId);
  }

  @Override
  public void close() {
    ChannelFuture closed = listener.close();
    sessions.close();
    clients.close();
    verifiers.close();
    boolean onLoop = false;
    for (EventExecutor loop : transport.group()) {
      onLoop |= loop.inEventLoop();
    }
    if (!onLoop) {
      // The port is free when this returns.
      closed.awaitUninterruptibly();
    }
  }
}
