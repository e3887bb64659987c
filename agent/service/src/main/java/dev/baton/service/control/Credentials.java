package dev.baton.service.control;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whom the control interface believes. Immutable; replaced as a whole when the configuration is
/// read anew.
///
/// @param certificates roles by the common names of clients' certificates
/// @param origins web origins, beside its own, whose pages may use the interface
record Credentials(Tokens tokens, Map<String, Role> certificates, Set<String> origins) {

  static Credentials of(ControlSettings settings) throws java.io.IOException {
    List<String> problems = new ArrayList<>();
    Map<String, Role> certificates = new HashMap<>();
    for (String line : settings.certificateRoles()) {
      int blank = line.indexOf(' ');
      Role role = blank < 0 ? null : Role.named(line.substring(0, blank)).orElse(null);
      if (role == null || line.substring(blank).isBlank()) {
        problems.add(
            "'%s': give a role and a common name, as 'operator alice'; roles are viewer, operator"
                    .formatted(line)
                + " and admin");
      } else if (certificates.put(line.substring(blank).strip(), role) != null) {
        problems.add("'" + line + "': this common name has a role already");
      }
    }
    Set<String> origins = new HashSet<>();
    for (String origin : settings.origins()) {
      String normal = normal(origin);
      if (normal == null) {
        problems.add("'" + origin + "' is no web origin; one looks like https://ops.example:8443");
      } else {
        origins.add(normal);
      }
    }
    if (!problems.isEmpty()) {
      throw new java.io.IOException(String.join("\n", problems));
    }
    return new Credentials(
        Tokens.read(settings.operatorTokenFile(), settings.tokensFile()),
        Map.copyOf(certificates),
        Set.copyOf(origins));
  }

  /// As a browser writes it; null when it is none.
  static @Nullable String normal(String origin) {
    try {
      URI uri = new URI(origin.toLowerCase(Locale.ROOT));
      boolean bare =
          (uri.getRawPath() == null || uri.getRawPath().isEmpty())
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null
              && uri.getRawUserInfo() == null;
      return uri.getScheme() != null && uri.getHost() != null && bare
          ? uri.getScheme() + "://" + uri.getRawAuthority()
          : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
