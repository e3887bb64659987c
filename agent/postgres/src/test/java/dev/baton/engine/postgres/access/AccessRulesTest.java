package dev.baton.engine.postgres.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.engine.postgres.access.AccessRules.Arrival;
import dev.baton.engine.postgres.access.AccessRules.InvalidRules;
import dev.baton.engine.postgres.access.AccessRules.Verdict;
import dev.baton.net.AccessPolicy;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRulesTest {
  private static final Verdict PASSWORD = new Verdict.Asked(true, false, false);
  private static final Path FILE = Path.of("x");

  @Test
  void withoutRulesEverybodyProvesAPassword() throws Exception {
    assertThat(rules().decide(arrival(false, "d", "u", "203.0.113.9"))).isEqualTo(PASSWORD);
    assertThat(rules().decide(arrival(true, "d", "u", "2001:db8::1"))).isEqualTo(PASSWORD);
  }

  @Test
  void theFirstRuleThatHoldsDecides() throws Exception {
    AccessRules rules =
        rules(
            "host all mallory all reject",
            "hostssl shop all 10.0.0.0/8 scram-sha-256",
            "host shop all 10.1.0.0 255.255.0.0 reject # never reached with TLS",
            "hostnossl \"all\" alice ::1/128 scram-sha-256");
    assertThat(rules.decide(arrival(true, "shop", "alice", "10.1.2.3"))).isEqualTo(PASSWORD);
    assertRefused(rules.decide(arrival(false, "shop", "alice", "10.1.2.3")), "rule 3");
    assertRefused(rules.decide(arrival(true, "shop", "mallory", "10.1.2.3")), "rule 1");
    assertRefused(rules.decide(arrival(true, "shop", "alice", "11.1.2.3")), "");
    assertThat(rules.decide(arrival(false, "all", "alice", "::1"))).isEqualTo(PASSWORD);
    assertRefused(rules.decide(arrival(false, "shop", "alice", "::1")), "");
  }

  @Test
  void aRefusalSaysWhoWasRefusedAsAServerDoes() throws Exception {
    assertThat(
            rules("hostssl all all all scram-sha-256").decide(arrival(false, "d", "u", "10.1.2.3")))
        .isEqualTo(
            new Verdict.Refused(
                "no access rule for host \"10.1.2.3\", user \"u\", database \"d\", no encryption",
                ""));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "10.0.0.0/9, 10.127.0.1, true",
    "10.0.0.0/9, 10.128.0.1, false",
    "10.1.2.3/32, 10.1.2.3, true",
    "10.1.2.3/32, 10.1.2.2, false",
    "0.0.0.0/0, 1.2.3.4, true",
    "0.0.0.0/0, ::1, false",
    "::/0, 2001:db8::1, true",
    "::/0, 1.2.3.4, false",
    "2001:db8::/32, 2001:db8:1::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "all, ::ffff:10.0.0.1, true",
    "10.0.0.0/8, ::ffff:10.0.0.1, true",
    "samehost, 127.0.0.1, true",
    "samenet, 127.9.9.9, true",
    "samehost, 127.9.9.9, false"
  })
  void addresses(String range, String address, boolean holds) throws Exception {
    Verdict verdict =
        rules("host all all " + range + " scram-sha-256").decide(arrival(false, "d", "u", address));
    assertThat(verdict instanceof Verdict.Asked).isEqualTo(holds);
  }

  @ParameterizedTest
  @CsvSource({
    "sameuser, u, true",
    "sameuser, d, false",
    "'a,d', d, true",
    "'a, d', d, true",
    "'a,b', d, false",
    "replication, replication, false",
    "'\"d\"', d, true",
    "'\"a b\",c', 'a b', true",
    "d#, d, false"
  })
  void databases(String column, String database, boolean holds) throws Exception {
    String text = "host " + column + " u all scram-sha-256";
    if (column.endsWith("#")) {
      assertThatThrownBy(() -> rules(text)).hasMessageContaining("five columns");
      return;
    }
    Verdict verdict = rules(text).decide(arrival(false, database, "u", "::1"));
    assertThat(verdict instanceof Verdict.Asked).isEqualTo(holds);
  }

  @Test
  void methodsAskForWhatTheySay() throws Exception {
    Arrival alice = arrival(true, "d", "alice", "::1");
    assertThat(full("hostssl all all all cert").decide(alice))
        .isEqualTo(new Verdict.Asked(false, true, true));
    assertThat(full("host all all all trust").decide(alice))
        .isEqualTo(new Verdict.Asked(false, false, false));
    assertThat(full("hostssl all all all scram-sha-256 clientcert=verify-full").decide(alice))
        .isEqualTo(new Verdict.Asked(true, true, true));
    assertThat(full("hostssl all all all md5 clientcert=verify-ca").decide(alice))
        .isEqualTo(new Verdict.Asked(true, true, false));
    assertThat(full("hostssl all all all trust clientcert=verify-ca").decide(alice))
        .isEqualTo(new Verdict.Asked(false, true, false));
  }

  @Test
  void whatNoClientComesByIsPassedOver() throws Exception {
    AccessRules rules =
        rules(
            "# PostgreSQL Client Authentication Configuration File",
            "",
            "local all all peer",
            "hostgssenc all all 0.0.0.0/0 gss",
            "host all all 127.0.0.1/32 md5");
    assertThat(rules.decide(arrival(false, "d", "u", "127.0.0.1"))).isEqualTo(PASSWORD);
    assertRefused(rules.decide(arrival(false, "d", "u", "127.0.0.2")), "");
  }

  @Test
  void everyLineThatIsNotUnderstoodIsNamedWithARemedy() {
    String[][] lines = {
      {"host all all all ldap ldapserver=x", "ldap is not offered: use scram-sha-256"},
      {"host all all all password", "in the clear"},
      {"host all +staff all scram-sha-256", "name the roles"},
      {"host samerole all all scram-sha-256", "name databases"},
      {"host /^db all all scram-sha-256", "regular expressions"},
      {"host @dbs all all scram-sha-256", "lists in files"},
      {"host all all db.example.org scram-sha-256", "names of hosts are not looked up"},
      {"host all all 10.0.0.1 255.0.255.0 scram-sha-256", "is no mask"},
      {"host all all 10.0.0.1/33 scram-sha-256", "is no address"},
      {"host all all 10.0.0.1", "five columns"},
      {"host all all 10.0.0.1 255.0.0.0", "method is missing"},
      {"host all all all sram", "is no method"},
      {"host all all all scram-sha-256 map=x", "option 'map=x' is not offered"},
      {"host all all all trust", "rolePasswordsFile"},
      {"hostssl all all all cert", "clientTls.clientCa"},
      {"include other.conf", "are not included"},
      {"hots all all all scram-sha-256", "is none of host"},
      {"host \"all all all scram-sha-256", "quote is not closed"},
      {"host,x all all all scram-sha-256", "is one word"},
    };
    String[] texts = Arrays.stream(lines).map(line -> line[0]).toArray(String[]::new);
    assertThatThrownBy(() -> rules(texts))
        .isInstanceOfSatisfying(
            InvalidRules.class,
            invalid -> {
              assertThat(invalid.problems()).hasSize(lines.length);
              for (int i = 0; i < lines.length; i++) {
                assertThat(invalid.problems().get(i))
                    .startsWith("rule " + (i + 1) + ": ")
                    .contains(lines[i][1]);
              }
            });
  }

  @Test
  void tlsThatIsRequiredIsRequiredOfAll() throws Exception {
    AccessPolicy policy =
        new AccessPolicy(new AccessPolicy.Tls(FILE, FILE, true, null), List.of(), null);
    AccessRules rules = AccessRules.read(policy);
    assertRefused(rules.decide(arrival(false, "d", "u", "::1")), "tls.required");
    assertThat(rules.decide(arrival(true, "d", "u", "::1"))).isEqualTo(PASSWORD);
  }

  private static void assertRefused(Verdict verdict, String origin) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Refused.class, refused -> assertThat(refused.origin()).isEqualTo(origin));
  }

  private static AccessRules rules(String... lines) throws InvalidRules {
    return read(null, null, lines);
  }

  private static AccessRules full(String... lines) throws InvalidRules {
    return read(new AccessPolicy.Tls(FILE, FILE, false, FILE), FILE, lines);
  }

  private static AccessRules read(
      AccessPolicy.@Nullable Tls tls, @Nullable Path passwords, String... lines)
      throws InvalidRules {
    List<AccessPolicy.Rule> rules =
        java.util.stream.IntStream.range(0, lines.length)
            .mapToObj(i -> new AccessPolicy.Rule("rule " + (i + 1), lines[i]))
            .toList();
    return AccessRules.read(new AccessPolicy(tls, rules, passwords));
  }

  private static Arrival arrival(boolean tls, String database, String user, String address)
      throws Exception {
    return new Arrival(tls, database, user, InetAddress.getByName(address));
  }
}
