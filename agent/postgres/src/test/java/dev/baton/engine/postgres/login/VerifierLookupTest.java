package dev.baton.engine.postgres.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerifierLookupTest {
  @Test
  void aNameIsQuotedHoweverItLooks() {
    assertThat(VerifierLookup.FUNCTION.question("a'\\b%s"))
        .isEqualTo("SELECT verifier, expired FROM baton.user_lookup(E'a''\\\\b%s')");
    assertThat(VerifierLookup.TABLE.question("x")).endsWith("WHERE rolname::text = E'x'");
  }
}
