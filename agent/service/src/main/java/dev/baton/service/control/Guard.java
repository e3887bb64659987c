package dev.baton.service.control;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Who may ask what. Pure.
///
/// @param loopback listening on a loopback address: reading needs no token there, but the `Host`
///   header must name the loopback, since a page that lets its own name point to 127.0.0.1 reads
///   along otherwise
/// @param secure TLS is on
record Guard(OperatorToken token, boolean loopback, boolean secure, Set<String> origins) {
  /// Tells who the holder of the token is, for the history; believed because the token is.
  static final String USER_HEADER = "baton-user";

  private static final Pattern USER = Pattern.compile("[A-Za-z0-9._@+-]{1,64}");
  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final String BEARER = "bearer ";

  /// @param from network address of who asks
  /// @throws Refused when they may not
  Caller admit(Router.Resource resource, HttpHeaders headers, String from) {
    String host = host(headers);
    if (resource.changes() || resource == Router.Resource.STREAM) {
      checkOrigin(headers, host);
    }
    boolean needsToken = resource.changes() || !(loopback || resource.open());
    if (!needsToken) {
      return new Caller("anyone", "viewer", from);
    }
    checkToken(headers);
    String user = headers.get(USER_HEADER);
    if (user == null) {
      return new Caller("operator", "operator", from);
    }
    if (!USER.matcher(user).matches()) {
      throw Refused.malformed("header " + USER_HEADER + " must match " + USER);
    }
    return new Caller(user, "operator", from);
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
    String own = (secure ? "https://" : "http://") + host;
    if (headers.getAll(HttpHeaderNames.ORIGIN).size() != 1
        || !(origin.toLowerCase(Locale.ROOT).equals(own) || origins.contains(normal(origin)))) {
      throw new Refused(
          403,
          "foreign origin",
          "pages of "
              + Text.printable(origin)
              + " may not use this agent; add the origin to the control settings if they should");
    }
  }

  private static @Nullable String normal(String origin) {
    try {
      return new URI(origin).toString();
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private void checkToken(HttpHeaders headers) {
    String given = headers.get(HttpHeaderNames.AUTHORIZATION);
    if (given == null || headers.getAll(HttpHeaderNames.AUTHORIZATION).size() != 1) {
      throw unauthorized("this needs the operator's token in the header 'Authorization: Bearer …'");
    }
    if (!given.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      throw unauthorized("the Authorization header must say 'Bearer', then the operator's token");
    }
    if (!token.matches(given.substring(BEARER.length()).strip())) {
      throw new Refused(
          403,
          "wrong token",
          "the token is not the one in this agent's operator token file; tokens differ from"
              + " cluster to cluster");
    }
  }

  private static Refused unauthorized(String detail) {
    return new Refused(
        401, "token needed", detail, Map.of("www-authenticate", "Bearer realm=\"baton\""));
  }
}
