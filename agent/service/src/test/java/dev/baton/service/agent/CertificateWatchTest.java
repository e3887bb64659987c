package dev.baton.service.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CertificateWatchTest {
  private static final Instant END = Instant.parse("2031-05-01T00:00:00Z");

  @Test
  void refusalsAreOneTextInTheOrderOfHosts() {
    assertThat(CertificateWatch.refusals(Map.of())).isNull();
    assertThat(CertificateWatch.refusals(new TreeMap<>(Map.of("w", "it has ended", "b", "no"))))
        .isEqualTo("not connected with host b: no; not connected with host w: it has ended");
  }

  @Test
  void anEndIsToldTwoWeeksBefore() {
    assertThat(CertificateWatch.ending(END, END.minus(Duration.ofDays(15)))).isNull();
    assertThat(CertificateWatch.ending(END, END.minus(Duration.ofDays(13))))
        .isEqualTo(
            "this host's certificate ends at 2031-05-01T00:00:00Z; then the others refuse it");
    assertThat(CertificateWatch.ending(END, END.plus(Duration.ofHours(1))))
        .isEqualTo("this host's certificate ended at 2031-05-01T00:00:00Z: the others refuse it");
  }
}
