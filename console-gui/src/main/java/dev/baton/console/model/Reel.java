package dev.baton.console.model;

import dev.baton.model.recording.StreamPicture;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.StatusView;
import dev.baton.model.view.StreamMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Pictures of the last hour to scrub back to. A small cluster is kept second by second; of a large
/// one frames are rarer, and those that hold the sessions rarer still, so that the whole stays
/// within a bound of memory whatever the size of the cluster.
public final class Reel {
  static final long SPAN_MILLIS = 3_600_000;
  private static final long LEAST_STEP_MILLIS = 1_000;

  /// Hosts and services, over all frames: some 60 MB at 500 bytes each.
  private static final long MAX_VIEWS = 120_000;

  /// Rows of sessions, over all frames: some 45 MB at 300 bytes each, were every row another.
  private static final long MAX_ROWS = 150_000;

  private static final long LEAST_SESSIONS_STEP_MILLIS = 2_000;

  private final List<Frame> frames = new ArrayList<>();
  private long sessionsAtMillis = Long.MIN_VALUE;

  /// @param atMillis when it was told, on the console's clock
  /// @param told a snapshot; without sessions when they were not kept
  record Frame(long atMillis, StreamMessage told) {}

  /// Keeps a frame when the last is old enough.
  void offer(long atMillis, StreamPicture picture) {
    if (!picture.known()) {
      return;
    }
    long last = frames.isEmpty() ? Long.MIN_VALUE : frames.getLast().atMillis();
    StreamMessage told = picture.snapshotWithoutSessions();
    if (last != Long.MIN_VALUE && atMillis - last < stepMillis(told.status())) {
      return;
    }
    boolean withSessions =
        sessionsAtMillis == Long.MIN_VALUE
            || atMillis - sessionsAtMillis >= sessionsStepMillis(picture.sessionCount());
    if (withSessions) {
      sessionsAtMillis = atMillis;
    }
    frames.add(new Frame(atMillis, withSessions ? picture.snapshot() : told));
    int old = 0;
    while (frames.get(old).atMillis() < atMillis - SPAN_MILLIS) {
      old++;
    }
    if (old > 0) {
      frames.subList(0, old).clear();
    }
  }

  private static long stepMillis(@Nullable StatusView status) {
    long views = status == null ? 1 : 1L + status.hosts().size() + 2L * status.services().size();
    return Math.max(LEAST_STEP_MILLIS, SPAN_MILLIS * views / MAX_VIEWS);
  }

  private static long sessionsStepMillis(int rows) {
    return Math.max(LEAST_SESSIONS_STEP_MILLIS, SPAN_MILLIS * rows / MAX_ROWS);
  }

  public boolean isEmpty() {
    return frames.isEmpty();
  }

  int size() {
    return frames.size();
  }

  /// @throws java.util.NoSuchElementException when nothing was kept yet
  public long firstMillis() {
    return frames.getFirst().atMillis();
  }

  public long lastMillis() {
    return frames.getLast().atMillis();
  }

  /// What was known at a time: the newest frame at or before it, with the sessions as last kept.
  Optional<Frame> at(long millis) {
    int index = indexAt(millis);
    if (index < 0) {
      return Optional.empty();
    }
    Frame frame = frames.get(index);
    return Optional.of(
        frame.told().sessions() != null
            ? frame
            : new Frame(frame.atMillis(), with(frame.told(), sessionsBefore(index))));
  }

  private List<SessionView> sessionsBefore(int index) {
    for (int i = index; i >= 0; i--) {
      List<SessionView> rows = frames.get(i).told().sessions();
      if (rows != null) {
        return rows;
      }
    }
    return List.of();
  }

  private static StreamMessage with(StreamMessage told, List<SessionView> sessions) {
    return new StreamMessage(
        told.sequence(),
        told.snapshot(),
        told.status(),
        told.positions(),
        told.memory(),
        sessions,
        null,
        told.moves(),
        told.rules(),
        told.sentAt());
  }

  private int indexAt(long millis) {
    int low = 0;
    int high = frames.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (frames.get(middle).atMillis() <= millis) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }
}
