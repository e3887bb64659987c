package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.MalformedMessage;
import dev.baton.engine.postgres.wire.StartupPacket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What to do with each packet that opens a connection. Pure; one for each connection. Follows
/// `ProcessStartupPacket` of the server, so that a client gets what a direct connection gives.
final class StartupNegotiation {
  /// Newest minor version of protocol 3 that is spoken here.
  static final int NEWEST_MINOR = 2;

  private static final String OPTION_PREFIX = "_pq_.";

  private final boolean tlsOffered;
  private boolean tlsActive;
  private boolean tlsAnswered;
  private boolean gssAnswered;

  StartupNegotiation(boolean tlsOffered) {
    this.tlsOffered = tlsOffered;
  }

  sealed interface Step {
    /// One byte, `N`; another packet follows.
    record AnswerNo() implements Step {}

    /// One byte, `S`, then the TLS handshake; another packet follows within it.
    record BeginTls() implements Step {}

    record Cancel(StartupPacket.CancelRequest request) implements Step {}

    /// Authentication follows.
    ///
    /// @param negotiate NegotiateProtocolVersion is to be sent first
    record Begin(
        int minor, boolean negotiate, List<String> unknownOptions, Map<String, String> parameters)
        implements Step {}

    record Refuse(ErrorFields error) implements Step {}

    /// The byte `N`, and behind it the error, as a server sends them.
    record AnswerNoAndRefuse(ErrorFields error) implements Step {}

    /// An error in the form of protocol 2, for clients from before protocol 3.
    record RefuseOldStyle(String message) implements Step {}

    /// As a server closes when it cannot even tell that this is its protocol.
    record CloseSilently(String reason) implements Step {}
  }

  /// The connection began with a TLS handshake.
  Step directTls() {
    if (!tlsOffered || tlsAnswered || gssAnswered) {
      return new Step.CloseSilently("TLS without a request, and none is offered");
    }
    startTls();
    return new Step.BeginTls();
  }

  /// @param moreBytes whether the client has sent more behind the packet. Behind a request for
  ///   encryption that was never encrypted, and taking it for a part of the encrypted stream would
  ///   let anybody on the way speak in the client's name (CVE-2021-23214). So it is refused, or
  ///   where TLS begins given to the handshake, in which only a handshake passes.
  Step step(StartupPacket packet, boolean moreBytes) {
    return switch (packet) {
      case StartupPacket.SslRequest() when !tlsAnswered -> {
        if (!tlsOffered && moreBytes) {
          yield new Step.AnswerNoAndRefuse(
              ErrorFields.fatal("08P01", "received unencrypted data after SSL request"));
        }
        tlsAnswered = true;
        if (!tlsOffered) {
          yield new Step.AnswerNo();
        }
        startTls();
        yield new Step.BeginTls();
      }
      case StartupPacket.GssEncRequest() when !gssAnswered -> {
        if (moreBytes) {
          yield new Step.AnswerNoAndRefuse(
              ErrorFields.fatal(
                  "08P01", "received unencrypted data after GSSAPI encryption request"));
        }
        gssAnswered = true;
        tlsAnswered = false;
        yield new Step.AnswerNo();
      }
      case StartupPacket.SslRequest() -> unsupported(StartupPacket.SSL_REQUEST);
      case StartupPacket.GssEncRequest() -> unsupported(StartupPacket.GSS_ENC_REQUEST);
      case StartupPacket.CancelRequest cancel -> new Step.Cancel(cancel);
      case StartupPacket.Startup startup -> begin(startup);
    };
  }

  boolean tlsActive() {
    return tlsActive;
  }

  private void startTls() {
    tlsActive = true;
    tlsAnswered = true;
    gssAnswered = true;
  }

  private static Step begin(StartupPacket.Startup startup) {
    if (startup.major() != 3) {
      return unsupported(startup.version());
    }
    Map<String, String> all;
    try {
      all = startup.parameters();
    } catch (MalformedMessage e) {
      return refuse("08P01", "invalid startup packet layout: expected terminator as last byte");
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    List<String> unknownOptions = new ArrayList<>();
    all.forEach(
        (name, value) -> {
          if (name.startsWith(OPTION_PREFIX)) {
            unknownOptions.add(name);
          } else {
            parameters.put(name, value);
          }
        });
    String replication = parameters.remove("replication");
    if (replication != null && !isOff(replication)) {
      return refuseReplication(replication);
    }
    String user = parameters.getOrDefault("user", "");
    if (user.isEmpty()) {
      return refuse("28000", "no PostgreSQL user name specified in startup packet");
    }
    if (parameters.getOrDefault("database", "").isEmpty()) {
      parameters.put("database", user);
    }
    boolean newer = startup.minor() > NEWEST_MINOR;
    return new Step.Begin(
        Math.min(startup.minor(), NEWEST_MINOR),
        newer || !unknownOptions.isEmpty(),
        List.copyOf(unknownOptions),
        java.util.Collections.unmodifiableMap(parameters));
  }

  private static Step refuseReplication(String value) {
    if (!value.equals("database") && !isOn(value)) {
      return refuse("22023", "invalid value for parameter \"replication\": \"" + value + "\"");
    }
    return new Step.Refuse(
        ErrorFields.fatal("0A000", "replication connections are not taken here")
            .withHint("Connect to the database's own port."));
  }

  /// A server takes any unambiguous beginning of these words.
  private static boolean isOn(String value) {
    String word = value.toLowerCase(Locale.ROOT);
    return word.equals("1")
        || isBeginning(word, "true", 1)
        || isBeginning(word, "yes", 1)
        || isBeginning(word, "on", 2);
  }

  private static boolean isOff(String value) {
    String word = value.toLowerCase(Locale.ROOT);
    return word.equals("0")
        || isBeginning(word, "false", 1)
        || isBeginning(word, "no", 1)
        || isBeginning(word, "off", 2);
  }

  private static boolean isBeginning(String word, String whole, int atLeast) {
    return word.length() >= atLeast && whole.startsWith(word);
  }

  private static Step unsupported(int version) {
    String message =
        "unsupported frontend protocol %d.%d: server supports 3.0 to 3.%d"
            .formatted(version >>> 16, version & 0xFFFF, NEWEST_MINOR);
    return version != 0 && version >>> 16 < 3
        ? new Step.RefuseOldStyle(message)
        : refuse("0A000", message);
  }

  private static Step refuse(String code, String message) {
    return new Step.Refuse(ErrorFields.fatal(code, message));
  }
}
