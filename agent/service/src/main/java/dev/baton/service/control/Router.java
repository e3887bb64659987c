package dev.baton.service.control;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds what a request line asks for. Pure.
final class Router {
  private static final int MAX_PARAMETERS = 32;

  private Router() {}

  @SuppressWarnings("ImmutableEnumChecker") // the set is never changed after it was made
  enum Resource {
    STATUS("/v1/status", HttpMethod.GET),
    SERVICES("/v1/services", HttpMethod.GET),
    HOSTS("/v1/hosts", HttpMethod.GET),
    SESSIONS("/v1/sessions", HttpMethod.GET, SessionFilter.PARAMETERS),
    DISCONNECT("/v1/sessions/{id}", HttpMethod.DELETE),
    POSITIONS("/v1/positions", HttpMethod.GET, "service"),
    MEMORY("/v1/memory", HttpMethod.GET, "service", "host"),
    MOVES("/v1/moves", HttpMethod.GET, "service", "limit"),
    START_MOVE("/v1/moves", HttpMethod.POST),
    MOVE("/v1/moves/{id}", HttpMethod.GET, "service"),
    ACKNOWLEDGE("/v1/moves/{id}/acknowledgement", HttpMethod.POST, "service"),
    HISTORY("/v1/history", HttpMethod.GET, "service", "limit"),
    MAKE_PLAN("/v1/plans", HttpMethod.POST),
    POLICIES("/v1/policies", HttpMethod.GET),
    CHANGE_POLICY("/v1/policies/{id}", HttpMethod.POST),
    MAINTENANCE("/v1/maintenance", HttpMethod.GET),
    ANNOUNCE("/v1/maintenance/{id}", HttpMethod.POST),
    DRILLS("/v1/drills", HttpMethod.GET, "service", "limit"),
    PLAN_DRILL("/v1/drills", HttpMethod.POST),
    DRILL("/v1/drills/{id}", HttpMethod.GET),
    DRILL_REPORT("/v1/drills/{id}/report", HttpMethod.GET),
    RUN_DRILL("/v1/drills/{id}/run", HttpMethod.POST),
    ABORT_DRILL("/v1/drills/{id}/abort", HttpMethod.POST),
    WHY("/v1/why", HttpMethod.GET, "service"),
    SERIES("/v1/history-series", HttpMethod.GET, "service", "name", "minutes"),
    AUDIT("/v1/audit", HttpMethod.GET, "host", "actor", "action", "limit"),
    CHECK_AUDIT("/v1/audit/check", HttpMethod.GET, "anchor"),
    OPENAPI("/v1/openapi", HttpMethod.GET),
    STREAM("/v1/stream", HttpMethod.GET, "after"),
    HEALTH("/health", HttpMethod.GET),
    PRIMARY("/primary", HttpMethod.GET, "service"),
    REPLICA("/replica", HttpMethod.GET, "service"),
    READ_ONLY("/read-only", HttpMethod.GET, "service"),
    METRICS("/metrics", HttpMethod.GET);

    private final String path;
    private final String method;
    private final Set<String> parameters;

    Resource(String path, HttpMethod method, String... parameters) {
      this.path = path;
      this.method = method.name();
      this.parameters = new TreeSet<>(Arrays.asList(parameters));
    }

    /// What it takes to be allowed it.
    Role role() {
      if (!changes()) {
        return Role.VIEWER;
      }
      return this == CHANGE_POLICY || this == RUN_DRILL ? Role.ADMIN : Role.OPERATOR;
    }

    /// True when it needs a token wherever it comes from.
    boolean changes() {
      return !method.equals("GET");
    }

    /// True when it is written down who asked for it. A plan by itself changes nothing.
    boolean audited() {
      return changes() && this != MAKE_PLAN && this != PLAN_DRILL;
    }

    String path() {
      return path;
    }

    String method() {
      return method;
    }

    /// Of the query, sorted.
    Set<String> parameters() {
      return parameters;
    }

