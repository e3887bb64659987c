package dev.baton.net;

import dev.baton.core.engine.Harm;
import dev.baton.core.engine.Instance;
import dev.baton.core.engine.LogRelay;
import dev.baton.core.engine.LogSource;
import dev.baton.core.engine.Probe;
import dev.baton.core.memory.Memory;
import dev.baton.core.route.RequestLog;
import dev.baton.core.route.Route;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A kind of database, found by `ServiceLoader` under its name. Makes the parts of one service on
/// one host.
public interface Engine {
  /// As it stands in a configuration: `postgresql`.
  String name();

  /// @param binaries directory of the server's programs; null: those that come with Baton
  Instance instance(
      InstanceSettings settings,
      @Nullable Path binaries,
      Transport transport,
      BackendConnector connector)
      throws IOException;

  /// Does harm to the instance of these settings, on purpose.
  Harm harm(InstanceSettings settings);

  /// Asks the instance of these settings how much it has to do.
  Probe probe(InstanceSettings settings);

  /// What a standby's side of replication needs, for one memory.
  ///
  /// @param memoryLoop the thread to which memory, log source and relay are confined
  Replication replication(
      InstanceSettings settings, Memory memory, EventLoop memoryLoop, BackendConnector connector);

  /// What a command needs to take an existing instance over and to give it back.
  ///
  /// @param binaries as for [#instance]
  /// @param access who is to come in; its rules do not count
  Protection protection(InstanceSettings settings, @Nullable Path binaries, AccessPolicy access)
      throws IOException;

  /// What is wrong with a policy: a rule that this engine does not know or that could not work.
  /// Each text names the rule's origin and says what to do. Empty when it can be used.
  List<String> problems(AccessPolicy access);

  /// Folders of the server's programs that this system has, the newest version first.
  List<Path> installed();

  /// Looks at what an instance needs on this host; changes nothing.
  ///
  /// @param binaries as for [#instance]
  /// @return what is there, as a sentence
  /// @throws IOException saying what is wrong
  String inspect(@Nullable Path binaries, Path dataDirectory) throws IOException;

  /// Listens for clients at once; those who come while the route is held wait.
  Front front(
      FrontSettings settings,
      Route route,
      RequestLog requestLog,
      Transport transport,
      BackendConnector connector)
      throws IOException;

  /// Log source and relay of one memory; they know of each other.
  interface Replication {
    LogSource source();

    /// Listens at once on the loopback address. Not to be called on an event loop.
    LogRelay relay(Transport transport) throws IOException;
  }

  /// @param service name of the service
  /// @param host name of this host
  /// @param port of the local instance on the loopback address
  /// @param relayPort where the local instance finds the relay
  /// @param adminUser role with which agents administer the instance
  /// @param logKeepBytes of a home's log, at least, for standbys that are away
  record InstanceSettings(
      String service,
      String host,
      Path dataDirectory,
      int port,
      int relayPort,
      String adminUser,
      String adminPassword,
      long logKeepBytes) {
    /// As long as nothing else is configured.
    public static final long LOG_KEEP_BYTES = 512L << 20;
  }
}
