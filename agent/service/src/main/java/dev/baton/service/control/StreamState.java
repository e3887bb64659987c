package dev.baton.service.control;

import dev.baton.model.Json;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.RulesView;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.StatusView;
import dev.baton.model.view.StreamMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the stream has told so far, and what the next look adds to it. When something was measured
/// is no change by itself. Pure apart from its own fields; confined to the feed's thread.
final class StreamState {
  /// One look at the source.
  record Look(
      StatusView status,
      List<PositionsView> positions,
      List<MemoryView> memory,
      List<SessionView> sessions,
      List<MoveView> moves,
      RulesView rules) {}

  private record MoveKey(String service, long id) {}

  private long sequence;
  private @Nullable Look told;
  private @Nullable JsonNode toldStatus;
  private @Nullable JsonNode toldPositions;
  private @Nullable JsonNode toldMemory;
  private @Nullable JsonNode toldRules;
  private Map<String, SessionView> toldSessions = Map.of();
  private Map<MoveKey, MoveView> toldMoves = Map.of();

  /// @param sequence before the first message; must be higher than any that an earlier life of this
  ///   agent has reached, or a reader that resumes would take one state for another
  StreamState(long sequence) {
    this.sequence = sequence;
  }

  long sequence() {
    return sequence;
  }

  /// The message that leads from what was told to `look`; it may be empty.
  StreamMessage advance(Look look, Instant now) {
    JsonNode status = timeless(look.status());
    JsonNode positions = timeless(look.positions());
    JsonNode memory = timeless(look.memory());
    JsonNode rules = timeless(look.rules());
    Map<String, SessionView> sessions = byKey(look.sessions(), SessionView::id);
    Map<MoveKey, MoveView> moves =
        byKey(look.moves(), move -> new MoveKey(move.service(), move.id()));
    StreamMessage message =
        new StreamMessage(
            ++sequence,
            false,
            status.equals(toldStatus) ? null : look.status(),
            positions.equals(toldPositions) ? null : look.positions(),
            memory.equals(toldMemory) ? null : look.memory(),
            changed(toldSessions, sessions, StreamState::timeless),
            gone(toldSessions, sessions),
            changed(toldMoves, moves, StreamState::timeless),
            rules.equals(toldRules) ? null : look.rules(),
            now);
    told = look;
    toldStatus = status;
    toldPositions = positions;
    toldMemory = memory;
    toldRules = rules;
    toldSessions = sessions;
    toldMoves = moves;
    return message;
  }

  /// All that was told, with the sequence of the last message in it. Only after the first
  /// `advance`.
  StreamMessage snapshot(Instant now) {
    Look all = told;
    if (all == null) {
      throw new IllegalStateException("a snapshot was asked for before the first look");
    }
    return new StreamMessage(
        sequence,
        true,
        all.status(),
        all.positions(),
        all.memory(),
        all.sessions(),
        null,
        all.moves(),
        all.rules(),
        now);
  }

  /// Takes back the sequence of an empty message that nobody was told.
  void forget(StreamMessage empty) {
    if (!isEmpty(empty) || empty.sequence() != sequence) {
      throw new IllegalStateException("message " + empty.sequence() + " may have been told");
    }
    sequence--;
  }

  static boolean isEmpty(StreamMessage message) {
    return message.status() == null
        && message.positions() == null
        && message.memory() == null
        && message.sessions() == null
        && message.closedSessions() == null
        && message.moves() == null
        && message.rules() == null;
  }

  private static <K, V> Map<K, V> byKey(List<V> rows, Function<V, K> key) {
    Map<K, V> map = LinkedHashMap.newLinkedHashMap(rows.size());
    rows.forEach(row -> map.put(key.apply(row), row));
    return map;
  }

  private static <K, V> @Nullable List<V> changed(
      Map<K, V> before, Map<K, V> after, Function<V, V> timeless) {
    List<V> changed = new ArrayList<>();
    after.forEach(
        (key, row) -> {
          V old = before.get(key);
          if (old == null || !timeless.apply(old).equals(timeless.apply(row))) {
            changed.add(row);
          }
        });
    return changed.isEmpty() ? null : changed;
  }

  private static @Nullable List<String> gone(
      Map<String, SessionView> before, Map<String, SessionView> after) {
    List<String> gone = before.keySet().stream().filter(id -> !after.containsKey(id)).toList();
    return gone.isEmpty() ? null : gone;
  }

  /// The small views, as trees without their times.
  private static JsonNode timeless(Object view) {
    JsonNode tree = Json.MAPPER.valueToTree(view);
    removeTimes(tree);
    return tree;
  }

  private static void removeTimes(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove("measuredAt");
    }
    node.forEach(StreamState::removeTimes);
  }

  /// Sessions can be many thousands: compared as records, which costs no trees.
  private static SessionView timeless(SessionView s) {
    return new SessionView(
        s.id(),
        s.front(),
        s.service(),
        s.client(),
        s.user(),
        s.database(),
        s.application(),
        s.state(),
        s.transactionAgeMillis(),
        s.home(),
        s.readOnly(),
        s.hasTwin(),
        s.requests(),
        s.movesSurvived(),
        s.backendProcessId(),
        s.movability(),
        s.connectedAt(),
        Instant.EPOCH);
  }

  private static MoveView timeless(MoveView m) {
    return new MoveView(
        m.id(),
        m.service(),
        m.kind(),
        m.reason(),
        m.actor(),
        m.source(),
        m.target(),
        m.epoch(),
        m.detectMillis(),
        m.totalMillis(),
        m.phases(),
        m.clientsHeld(),
        m.transactionsReplayed(),
        m.requestsReplayed(),
        m.keepAlivesSent(),
        m.clientsFailed(),
        m.outcome(),
        m.explanation(),
        m.acknowledged(),
        m.startedAt(),
        Instant.EPOCH);
  }
}
