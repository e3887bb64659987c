package dev.baton.engine.postgres.access;

import dev.baton.engine.postgres.access.RuleFields.Word;
import dev.baton.net.AccessPolicy;
import dev.baton.net.AccessPolicy.Rule;
import java.util.ArrayList;
import java.util.List;

/// An instance's own `pg_hba.conf` made to rules of the agent. What an agent cannot do becomes a
/// `reject` for at least the same clients: left out, it would let rules further down decide on
/// them, which may let them in for less.
///
/// @param lines of a rules file, with comments that say what became of what
/// @param changed what the rules do not say as before
public record AccessImport(List<String> lines, List<Changed> changed) {
  private static final int KIND = 0;
  private static final int DATABASE = 1;
  private static final int USER = 2;
  private static final int ADDRESS = 3;

  public AccessImport {
    lines = List.copyOf(lines);
    changed = List.copyOf(changed);
  }

  /// @param origin where the line stands
  /// @param rule as it stood there
  /// @param why it cannot be kept, and what would do
  /// @param instead the rule that takes its place; empty when there is none
  public record Changed(String origin, String rule, String why, String instead) {}

  /// @param policy what the agent has for TLS and for roles that prove no password
  public static AccessImport of(List<Rule> rules, AccessPolicy policy) {
    AccessRuleReader reader = new AccessRuleReader(policy);
    List<String> lines = new ArrayList<>();
    List<Changed> changed = new ArrayList<>();
    for (Rule rule : rules) {
      String text = rule.text().strip();
      try {
        if (reader.read(rule).isPresent() || text.isEmpty() || text.startsWith("#")) {
          lines.add(text);
        } else {
          lines.add("# not for clients of an agent: " + text);
          changed.add(
              new Changed(
                  rule.origin(),
                  text,
                  "clients on this host that come by socket, or with GSSAPI, come by the agent's"
                      + " port instead",
                  ""));
        }
      } catch (AccessRuleReader.Wrong e) {
        String instead = reject(reader, text);
        lines.add("# cannot be kept: " + text);
        lines.add("# " + e.getMessage());
        lines.add(instead);
        changed.add(new Changed(rule.origin(), text, String.valueOf(e.getMessage()), instead));
      }
    }
    return new AccessImport(lines, changed);
  }

  /// As narrow as the agent's rules can be and still as wide as the line was.
  private static String reject(AccessRuleReader reader, String text) {
    List<List<Word>> fields = fields(text);
    if (fields.size() <= ADDRESS) {
      return "host all all all reject";
    }
    String kind = word(fields, KIND);
    String database = column(fields.get(DATABASE));
    String user = column(fields.get(USER));
    String address = word(fields, ADDRESS);
    if (AddressRange.literal(address).isPresent() && fields.size() > ADDRESS + 1) {
      address = address + " " + word(fields, ADDRESS + 1);
    }
    if (!kind.startsWith("host")) {
      return "host all all all reject"; // lines of another file, of which nothing is known here
    }
    List<String> widening =
        List.of(
            "%s %s %s %s reject".formatted(kind, database, user, address),
            "%s %s %s all reject".formatted(kind, database, user),
            "%s %s all %s reject".formatted(kind, database, address),
            "%s all %s %s reject".formatted(kind, user, address),
            "%s all all %s reject".formatted(kind, address),
            "%s %s all all reject".formatted(kind, database),
            "%s all %s all reject".formatted(kind, user));
    return widening.stream()
        .filter(rule -> isUnderstood(reader, rule))
        .findFirst()
        .orElse("host all all all reject");
  }

  private static boolean isUnderstood(AccessRuleReader reader, String rule) {
    try {
      return reader.read(new Rule("import", rule)).isPresent();
    } catch (AccessRuleReader.Wrong e) {
      return false;
    }
  }

  private static List<List<Word>> fields(String text) {
    try {
      return RuleFields.of(text);
    } catch (IllegalArgumentException e) {
      return List.of(); // a quote is not closed
    }
  }

  private static String word(List<List<Word>> fields, int index) {
    return fields.get(index).getFirst().text();
  }

  private static String column(List<Word> words) {
    return words.stream()
        .map(word -> word.quoted() ? '"' + word.text().replace("\"", "\"\"") + '"' : word.text())
        .reduce((a, b) -> a + "," + b)
        .orElse("all");
  }
}
