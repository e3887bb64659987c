package dev.baton.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.Movability;
import dev.baton.model.view.SessionView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javafx.collections.ListChangeListener;
import org.junit.jupiter.api.Test;

class SessionRowsTest {
  private final SessionRows rows = new SessionRows();

  private static SessionView row(int id, String state) {
    return new SessionView(
        "w-" + id,
        "w",
        "app",
        "10.0.0.1:5",
        "u",
        "d",
        "x",
        state,
        null,
        "a",
        false,
        false,
        1,
        0,
        7,
        Movability.MOVABLE,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  private List<String> shown() {
    return rows.views().stream().map(r -> r.id() + " " + r.state()).toList();
  }

  @Test
  void changedRowsKeepTheirPlaceAndNewOnesComeLast() {
    rows.replaceAll(List.of(row(1, "idle"), row(2, "idle")));

    rows.update(List.of(row(1, "active"), row(3, "idle")), List.of());

    assertThat(shown()).containsExactly("w-1 active", "w-2 idle", "w-3 idle");
  }

  @Test
  void closedRowsGoAndTheOthersAreStillFound() {
    rows.replaceAll(List.of(row(1, "idle"), row(2, "idle"), row(3, "idle")));

    rows.update(List.of(), List.of("w-2"));
    rows.update(List.of(row(3, "held")), List.of());

    assertThat(shown()).containsExactly("w-1 idle", "w-3 held");
  }

  @Test
  void tenThousandChangesAreOneEvent() {
    rows.replaceAll(IntStream.range(0, 10_000).mapToObj(i -> row(i, "idle")).toList());
    List<ListChangeListener.Change<?>> events = new ArrayList<>();
    rows.rows().addListener((ListChangeListener<SessionRow>) events::add);

    rows.update(
        IntStream.range(0, 10_000).mapToObj(i -> row(i, "active")).toList(), List.of("w-17"));

    assertThat(events).hasSize(1);
    assertThat(rows.views()).hasSize(9_999).allMatch(r -> r.state().equals("active"));
  }

  @Test
  void aRowStaysTheSameWhileItsSessionChanges() {
    rows.replaceAll(List.of(row(1, "idle"), row(2, "idle")));
    SessionRow chosen = rows.rows().get(1);

    rows.update(List.of(row(2, "active")), List.of("w-1"));
    rows.replaceAll(List.of(row(3, "idle"), row(2, "held")));

    assertThat(rows.rows()).contains(chosen);
    assertThat(chosen.view().state()).isEqualTo("held");
    assertThat(shown()).containsExactly("w-2 held", "w-3 idle");
  }
}
