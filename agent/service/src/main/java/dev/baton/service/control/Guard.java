package dev.baton.service.control;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who asks, and whether they may be listened to at all. What they may do is their role's matter.
final class Guard {
  /// Tells who the holder of the operator's token is, for the record; believed because the token
  /// is.
  static final String USER_HEADER = "baton-user";

  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final String BEARER = "bearer ";
  private static final int TOO_MANY = 429;

  private final boolean loopback;
  private final boolean secure;
  private final TokenBuckets requests;
  private final TokenBuckets wrongTokens;
  private final InstantSource clock;
  private volatile Credentials credentials;

  /// @param loopback listening on a loopback address: reading needs no token there, but the `Host`
  ///   header must name the loopback, since a page that lets its own name point to 127.0.0.1 reads
  ///   along otherwise
  /// @param secure TLS is on
  /// @param requests of an address
  /// @param wrongTokens that an address may show before it is told to wait. A right token counts
  ///   all the same: else whoever shares an address with an operator could shut them out, and
  ///   tokens are too long to be guessed at any rate
  Guard(
      boolean loopback,
      boolean secure,
      Credentials credentials,
      TokenBuckets requests,
      TokenBuckets wrongTokens,
      InstantSource clock) {
    this.loopback = loopback;
    this.secure = secure;
    this.credentials = credentials;
    this.requests = requests;
    this.wrongTokens = wrongTokens;
    this.clock = clock;
  }

  /// Counts for requests from now on.
  void believe(Credentials next) {
    credentials = next;
  }

  /// @throws Refused when the address sends too many
  void count(SocketAddress from) {
    if (!requests.take(from)) {
      throw tooMany("too many requests from this address", requests);
    }
  }

  /// @param certificate common name of the client's certificate; null when it showed none
  /// @throws Refused when they are not to be listened to
  Caller admit(
      Router.Resource resource,
      HttpHeaders headers,
      SocketAddress from,
      @Nullable String certificate) {
    String host = host(headers);
    if (resource.changes() || resource == Router.Resource.STREAM) {
      checkOrigin(headers, host);
    }
    String address = text(from);
    if (headers.contains(HttpHeaderNames.AUTHORIZATION) && !resource.open()) {
      return holder(headers, from, address);
    }
    if (certificate != null) {
      Role role = credentials.certificates().get(certificate);
      if (role != null) {
        return new Caller(certificate, role, address);
      }
      if (!resource.open()) {
        throw new Refused(
            403,
            "unknown certificate",
            "no role is given to the certificate of "
                + Text.printable(certificate)
                + "; add one to control.certificateRoles, or show a token");
      }
    }
    if (resource.open() || (loopback && resource.role() == Role.VIEWER)) {
      return new Caller("anyone", Role.VIEWER, address);
    }
    throw unauthorized("this needs a token in the header 'Authorization: Bearer …'");
  }

  private static String text(SocketAddress from) {
    return from instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : from.toString();
  }

  private String host(HttpHeaders headers) {
    if (headers.getAll(HttpHeaderNames.HOST).size() != 1) {
      throw Refused.malformed("exactly one Host header is needed");
    }
    String host = headers.get(HttpHeaderNames.HOST).toLowerCase(Locale.ROOT);
    if (loopback && !LOOPBACK_NAMES.contains(withoutPort(host))) {
      throw new Refused(
          421,
          "misdirected request",
          "this agent listens on the loopback address and answers to localhost, 127.0.0.1 and"
              + " [::1], not to "
              + Text.printable(host));
    }
    return host;
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }

  private void checkOrigin(HttpHeaders headers, String host) {
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    if (origin == null) {
      return; // not a page in a browser
    }
    String normal = Credentials.normal(origin);
    String own = (secure ? "https://" : "http://") + host;
    if (headers.getAll(HttpHeaderNames.ORIGIN).size() != 1
        || normal == null
        || !(normal.equals(own) || credentials.origins().contains(normal))) {
      throw new Refused(
          403,
          "foreign origin",
          "pages of "
              + Text.printable(origin)
              + " may not use this agent; add the origin to control.origins if they should");
    }
  }

  private Caller holder(HttpHeaders headers, SocketAddress from, String address) {
    String given = headers.get(HttpHeaderNames.AUTHORIZATION);
    if (headers.getAll(HttpHeaderNames.AUTHORIZATION).size() != 1
        || !given.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      throw unauthorized("the Authorization header must be one, and say 'Bearer', then the token");
    }
    Tokens.Token token =
        credentials.tokens().find(given.substring(BEARER.length()).strip()).orElse(null);
    if (token == null) {
      throw wrongTokens.take(from)
          ? new Refused(
              403,
              "wrong token",
              "the token is none of this agent's; tokens differ from cluster to cluster")
          : tooMany("too many wrong tokens from this address", wrongTokens);
    }
    Instant now = clock.instant();
    if (token.isOverAt(now)) {
      throw unauthorized(
          "the token of %s counted until %s; ask for a new one"
              .formatted(token.name(), token.until()));
    }
    String name = token.name();
    return new Caller(name == null ? user(headers) : name, token.role(), address);
  }

  private static String user(HttpHeaders headers) {
    String user = headers.get(USER_HEADER);
    if (user == null) {
      return "operator";
    }
    if (!Tokens.NAME.matcher(user).matches()) {
      throw Refused.malformed("header " + USER_HEADER + " must match " + Tokens.NAME);
    }
    return user;
  }

  private static Refused unauthorized(String detail) {
    return new Refused(
        401, "token needed", detail, Map.of("www-authenticate", "Bearer realm=\"baton\""));
  }

  private static Refused tooMany(String what, TokenBuckets of) {
    int seconds = of.retryAfterSeconds();
    return new Refused(
        TOO_MANY,
        "too many requests",
        what + "; come again in " + seconds + " s",
        Map.of("retry-after", Integer.toString(seconds)));
  }
}
