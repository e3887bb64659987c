package dev.baton.service.audit;

import dev.baton.model.Json;
import dev.baton.model.view.AuditCheckView;
import dev.baton.model.view.AuditView;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Follows the lines of an audit log from the oldest to the newest, and stops at the first that
/// does not follow from the one before. The hash is of the line's bytes as they stand in the file,
/// without the line end, so `sha256sum` is all that it takes to check one by hand. Pure.
final class AuditChain {
  static final String NOTHING_BEFORE = "0".repeat(64);

  /// A line that was seen before, and must be there still.
  record Anchor(long number, String hash) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}):([0-9a-f]{64})");

    /// @throws IllegalArgumentException when it is none; the message says how one looks
    static Anchor of(String text) {
      var parts = FORM.matcher(text);
      if (!parts.matches()) {
        throw new IllegalArgumentException(
            "an anchor is the number of a line, a colon and its SHA-256, as 'baton audit --verify'"
                + " has printed it");
      }
      return new Anchor(Long.parseLong(parts.group(1)), parts.group(2));
    }
  }

  private final @Nullable Anchor anchor;
  private boolean anchored;
  private long lines;
  private long first;
  private long last;
  private String head = NOTHING_BEFORE;
  private @Nullable String problem;

  AuditChain(@Nullable Anchor anchor) {
    this.anchor = anchor;
  }

  /// @return the entry of a line that follows; empty when it does not, or none before it did
  Optional<AuditView> accept(String line) {
    if (problem != null) {
      return Optional.empty();
    }
    AuditView entry;
    try {
      entry = Json.MAPPER.readValue(line, AuditView.class);
    } catch (JacksonException e) {
      return broken("line " + (last + 1) + " is not an entry");
    }
    boolean oldest = lines == 0;
    boolean next = oldest ? entry.number() >= 1 : entry.number() == last + 1;
    if (!next) {
      return broken("line " + (last + 1) + " is missing: after it comes " + entry.number());
    }
    // Older files may have been put away: then the first line that is left says what came before.
    boolean follows =
        (oldest && entry.number() > 1)
            ? entry.previous().length() == NOTHING_BEFORE.length()
            : entry.previous().equals(head);
    if (!follows) {
      return broken(
          "line %d does not follow from the one before it: one of both was changed"
              .formatted(entry.number()));
    }
    lines++;
    first = oldest ? entry.number() : first;
    last = entry.number();
    head = hash(line);
    if (anchor != null && anchor.number() == last) {
      anchored = true;
      if (!anchor.hash().equals(head)) {
        return broken("line " + last + " is not the one that was there before");
      }
    }
    return Optional.of(entry);
  }

  private Optional<AuditView> broken(String what) {
    problem = what;
    return Optional.empty();
  }

  /// What was found, at the end of the lines.
  AuditCheckView found(String host, Instant now) {
    String found = problem;
    if (found == null && anchor != null && !anchored) {
      found =
          anchor.number() < first
              ? "line %d is older than the oldest that is kept, %d"
                  .formatted(anchor.number(), first)
              : "line %d is gone: the log ends with %d".formatted(anchor.number(), last);
    }
    return new AuditCheckView(host, found == null, lines, first, last, head, found, now);
  }

  long last() {
    return last;
  }

  String head() {
    return head;
  }

  @Nullable String problem() {
    return problem;
  }

  static String hash(String line) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(line.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
