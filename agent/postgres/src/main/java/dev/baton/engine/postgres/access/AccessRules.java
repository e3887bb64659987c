package dev.baton.engine.postgres.access;

import dev.baton.engine.postgres.access.AccessRule.CertificateDemand;
import dev.baton.net.AccessPolicy;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rules of one front, tried in order; the first one whose conditions hold decides. Immutable.
public final class AccessRules {
  private final List<AccessRule> rules;
  private final boolean tlsRequired;

  private AccessRules(List<AccessRule> rules, boolean tlsRequired) {
    this.rules = List.copyOf(rules);
    this.tlsRequired = tlsRequired;
  }

  /// A client whose start-up packet is there.
  ///
  /// @param database and user as texts
  /// @param address from where the client comes
  public record Arrival(boolean tls, String database, String user, InetAddress address) {}

  /// What becomes of a client.
  public sealed interface Verdict {
    /// It may come in when it proves what is asked for; nothing at all where it is trusted.
    ///
    /// @param password whether it must prove to know its role's password
    /// @param certificate whether it must show one of a client CA
    /// @param ofTheUser whether that must have the user as its common name
    record Asked(boolean password, boolean certificate, boolean ofTheUser) implements Verdict {}

    /// @param message for the client, as a server would say it
    /// @param origin of the rule, for the log; empty when there was none
    record Refused(String message, String origin) implements Verdict {}
  }

  /// Rules that could not be read.
  public static final class InvalidRules extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    InvalidRules(List<String> problems) {
      super(String.join("; ", problems));
      this.problems = List.copyOf(problems);
    }

    /// One text for each rule that is wrong: where, what, and what to do.
    public List<String> problems() {
      return problems;
    }
  }

  /// @throws InvalidRules naming every line that is not understood. Not one is left out: without a
  ///   `reject` that is not understood, others would be let in
  public static AccessRules read(AccessPolicy policy) throws InvalidRules {
    AccessRuleReader reader = new AccessRuleReader(policy);
    List<AccessRule> rules = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (AccessPolicy.Rule rule : policy.rules()) {
      try {
        reader.read(rule).ifPresent(rules::add);
      } catch (AccessRuleReader.Wrong e) {
        problems.add(rule.origin() + ": " + e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidRules(problems);
    }
    if (policy.rules().isEmpty()) {
      rules.add(everybody());
    }
    AccessPolicy.Tls tls = policy.tls();
    return new AccessRules(rules, tls != null && tls.required());
  }

  private static AccessRule everybody() {
    AccessRule.Names all = new AccessRule.Names(true, false, java.util.Set.of());
    return new AccessRule(
        "default",
        AccessRule.Encryption.EITHER,
        all,
        all,
        AddressRange.ANY,
        AccessRule.Method.SCRAM,
        CertificateDemand.NONE);
  }

  public Verdict decide(Arrival arrival) {
    if (tlsRequired && !arrival.tls()) {
      return new Verdict.Refused(
          "connections without TLS are not taken (%s)".formatted(who(arrival)), "tls.required");
    }
    Optional<AccessRule> first = rules.stream().filter(rule -> rule.holds(arrival)).findFirst();
    if (first.isEmpty()) {
      return new Verdict.Refused("no access rule for " + who(arrival), "");
    }
    AccessRule rule = first.get();
    return switch (rule.method()) {
      case REJECT ->
          new Verdict.Refused(
              "an access rule rejects connection for " + who(arrival), rule.origin());
      case CERTIFICATE -> new Verdict.Asked(false, true, true);
      case TRUST -> asked(false, rule.demand());
      case SCRAM -> asked(true, rule.demand());
    };
  }

  private static Verdict asked(boolean password, CertificateDemand demand) {
    return new Verdict.Asked(
        password, demand != CertificateDemand.NONE, demand == CertificateDemand.OF_THE_USER);
  }

  private static String who(Arrival arrival) {
    return "host \"%s\", user \"%s\", database \"%s\", %s"
        .formatted(
            arrival.address().getHostAddress(),
            arrival.user(),
            arrival.database(),
            arrival.tls() ? "SSL encryption" : "no encryption");
  }
}
