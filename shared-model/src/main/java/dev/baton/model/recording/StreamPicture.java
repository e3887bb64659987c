package dev.baton.model.recording;

import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.RulesView;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.StatusView;
import dev.baton.model.view.StreamMessage;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a reader of the stream knows after the messages so far: a snapshot, brought forward by each
/// delta. Owned by one thread. Lists that a delta did not change are shared between snapshots, so
/// that keeping one a second costs what has changed in it.
public final class StreamPicture {
  private record MoveKey(String service, long id) implements Comparable<MoveKey> {
    private static final Comparator<MoveKey> ORDER =
        Comparator.comparing(MoveKey::service).thenComparingLong(MoveKey::id);

    @Override
    public int compareTo(MoveKey other) {
      return ORDER.compare(this, other);
    }
  }

  private long sequence;
  private Instant sentAt = Instant.EPOCH;
  private @Nullable StatusView status;
  private @Nullable List<PositionsView> positions;
  private @Nullable List<MemoryView> memory;
  private @Nullable RulesView rules;
  private final Map<String, SessionView> sessions = new LinkedHashMap<>();
  private final TreeMap<MoveKey, MoveView> moves = new TreeMap<>();
  private @Nullable List<SessionView> sessionList;
  private @Nullable List<MoveView> moveList;

  /// Takes the next message in. A snapshot forgets what was before.
  public void apply(StreamMessage message) {
    sequence = message.sequence();
    sentAt = message.sentAt();
    if (message.snapshot()) {
      sessions.clear();
      moves.clear();
      sessionList = null;
      moveList = null;
    }
    status = message.status() == null ? status : message.status();
    positions = message.positions() == null ? positions : message.positions();
    memory = message.memory() == null ? memory : message.memory();
    rules = message.rules() == null ? rules : message.rules();
    if (message.sessions() != null) {
      message.sessions().forEach(row -> sessions.put(row.id(), row));
      sessionList = null;
    }
    if (message.closedSessions() != null) {
      message.closedSessions().forEach(sessions::remove);
      sessionList = null;
    }
    if (message.moves() != null) {
      message.moves().forEach(move -> moves.put(new MoveKey(move.service(), move.id()), move));
      moveList = null;
    }
  }

  /// Whether anything is known yet.
  public boolean known() {
    return status != null;
  }

  public int sessionCount() {
    return sessions.size();
  }

  /// All that is known, as the snapshot that a new reader would get.
  public StreamMessage snapshot() {
    List<SessionView> rows = sessionList;
    if (rows == null) {
      rows = List.copyOf(sessions.values());
      sessionList = rows;
    }
    return withSessions(rows);
  }

  /// The same without the sessions, which are the most of it.
  public StreamMessage snapshotWithoutSessions() {
    return withSessions(null);
  }

  private StreamMessage withSessions(@Nullable List<SessionView> rows) {
    List<MoveView> known = moveList;
    if (known == null) {
      known = List.copyOf(moves.values());
      moveList = known;
    }
    return new StreamMessage(
        sequence, true, status, positions, memory, rows, null, known, rules, sentAt);
  }
}
