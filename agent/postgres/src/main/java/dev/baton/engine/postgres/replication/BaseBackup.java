package dev.baton.engine.postgres.replication;

import dev.baton.engine.postgres.replication.Upstream.Answer;
import dev.baton.engine.postgres.wal.WalFormat;
import dev.baton.model.LogPosition;
import dev.baton.net.BackendConnector;
import dev.baton.net.Engine.InstanceSettings;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies the home's database through its door, with the log that makes the copy consistent. The
/// files are written into a folder beside the target, which takes the target's place only when
/// everything is there: a copy that broke off is never taken for a whole one.
///
/// A temporary slot holds the home's log from before the copy until [#KEEP_LOG_SECONDS] after it,
/// in which time receiving begins.
public final class BaseBackup {
  private static final Logger LOG = LoggerFactory.getLogger(BaseBackup.class);

  static final long KEEP_LOG_SECONDS = 60;
  private static final int OLDEST_VERSION = 15;

  /// @param maxKilobytesPerSecond 32 to 1048576, or 0: as fast as it goes
  /// @param force whether files are forced to disk before the copy counts as whole
  public record Options(int maxKilobytesPerSecond, boolean force) {
    public static final Options DEFAULT = new Options(0, true);

    public Options {
      if (maxKilobytesPerSecond != 0
          && (maxKilobytesPerSecond < 32 || maxKilobytesPerSecond > 1 << 20)) {
        throw new IllegalArgumentException("rate of a copy: " + maxKilobytesPerSecond + " kB/s");
      }
    }
  }

  /// @param start where the copy's log begins
  /// @param end where the copied database is consistent; its log is in the copy
  /// @param receiveFrom start of a segment from which on the log must be received
  public record Result(
      LogPosition start, LogPosition end, long timeline, LogPosition receiveFrom, long bytes) {}

  private final InstanceSettings settings;
  private final EventLoop loop;
  private final UpstreamConnector connector;
  private final Options options;

  /// @param loop for the connection; files are written on the caller's thread
  public BaseBackup(
      InstanceSettings settings, EventLoop loop, BackendConnector connector, Options options) {
    this.settings = settings;
    this.loop = loop;
    this.connector = new UpstreamConnector(settings, loop, connector);
    this.options = options;
  }

  /// As `run`.
  ///
  /// @return where the log must be received from
  public LogPosition copy(long epoch, String home, Path into, IntConsumer progressPercent)
      throws IOException {
    return run(epoch, home, into, progressPercent).receiveFrom();
  }

