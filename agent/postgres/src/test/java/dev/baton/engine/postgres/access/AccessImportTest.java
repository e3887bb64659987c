package dev.baton.engine.postgres.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.access.AccessRules.Arrival;
import dev.baton.engine.postgres.access.AccessRules.Verdict;
import dev.baton.net.AccessPolicy;
import dev.baton.net.AccessPolicy.Rule;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessImportTest {
  private static AccessImport imported(String... lines) {
    return AccessImport.of(Rule.of(Path.of("pg_hba.conf"), List.of(lines)), AccessPolicy.PASSWORD);
  }

  @Test
  void whatAnAgentKnowsStaysAsItIs() {
    AccessImport imported =
        imported(
            "# ours", "", "host shop clerk 10.0.0.0/8 scram-sha-256", "host all all all reject");
    assertThat(imported.changed()).isEmpty();
    assertThat(imported.lines())
        .containsExactly(
            "# ours", "", "host shop clerk 10.0.0.0/8 scram-sha-256", "host all all all reject");
  }

  @Test
  void aSocketIsNoWayToAnAgent() {
    AccessImport imported = imported("local all postgres peer");
    assertThat(imported.lines())
        .containsExactly("# not for clients of an agent: local all postgres peer");
    assertThat(imported.changed())
        .singleElement()
        .satisfies(each -> assertThat(each.instead()).isEmpty());
  }

  /// As narrow as can be said, never narrower than it was.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "host shop clerk 10.0.0.0/8 ldap ldapserver=x | host shop clerk 10.0.0.0/8 reject",
        "host shop clerk 10.0.0.0 255.0.0.0 gss | host shop clerk 10.0.0.0 255.0.0.0 reject",
        "hostssl shop +staff 10.0.0.0/8 scram-sha-256 | hostssl shop all 10.0.0.0/8 reject",
        "host /^s clerk 10.0.0.0/8 scram-sha-256 | host all clerk 10.0.0.0/8 reject",
        "host shop clerk db.example.com scram-sha-256 | host shop clerk all reject",
        "host samerole +staff .example.com pam | host all all all reject",
        "host \"a b\" \"+x\" 10.0.0.0/8 radius | host \"a b\" \"+x\" 10.0.0.0/8 reject",
        "host shop clerk 10.0.0.0/8 trust | host shop clerk 10.0.0.0/8 reject",
        "include other.conf | host all all all reject",
        "nonsense | host all all all reject",
      })
  void whatCannotBeKeptRejects(String line, String instead) throws Exception {
    AccessImport imported = imported(line);
    assertThat(imported.lines()).hasSize(3).last().isEqualTo(instead);
    assertThat(imported.changed())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.origin()).isEqualTo("pg_hba.conf line 1");
              assertThat(each.why()).isNotEmpty();
            });
    AccessRules.read(new AccessPolicy(null, Rule.of(Path.of("rules"), imported.lines()), null));
  }

  /// Left out, the first line would leave its clients to the second.
  @Test
  void nobodyGetsInByALaterRule() throws Exception {
    AccessImport imported =
        imported("host all all 10.0.0.0/8 ldap", "host all all 0.0.0.0/0 scram-sha-256");
    AccessRules rules =
        AccessRules.read(new AccessPolicy(null, Rule.of(Path.of("rules"), imported.lines()), null));
    assertThat(rules.decide(arrival("10.1.2.3"))).isInstanceOf(Verdict.Refused.class);
    assertThat(rules.decide(arrival("192.0.2.1"))).isInstanceOf(Verdict.Asked.class);
  }

  private static Arrival arrival(String address) throws Exception {
    return new Arrival(false, "shop", "clerk", InetAddress.getByName(address));
  }
}
