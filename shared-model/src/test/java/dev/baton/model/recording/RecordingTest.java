package dev.baton.model.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.model.Movability;
import dev.baton.model.MoveKind;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.RulesView;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.StatusView;
import dev.baton.model.view.StreamMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"night.jsonl", "night.jsonl.gz"})
  void whatIsWrittenIsReadBack(String name) throws IOException {
    Path file = dir.resolve(name);
    List<StreamMessage> told =
        List.of(snapshot(7, "s-1"), delta(8, null, null), delta(9, "s-2", null));
    try (RecordingWriter writer = RecordingWriter.create(file, 1 << 20, T0)) {
      for (StreamMessage message : told) {
        writer.write(message);
      }
      assertThat(writer.full()).isFalse();
    }

    try (RecordingReader reader = RecordingReader.open(file)) {
      assertThat(reader.header().recordedAt()).isEqualTo(T0);
      assertThat(all(reader)).isEqualTo(told);
      assertThat(reader.cut()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut.jsonl", "cut.jsonl.gz"})
  void aFileWithoutItsEndIsReadUpToThere(String name) throws IOException {
    Path file = dir.resolve(name);
    try (RecordingWriter writer = RecordingWriter.create(file, 1 << 20, T0)) {
      writer.write(snapshot(1, "s-1"));
      writer.flush();
      writer.write(delta(2, "s-2", null));
    }
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 12));

    try (RecordingReader reader = RecordingReader.open(file)) {
      assertThat(all(reader)).containsExactly(snapshot(1, "s-1"));
      assertThat(reader.cut()).isTrue();
    }
  }

  @Test
  void damageInTheMiddleIsNamedByItsLine() throws IOException {
    Path file = dir.resolve("damaged");
    try (RecordingWriter writer = RecordingWriter.create(file, 1 << 20, T0)) {
      writer.write(snapshot(1, "s-1"));
      writer.write("{\"sequence\": 2, \"snap");
      writer.write(delta(3, null, null));
    }
    try (RecordingReader reader = RecordingReader.open(file)) {
      assertThat(reader.next()).isPresent();
      assertThatThrownBy(reader::next)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("line 3");
    }
  }

  @Test
  void whatIsNoRecordingOrANewerOneIsRefused() throws IOException {
    Path other = Files.writeString(dir.resolve("other"), "{\"format\":\"something\"}\n");
    Path empty = Files.createFile(dir.resolve("empty"));
    Path newer =
        Files.writeString(
            dir.resolve("newer"),
            "{\"format\":\"baton-recording\",\"version\":99,\"recordedAt\":\"2026-01-01T00:00:00Z\"}\n");

    assertThatThrownBy(() -> RecordingReader.open(other)).hasMessageContaining("is no recording");
    assertThatThrownBy(() -> RecordingReader.open(empty)).hasMessageContaining("is no recording");
    assertThatThrownBy(() -> RecordingReader.open(newer)).hasMessageContaining("version 99");
  }

  @Test
  void theBoundKeepsTheFileSmallAndIsSaid() throws IOException {
    Path file = dir.resolve("bounded");
    try (RecordingWriter writer = RecordingWriter.create(file, 1_000, T0)) {
      for (int i = 0; i < 100; i++) {
        writer.write(delta(i, "s-" + i, null));
      }
      assertThat(writer.full()).isTrue();
    }
    assertThat(Files.size(file)).isLessThanOrEqualTo(1_000);
  }

  @Test
  void aPictureIsWhatAReaderOfSnapshotAndDeltasKnows() {
    StreamPicture picture = new StreamPicture();
    assertThat(picture.known()).isFalse();
    picture.apply(snapshot(1, "s-1"));
    picture.apply(delta(2, "s-2", null));
    picture.apply(delta(3, null, "s-1"));

    StreamMessage now = picture.snapshot();
    assertThat(now.snapshot()).isTrue();
    assertThat(now.sequence()).isEqualTo(3);
    assertThat(now.status()).isEqualTo(status());
    assertThat(now.sessions()).extracting(SessionView::id).containsExactly("s-2");
    assertThat(now.moves()).extracting(MoveView::id).containsExactly(1L);
    assertThat(picture.snapshotWithoutSessions().sessions()).isNull();

    picture.apply(snapshot(9, "s-9"));
    assertThat(picture.snapshot().sessions()).extracting(SessionView::id).containsExactly("s-9");
  }

  private static List<StreamMessage> all(RecordingReader reader) throws IOException {
    List<StreamMessage> all = new ArrayList<>();
    for (Optional<StreamMessage> next = reader.next(); next.isPresent(); next = reader.next()) {
      all.add(next.get());
    }
    return all;
  }

  private static StreamMessage snapshot(long sequence, String session) {
    return new StreamMessage(
        sequence,
        true,
        status(),
        List.of(),
        List.of(),
        List.of(session(session)),
        null,
        List.of(move()),
        new RulesView(List.of(), List.of(), List.of()),
        T0.plusMillis(sequence));
  }

  private static StreamMessage delta(
      long sequence, @Nullable String session, @Nullable String closed) {
    return new StreamMessage(
        sequence,
        false,
        null,
        null,
        null,
        session == null ? null : List.of(session(session)),
        closed == null ? null : List.of(closed),
        null,
        null,
        T0.plusMillis(sequence));
  }

  private static StatusView status() {
    return new StatusView("shop", "a", "0.1.0", "connected", List.of(), List.of(), List.of(), T0);
  }

  private static SessionView session(String id) {
    return new SessionView(
        id,
        "b",
        "app",
        "10.0.0.1:5000",
        "alice",
        "shop",
        "ledger",
        "idle",
        null,
        "a",
        false,
        true,
        12,
        1,
        4711,
        Movability.MOVABLE,
        T0,
        T0);
  }

  private static MoveView move() {
    return new MoveView(
        1,
        "app",
        MoveKind.SWITCHOVER,
        "by hand",
        "operator",
        "a",
        "b",
        4,
        0,
        42,
        List.of(),
        1,
        0,
        0,
        0,
        0,
        "done",
        null,
        T0,
        T0);
  }
}