    /// As it stands in the audit log.
    String action() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean takesBody() {
      return method.equals("POST");
    }

    /// True for what load balancers ask, which have no token.
    boolean open() {
      return this == HEALTH || this == PRIMARY || this == REPLICA || this == READ_ONLY;
    }

    private boolean takes(HttpMethod asked) {
      return method.equals(asked.name()) || (open() && asked.equals(HttpMethod.HEAD));
    }

    /// The `{id}`, or an empty text for a path without one; null when the path is another.
    private @Nullable String match(String asked) {
      int brace = path.indexOf('{');
      if (brace < 0) {
        return asked.equals(path) ? "" : null;
      }
      String after = path.substring(path.indexOf('}') + 1);
      boolean fits =
          asked.startsWith(path.substring(0, brace))
              && asked.endsWith(after)
              && asked.length() >= brace + after.length();
      String id = fits ? asked.substring(brace, asked.length() - after.length()) : "";
      return id.isEmpty() || id.indexOf('/') >= 0 ? null : id;
    }
  }

  /// @param id empty where the path has none
  /// @param query each parameter once
  record Target(Resource resource, String id, Map<String, String> query) {
    @Nullable String parameter(String name) {
      return query.get(name);
    }

    /// All by which one request differs from another.
    byte[] fingerprint(byte[] body) {
      byte[] line =
          (resource + "\n" + id + "\n" + new TreeMap<>(query) + "\n")
              .getBytes(StandardCharsets.UTF_8);
      byte[] all = Arrays.copyOf(line, line.length + body.length);
      System.arraycopy(body, 0, all, line.length, body.length);
      return all;
    }
  }

  static Target route(HttpMethod method, String uri) {
    QueryStringDecoder decoder = new QueryStringDecoder(uri, true);
    String path;
    Map<String, List<String>> parameters;
    try {
      path = decoder.path();
      parameters = decoder.parameters();
    } catch (IllegalArgumentException e) {
      throw Refused.malformed("the address is not properly percent-encoded: " + e.getMessage());
    }
    Set<String> allowed = new TreeSet<>();
    for (Resource resource : Resource.values()) {
      String id = resource.match(path);
      if (id != null) {
        if (resource.takes(method)) {
          return new Target(resource, id, single(resource, parameters));
        }
        allowed.add(resource.method);
      }
    }
    throw allowed.isEmpty() ? unknown(path) : notAllowed(method, path, allowed);
  }

  private static Map<String, String> single(
      Resource resource, Map<String, List<String>> parameters) {
    if (parameters.size() > MAX_PARAMETERS) {
      throw Refused.malformed("more than " + MAX_PARAMETERS + " query parameters");
    }
    Map<String, String> single = new LinkedHashMap<>();
    parameters.forEach(
        (name, values) -> {
          if (!resource.parameters.contains(name)) {
            throw Refused.malformed(
                "unknown query parameter '%s' of %s: %s"
                    .formatted(
                        Text.printable(name),
                        resource.path,
                        resource.parameters.isEmpty()
                            ? "it takes none"
                            : "it takes " + String.join(", ", resource.parameters)));
          }
          if (values.size() != 1) {
            throw Refused.malformed("query parameter '" + name + "' is given more than once");
          }
          single.put(name, values.getFirst());
        });
    return single;
  }

  private static Refused unknown(String path) {
    String known =
        Arrays.stream(Resource.values())
            .map(resource -> resource.path)
            .distinct()
            .collect(Collectors.joining(", "));
    return Refused.notFound("nothing is at " + Text.printable(path) + "; there are " + known);
  }

  private static Refused notAllowed(HttpMethod method, String path, Set<String> allowed) {
    String methods = String.join(", ", allowed);
    return new Refused(
        405,
        "method not allowed",
        Text.printable(path)
            + " does not take "
            + Text.printable(method.name())
            + ", but "
            + methods,
        Map.of("allow", methods));
  }
}
