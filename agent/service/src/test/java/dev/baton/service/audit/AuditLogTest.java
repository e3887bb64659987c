package dev.baton.service.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.model.view.AuditCheckView;
import dev.baton.model.view.AuditView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An audit log tells when it is not what was written.
class AuditLogTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("audit.log");
  }

  private static AuditEvent event(String subject) {
    return new AuditEvent(
        "alice",
        "operator",
        "10.0.0.5:4711",
        "start-move",
        subject,
        "{\"plan\":\"p\"}",
        "begun",
        "");
  }

  private AuditLog open() throws IOException {
    return AuditLog.open(folder, "a", CLOCK);
  }

  /// Adds entries `1` to `count` and closes the log.
  private void written(int count) throws IOException {
    try (AuditLog log = open()) {
      for (int i = 1; i <= count; i++) {
        log.add(event(Integer.toString(i))).toCompletableFuture().join();
      }
    }
  }

  private AuditCheckView checked(@org.jspecify.annotations.Nullable String anchor)
      throws IOException {
    return AuditLog.check(folder, anchor, CLOCK);
  }

  @Test
  void eachLineHasTheHashOfTheOneBefore() throws IOException {
    written(3);
    List<String> lines = Files.readAllLines(file());
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).contains("\"previous\":\"" + "0".repeat(64) + "\"");
    assertThat(lines.get(1)).contains("\"previous\":\"" + AuditChain.hash(lines.get(0)) + "\"");
    assertThat(lines.get(2)).contains("\"previous\":\"" + AuditChain.hash(lines.get(1)) + "\"");
    assertThat(checked(null))
        .isEqualTo(
            new AuditCheckView(
                folder.toString(),
                true,
                3,
                1,
                3,
                AuditChain.hash(lines.get(2)),
                null,
                CLOCK.instant()));
  }

  /// As `sha256sum` prints it.
  @Test
  void theHashIsThatOfTheBytesOfTheLine() {
    assertThat(AuditChain.hash("abc"))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void theChainGoesOnAfterARestart() throws IOException {
    written(2);
    try (AuditLog log = open()) {
      assertThat(log.newest(10)).extracting(AuditView::subject).containsExactly("2", "1");
      AuditView third = log.add(event("3")).toCompletableFuture().join();
      assertThat(third.number()).isEqualTo(3);
      assertThat(log.newest(2)).extracting(AuditView::subject).containsExactly("3", "2");
      assertThat(log.check(null).toCompletableFuture().join().lines()).isEqualTo(3);
    }
    assertThat(checked(null).intact()).isTrue();
  }

  private static List<String> changed(List<String> lines, String how) {
    List<String> changed = new ArrayList<>(lines);
    switch (how) {
      case "changed" -> changed.set(1, lines.get(1).replace("alice", "mallory"));
      case "left out" -> changed.remove(1);
      case "swapped" -> {
        changed.set(1, lines.get(2));
        changed.set(2, lines.get(1));
      }
      case "repeated" -> changed.add(1, lines.get(1));
      case "first left out" -> changed.removeFirst();
      case "no entry" -> changed.set(2, "who knows");
      case "put between" ->
          changed.add(2, lines.get(2).replaceAll("\"subject\":\"[0-9]+\"", "\"subject\":\"x\""));
      default -> throw new IllegalArgumentException(how);
    }
    return changed;
  }

  @ParameterizedTest
  @ValueSource(strings = {"changed", "left out", "swapped", "repeated", "no entry", "put between"})
  void whatWasTamperedWithIsFoundAndKept(String how) throws IOException {
    written(4);
    List<String> tampered = changed(Files.readAllLines(file()), how);
    Files.write(file(), tampered);
    assertThat(checked(null).intact()).isFalse();
    assertThat(checked(null).problem()).startsWith("line ");

    try (AuditLog log = open()) {
      assertThat(log.check(null).toCompletableFuture().join().intact()).isTrue();
      assertThat(log.newest(10))
          .singleElement()
          .satisfies(
              entry -> {
                assertThat(entry.action()).isEqualTo("log-broken");
                assertThat(entry.detail()).contains("line ").contains("audit-broken-");
              });
    }
    try (Stream<Path> aside = Files.list(folder.resolve("audit-broken-" + CLOCK.millis()))) {
      assertThat(aside.map(AuditLogTest::linesOf)).containsExactly(tampered);
    }
  }

  private static List<String> linesOf(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// Older files may be put away: what is left is checked from its first line on.
  @Test
  void olderLinesMayBeGone() throws IOException {
    written(4);
    Files.write(file(), changed(Files.readAllLines(file()), "first left out"));
    assertThat(checked(null).intact()).isTrue();
    assertThat(checked(null).first()).isEqualTo(2);
  }

  @Test
  void anAnchorShowsWhatWasCutOffOrWrittenAnew() throws IOException {
    written(3);
    String anchor = "3:" + checked(null).head();
    assertThat(checked(anchor).intact()).isTrue();
    List<String> lines = Files.readAllLines(file());

    Files.write(file(), lines.subList(0, 2));
    assertThat(checked(null).intact()).isTrue();
    assertThat(checked(anchor).problem()).contains("line 3 is gone: the log ends with 2");

    try (AuditLog log = open()) {
      log.add(event("forged")).toCompletableFuture().join();
    }
    assertThat(checked(null).intact()).isTrue();
    assertThat(checked(anchor).problem()).contains("line 3 is not the one that was there before");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3", "3:abc", "x:", "-1:aa"})
  void anAnchorHasAForm(String text) {
    assertThatThrownBy(() -> checked(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("number of a line");
  }

  @Test
  void anUnfinishedLineIsCutOffAndSaid() throws IOException {
    written(2);
    Files.writeString(file(), "{\"number\":3,\"ho", StandardOpenOption.APPEND);
    try (AuditLog log = open()) {
      log.add(event("3")).toCompletableFuture().join();
      assertThat(log.newest(2)).extracting(AuditView::action).contains("line-cut");
    }
    assertThat(checked(null).intact()).isTrue();
    assertThat(checked(null).lines()).isEqualTo(4);
  }

  @Test
  void aFileThatIsFullIsPutAmongTheOlderOnes() throws IOException {
    try (AuditLog log = AuditLog.open(folder, "a", CLOCK, 600)) {
      for (int i = 1; i <= 7; i++) {
        log.add(event(Integer.toString(i))).toCompletableFuture().join();
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.count()).isGreaterThan(2);
    }
    assertThat(checked(null).lines()).isEqualTo(7);
    try (AuditLog log = AuditLog.open(folder, "a", CLOCK, 600)) {
      assertThat(log.newest(10)).hasSize(7);
      assertThat(log.add(event("8")).toCompletableFuture().join().number()).isEqualTo(8);
    }
    assertThat(checked(null).intact()).isTrue();
  }

  @Test
  void isReadableByItsOwnerAlone() throws IOException {
    written(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void aLineHasABoundWhateverWasSent() throws IOException {
    try (AuditLog log = open()) {
      UnaryOperator<String> times = text -> text.repeat(50_000);
      AuditView entry =
          log.add(
                  new AuditEvent(
                      times.apply("a"),
                      "operator",
                      "",
                      "announce",
                      times.apply("s"),
                      times.apply("\u0000"),
                      "refused",
                      times.apply("d")))
              .toCompletableFuture()
              .join();
      assertThat(entry.request()).hasSize(2_001);
    }
    assertThat(Files.size(file())).isLessThan(32_000);
  }
}
