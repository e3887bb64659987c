package dev.baton.net;

import java.net.InetSocketAddress;

/// How a front treats its clients.
///
/// @param access who may come in when the front opens
/// @param maxMessageBytes messages up to this are passed whole
/// @param maxTransactionBytes requests kept of one open transaction; beyond it the session is not
///   movable
/// @param holdMillis longest time that a client is held before it gets an error
/// @param keepAliveMillis between two keep-alives to a held client that is owed an answer
/// @param twins whether spare backends are kept on a standby
/// @param loginMillis a client's time for its part of the login
/// @param maxLoggingIn connections that may be before the end of their login at one time
/// @param maxClients connections beyond it are refused as the database would
public record FrontSettings(
    String service,
    String host,
    InetSocketAddress listen,
    AccessPolicy access,
    String adminUser,
    String adminPassword,
    int maxMessageBytes,
    long maxTransactionBytes,
    long holdMillis,
    long keepAliveMillis,
    long loginMillis,
    boolean twins,
    int maxLoggingIn,
    int maxClients) {}
