package dev.baton.engine.postgres.replication;

import dev.baton.engine.postgres.replication.Upstream.Answer;
import dev.baton.model.LogPosition;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// What a home says of its log.
///
/// @param systemId same for home and standby
/// @param segmentBytes size of a segment of its log
/// @param history of its timeline
/// @param historyFiles content by timeline; some may have been removed by the home
/// @param serverVersion as reported at login
/// @param end of its log when asked
record HomeIdentity(
    String systemId,
    int segmentBytes,
    TimelineHistory history,
    Map<Long, String> historyFiles,
    String serverVersion,
    LogPosition end) {
  private static final long MIN_SEGMENT_BYTES = 1L << 20;
  private static final long MAX_SEGMENT_BYTES = 1L << 30;

  HomeIdentity {
    historyFiles = Map.copyOf(historyFiles);
  }

  /// The 64 bits as they stand in the log.
  long systemBits() {
    return Long.parseUnsignedLong(systemId);
  }

  static CompletableFuture<HomeIdentity> ask(Upstream upstream) {
    return upstream
        .ask("IDENTIFY_SYSTEM")
        .thenCompose(
            system ->
                upstream
                    .ask("SHOW wal_segment_size")
                    .thenCompose(segment -> withHistory(upstream, system, segment)));
  }

  private static CompletableFuture<HomeIdentity> withHistory(
      Upstream upstream, Answer system, Answer segment) {
    return checked(
        () -> {
          long timeline = Long.parseLong(system.value(1));
          if (timeline < 1) {
            throw new IOException("impossible timeline: " + timeline);
          }
          int segmentBytes = segmentBytes(segment.value(0));
          LogPosition end = LogPosition.parse(system.value(2));
          String systemId = system.value(0);
          String version = upstream.parameters().getOrDefault("server_version", "");
          return histories(upstream, timeline)
              .thenApply(
                  files -> {
                    TimelineHistory history = history(timeline, files);
                    return new HomeIdentity(systemId, segmentBytes, history, files, version, end);
                  });
        });
  }

  private static TimelineHistory history(long timeline, Map<Long, String> files) {
    String own = files.get(timeline);
    try {
      return own == null
          ? new TimelineHistory(timeline, java.util.List.of())
          : TimelineHistory.parse(timeline, own);
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  /// The newest history names all timelines before it; a standby that missed several promotions
  /// asks for the file of each.
  private static CompletableFuture<Map<Long, String>> histories(Upstream upstream, long timeline) {
    Map<Long, String> files = new TreeMap<>();
    if (timeline <= 1) {
      return CompletableFuture.completedFuture(files);
    }
    return file(upstream, timeline)
        .thenCompose(
            newest -> {
              files.put(timeline, newest);
              CompletableFuture<Map<Long, String>> all = CompletableFuture.completedFuture(files);
              for (long earlier : history(timeline, files).withFiles()) {
                if (earlier < timeline) {
                  all = all.thenCompose(soFar -> addEarlier(upstream, earlier, soFar));
                }
              }
              return all;
            });
  }

  private static CompletableFuture<Map<Long, String>> addEarlier(
      Upstream upstream, long timeline, Map<Long, String> files) {
    return file(upstream, timeline)
        .handle(
            (content, missing) -> {
              if (content != null) {
                files.put(timeline, content);
              }
              return files; // a home may have removed old ones, and few standbys need them
            });
  }

  private static CompletableFuture<String> file(Upstream upstream, long timeline) {
    return upstream
        .ask("TIMELINE_HISTORY " + timeline)
        .thenCompose(answer -> checked(() -> CompletableFuture.completedFuture(answer.value(1))));
  }

  /// Reads `16MB` and the like: a power of two from 1 MiB to 1 GiB, or positions would be cut
  /// wrongly into segments.
  static int segmentBytes(String size) throws IOException {
    String digits = size.replaceAll("[^0-9]", "");
    long unit =
        switch (size.substring(digits.length())) {
          case "B" -> 1;
          case "kB" -> 1 << 10;
          case "MB" -> 1 << 20;
          case "GB" -> 1 << 30;
          default -> throw new IOException("strange size: " + size);
        };
    if (digits.isEmpty() || digits.length() > 9) {
      throw new IOException("strange size: " + size);
    }
    long bytes = Long.parseLong(digits) * unit;
    if (Long.bitCount(bytes) != 1 || bytes < MIN_SEGMENT_BYTES || bytes > MAX_SEGMENT_BYTES) {
      throw new IOException("strange size: " + size);
    }
    return (int) bytes;
  }

  private interface Reading<T> {
    CompletableFuture<T> read() throws IOException;
  }

  private static <T> CompletableFuture<T> checked(Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException | IllegalArgumentException | ArithmeticException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
