package dev.baton.net;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who may come in, and how. It can be replaced while a front runs; what is in force when a client
/// connects counts for that client.
///
/// @param tls null: no TLS is offered
/// @param rules in the order in which they are tried, in the engine's own manner; empty: everybody
///   who proves a password
/// @param rolePasswords file with passwords of roles that are let in without proving one; null:
///   there are none
public record AccessPolicy(@Nullable Tls tls, List<Rule> rules, @Nullable Path rolePasswords) {
  /// Without TLS; every client that proves its password.
  public static final AccessPolicy PASSWORD = new AccessPolicy(null, List.of(), null);

  public AccessPolicy {
    rules = List.copyOf(rules);
  }

  /// @param certificate PEM chain, the server's own first
  /// @param privateKey PEM, PKCS #8, not encrypted
  /// @param required whether clients without TLS are refused
  /// @param clientCa PEM; clients' certificates must come from one of these; null: none is asked
  ///   for
  public record Tls(Path certificate, Path privateKey, boolean required, @Nullable Path clientCa) {}

  /// @param origin where it stands, for messages: a file and its line
  public record Rule(String origin, String text) {
    /// Of a file's lines; a backslash at its end continues a line.
    public static List<Rule> of(Path file, List<String> lines) {
      List<Rule> rules = new ArrayList<>();
      StringBuilder joined = new StringBuilder();
      int first = 1;
      for (int i = 0; i < lines.size(); i++) {
        boolean goesOn = lines.get(i).endsWith("\\");
        joined.append(goesOn ? lines.get(i).substring(0, lines.get(i).length() - 1) : lines.get(i));
        if (!goesOn || i == lines.size() - 1) {
          rules.add(new Rule(file + " line " + first, joined.toString()));
          joined.setLength(0);
          first = i + 2;
        }
      }
      return rules;
    }
  }
}
