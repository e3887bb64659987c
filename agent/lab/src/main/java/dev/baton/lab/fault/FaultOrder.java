package dev.baton.lab.fault;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A fault to come, as it is written: `kill-database:a@10s`.
///
/// @param host null: the home of the first service at that time
/// @param atSeconds after the load has begun
public record FaultOrder(FaultKind kind, @Nullable String host, double atSeconds) {
  private static final Pattern FORM =
      Pattern.compile("([a-z-]+)(?::([a-z][a-z0-9-]*))?@(\\d+(?:\\.\\d+)?)s?");

  /// @throws IllegalArgumentException with the form that is wanted
  public static FaultOrder parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no fault: write NAME[:HOST]@SECONDSs, like kill-database@10s");
    }
    return new FaultOrder(
        FaultKind.parse(matcher.group(1)), matcher.group(2), Double.parseDouble(matcher.group(3)));
  }

  @Override
  public String toString() {
    return kind + (host == null ? "" : ":" + host) + "@" + atSeconds + "s";
  }
}
