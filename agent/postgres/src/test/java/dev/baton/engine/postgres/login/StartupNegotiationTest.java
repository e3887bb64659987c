package dev.baton.engine.postgres.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.login.StartupNegotiation.Step;
import dev.baton.engine.postgres.wire.SecretBytes;
import dev.baton.engine.postgres.wire.StartupPacket;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartupNegotiationTest {
  private static final StartupPacket SSL = new StartupPacket.SslRequest();
  private static final StartupPacket GSS = new StartupPacket.GssEncRequest();

  @Test
  void tlsIsDeclinedWithoutCertificateAndBegunWithOne() {
    assertThat(new StartupNegotiation(false).step(SSL, false)).isEqualTo(new Step.AnswerNo());
    assertThat(new StartupNegotiation(true).step(SSL, false)).isEqualTo(new Step.BeginTls());
    assertThat(new StartupNegotiation(true).step(GSS, false)).isEqualTo(new Step.AnswerNo());
  }

  @Test
  void whatWasSentInTheClearBehindARequestForEncryptionIsRefusedOrAHandshake() {
    for (boolean offered : new boolean[] {false, true}) {
      assertThat(new StartupNegotiation(offered).step(GSS, true))
          .isInstanceOfSatisfying(
              Step.AnswerNoAndRefuse.class,
              refuse -> assertThat(refuse.error().code()).isEqualTo("08P01"));
    }
    assertThat(new StartupNegotiation(true).step(SSL, true)).isEqualTo(new Step.BeginTls());
    assertThat(new StartupNegotiation(false).step(SSL, true))
        .isInstanceOf(Step.AnswerNoAndRefuse.class);
  }

  @Test
  void aRepeatedRequestIsAProtocolThatDoesNotExist() {
    StartupNegotiation negotiation = new StartupNegotiation(false);
    negotiation.step(SSL, false);
    assertRefused(negotiation.step(SSL, false), "0A000");
    StartupNegotiation encrypted = new StartupNegotiation(true);
    encrypted.step(SSL, false);
    assertRefused(encrypted.step(SSL, false), "0A000");
    assertRefused(encrypted.step(GSS, false), "0A000");
  }

  @Test
  void tlsWithoutARequestNeedsACertificateAndTheVeryBeginning() {
    assertThat(new StartupNegotiation(true).directTls()).isEqualTo(new Step.BeginTls());
    assertThat(new StartupNegotiation(false).directTls()).isInstanceOf(Step.CloseSilently.class);
    StartupNegotiation late = new StartupNegotiation(true);
    late.step(GSS, false);
    assertThat(late.directTls()).isInstanceOf(Step.CloseSilently.class);
  }

  @Test
  void versionsAreAgreedOn() {
    assertThat(begin(3, 0, "user\0alice\0\0").minor()).isZero();
    assertThat(begin(3, 0, "user\0alice\0\0").negotiate()).isFalse();
    assertThat(begin(3, 2, "user\0alice\0\0").minor()).isEqualTo(2);
    assertThat(begin(3, 2, "user\0alice\0\0").negotiate()).isFalse();
    assertThat(begin(3, 9999, "user\0alice\0\0").minor()).isEqualTo(2);
    assertThat(begin(3, 9999, "user\0alice\0\0").negotiate()).isTrue();
    assertThat(startup(2, 0, "user\0alice\0\0")).isInstanceOf(Step.RefuseOldStyle.class);
    assertRefused(startup(4, 0, "user\0alice\0\0"), "0A000");
    assertRefused(startup(0, 0, ""), "0A000");
  }

  @Test
  void unknownProtocolOptionsAreToldAndNotPassedOn() {
    Step.Begin begin = begin(3, 0, "user\0alice\0_pq_.x\0y\0\0");
    assertThat(begin.negotiate()).isTrue();
    assertThat(begin.unknownOptions()).containsExactly("_pq_.x");
    assertThat(begin.parameters()).doesNotContainKey("_pq_.x");
  }

  @Test
  void theDatabaseIsTheUsersOwnWhenNoneIsNamed() {
    assertThat(begin(3, 0, "user\0alice\0\0").parameters()).containsEntry("database", "alice");
    assertThat(begin(3, 0, "user\0alice\0database\0\0\0").parameters())
        .containsEntry("database", "alice");
  }

  @Test
  void ofARepeatedParameterTheLastCounts() {
    assertThat(begin(3, 0, "user\0alice\0user\0bob\0\0").parameters()).containsEntry("user", "bob");
  }

  @Test
  void settingsOfTheClientAreItsOwnAffair() {
    assertThat(begin(3, 0, "user\0a\0search_path\0evil\0options\0-c x=y\0\0").parameters())
        .isEqualTo(
            Map.of("user", "a", "database", "a", "search_path", "evil", "options", "-c x=y"));
  }

  @Test
  void aUserIsNeeded() {
    assertRefused(startup(3, 0, "\0"), "28000");
    assertRefused(startup(3, 0, "user\0\0\0"), "28000");
    assertRefused(startup(3, 0, "database\0x\0\0"), "28000");
  }

  @Test
  void theTerminatorIsNeeded() {
    for (String body : new String[] {"", "user", "user\0alice", "user\0alice\0", "user\0"}) {
      assertRefused(startup(3, 0, body), "08P01");
    }
  }

  @Test
  void replicationIsRefusedByNameAndItsAbsenceIsNot() {
    for (String on : new String[] {"true", "t", "on", "1", "yes", "database", "TRUE"}) {
      assertRefused(startup(3, 0, "user\0a\0replication\0" + on + "\0\0"), "0A000");
    }
    for (String off : new String[] {"false", "f", "off", "of", "0", "no"}) {
      assertThat(begin(3, 0, "user\0a\0replication\0" + off + "\0\0").parameters())
          .doesNotContainKey("replication");
    }
    for (String nonsense : new String[] {"o", "maybe", "2", ""}) {
      assertRefused(startup(3, 0, "user\0a\0replication\0" + nonsense + "\0\0"), "22023");
    }
  }

  @Test
  void cancelRequestsAreTakenAtAnyTime() {
    StartupPacket.CancelRequest cancel =
        new StartupPacket.CancelRequest(7, SecretBytes.of(new byte[4]));
    StartupNegotiation negotiation = new StartupNegotiation(true);
    assertThat(negotiation.step(cancel, false)).isEqualTo(new Step.Cancel(cancel));
    negotiation.step(SSL, false);
    assertThat(negotiation.step(cancel, false)).isEqualTo(new Step.Cancel(cancel));
  }

  private static Step.Begin begin(int major, int minor, String body) {
    return (Step.Begin) startup(major, minor, body);
  }

  private static Step startup(int major, int minor, String body) {
    return new StartupNegotiation(false)
        .step(new StartupPacket.Startup(major << 16 | minor, body), false);
  }

  private static void assertRefused(Step step, String code) {
    assertThat(step)
        .isInstanceOfSatisfying(
            Step.Refuse.class,
            refuse -> {
              assertThat(refuse.error().code()).isEqualTo(code);
              assertThat(refuse.error().isFatal()).isTrue();
            });
  }
}