  /// Blocks until the copy is in place.
  ///
  /// @param into absent or an empty folder
  public Result run(long epoch, String home, Path into, IntConsumer progressPercent)
      throws IOException {
    Path target = into.toAbsolutePath();
    Path aside = target.resolveSibling(target.getFileName() + ".copying");
    BackupFiles.delete(aside);
    Files.createDirectory(
        aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    String name = WalReplication.applicationName(settings.host()) + "_seed";
    Upstream upstream = await(connector.open(epoch, home, name));
    boolean done = false;
    try {
      refuseOldServers(upstream);
      HomeIdentity identity = await(onLoop(() -> HomeIdentity.ask(upstream)));
      holdLog(upstream);
      Result result = receive(upstream, identity, aside, progressPercent);
      if (options.force()) {
        BackupFiles.force(aside);
      }
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
      progressPercent.accept(100);
      LOG.info("copied {} from {}: {}", settings.service(), home, result);
      loop.schedule(upstream::close, KEEP_LOG_SECONDS, TimeUnit.SECONDS);
      done = true;
      return result;
    } finally {
      if (!done) {
        loop.execute(upstream::close);
        BackupFiles.delete(aside);
      }
    }
  }

  private void refuseOldServers(Upstream upstream) throws IOException {
    String version = upstream.parameters().getOrDefault("server_version", "0");
    if (Integer.parseInt(version.replaceAll("\\D.*", "")) < OLDEST_VERSION) {
      throw new IOException(
          "the home is PostgreSQL " + version + ", copying needs " + OLDEST_VERSION + " or later");
    }
  }

  /// A home without a free slot is copied all the same: its `wal_keep_size` then has to do.
  private void holdLog(Upstream upstream) throws IOException {
    String slot =
        "baton_seed_" + settings.host().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    String command = "CREATE_REPLICATION_SLOT \"" + slot + "\" TEMPORARY PHYSICAL RESERVE_WAL";
    try {
      await(onLoop(() -> upstream.ask(command)));
    } catch (dev.baton.engine.postgres.backend.BackendRefused e) {
      LOG.warn("the home keeps its log only as long as it is set to: {}", e.getMessage());
    }
  }

  private Result receive(
      Upstream upstream, HomeIdentity identity, Path aside, IntConsumer progressPercent)
      throws IOException {
    BackupStream stream = new BackupStream(on -> loop.execute(() -> upstream.autoRead(on)));
    Receiver receiver = new Receiver(stream, progressPercent);
    CompletableFuture<Answer> answer = onLoop(() -> upstream.copy(command(), receiver));
    answer.whenComplete(
        (end, failure) -> stream.finish(failure == null ? receiver.refused : message(failure)));
    receiver.results = () -> upstream.results();
    BackupFiles.unpack(stream, aside);
    List<List<List<@Nullable String>>> results = await(answer).results();
    if (results.size() < 3) {
      throw new IOException("the copy's answer is incomplete: " + results);
    }
    List<@Nullable String> start = results.getFirst().getFirst();
    List<@Nullable String> end = results.getLast().getFirst();
    LogPosition endPosition = LogPosition.parse(String.valueOf(end.get(0)));
    return new Result(
        LogPosition.parse(String.valueOf(start.get(0))),
        endPosition,
        Long.parseLong(String.valueOf(start.get(1))),
        WalFormat.segmentStart(endPosition, identity.segmentBytes()),
        receiver.bytes);
  }

  private String command() {
    String rate =
        options.maxKilobytesPerSecond() == 0 ? "" : ", MAX_RATE " + options.maxKilobytesPerSecond();
    return "BASE_BACKUP ( LABEL 'baton', PROGRESS, CHECKPOINT 'fast', WAL true, MANIFEST 'no'"
        + rate
        + " )";
  }

  /// What stands in the copy stream: `n` begins an archive (name, folder), `d` is a part of it, `p`
  /// says how much was sent.
  private static final class Receiver implements Upstream.Copy {
    private final BackupStream stream;
    private final IntConsumer progressPercent;
    private java.util.function.Supplier<List<List<List<@Nullable String>>>> results = List::of;
    private @Nullable String refused;
    private long totalBytes;
    private int percent = -1;
    private long bytes;

    Receiver(BackupStream stream, IntConsumer progressPercent) {
      this.stream = stream;
      this.progressPercent = progressPercent;
    }

    @Override
    public void data(ByteBuf data) {
      switch (data.readByte()) {
        case 'n' -> {
          List<List<@Nullable String>> tablespaces = tablespaces();
          totalBytes = totalBytes(tablespaces);
          if (tablespaces.size() > 1) {
            refused = "the home has tablespaces, which are not copied: move their tables back";
            stream.finish(refused);
          }
        }
        case 'd' -> {
          if (refused == null) {
            bytes += data.readableBytes();
            stream.add(data);
          }
        }
        case 'p' -> tell(data.readLong());
        default -> {
          // A manifest was not asked for.
        }
      }
    }

    /// The main one among them, last.
    private List<List<@Nullable String>> tablespaces() {
      List<List<List<@Nullable String>>> sets = results.get();
      return sets.size() < 2 ? List.of() : sets.get(1);
    }

    private static long totalBytes(List<List<@Nullable String>> tablespaces) {
      return tablespaces.stream()
              .map(row -> Optional.ofNullable(row.get(2)).orElse("0"))
              .mapToLong(Long::parseLong)
              .sum()
          * 1024;
    }

    private void tell(long sent) {
      int now = totalBytes == 0 ? 0 : (int) Math.min(99, sent * 100 / totalBytes);
      if (now > percent) {
        percent = now;
        progressPercent.accept(now);
      }
    }
  }

  private interface Asking<T> {
    CompletableFuture<T> ask();
  }

  private <T> CompletableFuture<T> onLoop(Asking<T> asking) {
    return CompletableFuture.supplyAsync(asking::ask, loop).thenCompose(future -> future);
  }

  private static <T> T await(CompletableFuture<T> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while copying a database", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException io) {
        throw io;
      }
      throw new IOException("copying the home failed: " + message(e), e);
    }
  }

  private static String message(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return String.valueOf(cause.getMessage());
  }
}
