package dev.baton.net;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How a front treats its clients.
///
/// @param certificate PEM chain; null: no TLS is offered
/// @param privateKey PEM; null with `certificate`
/// @param maxMessageBytes messages up to this are passed whole
/// @param maxTransactionBytes requests kept of one open transaction; beyond it the session is not
///   movable
/// @param holdMillis longest time that a client is held before it gets an error
/// @param keepAliveMillis between two keep-alives to a held client that is owed an answer
/// @param twins whether spare backends are kept on a standby
/// @param maxClients connections beyond it are refused as the database would
public record FrontSettings(
    String service,
    String host,
    InetSocketAddress listen,
    @Nullable Path certificate,
    @Nullable Path privateKey,
    String adminUser,
    String adminPassword,
    int maxMessageBytes,
    long maxTransactionBytes,
    long holdMillis,
    long keepAliveMillis,
    long loginMillis,
    boolean twins,
    int maxClients) {}
