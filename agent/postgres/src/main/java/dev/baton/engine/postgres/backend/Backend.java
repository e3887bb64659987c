package dev.baton.engine.postgres.backend;

import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.SecretBytes;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Map;

/// A connection to an instance, logged in and idle. Its pipeline ends with a `MessageDecoder`: who
/// takes it adds its own handler at the end **in the callback of the future that gave it**, so that
/// nothing the server sends falls between, and owns the channel from then on. Automatic reading is
/// on.
///
/// @param parameters what ParameterStatus reported, in the order of arrival
/// @param notices what the server said during login, at most [BackendHandshake#MAX_NOTICES]
public record Backend(
    Channel channel,
    String host,
    long epoch,
    int processId,
    SecretBytes cancelKey,
    Map<String, String> parameters,
    List<ErrorFields> notices) {}
