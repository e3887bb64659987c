package dev.baton.service.audit;

import dev.baton.model.Json;
import dev.baton.model.view.AuditCheckView;
import dev.baton.model.view.AuditView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An agent's audit log. The chain and its file are confined to one thread; any thread may add and
/// read. When the disk fails, what operators order is done all the same, since a failover must not
/// wait for a full disk: the entry is then in the agent's own log, as an error, and counted.
public final class AuditLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final long MAX_FILE_BYTES = 16L << 20;
  private static final int MAX_WAITING = 1_000;

  /// Newest entries that are kept in RAM, to be shown.
  static final int SHOWN = 1_000;

  private final AuditFiles files;
  private final String host;
  private final Clock clock;
  private final long maxFileBytes;
  private final Deque<AuditView> newest = new ArrayDeque<>(); // guarded by itself
  private final LongAdder lost = new LongAdder();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING),
          Thread.ofPlatform().daemon().name("audit").factory());
  private FileChannel file;
  private long number;
  private String head;

  private AuditLog(AuditFiles files, String host, Clock clock, long maxFileBytes, AuditChain chain)
      throws IOException {
    this.files = files;
    this.host = host;
    this.clock = clock;
    this.maxFileBytes = maxFileBytes;
    this.file = files.append();
    this.number = chain.last();
    this.head = chain.head();
  }

  /// Reads and checks what is there. A log that is broken is put aside as it is, and a new one
  /// begins with an entry that says so: an agent must come up at night all the same.
  ///
  /// @throws IOException when the files cannot be read or written; the message names them
  public static AuditLog open(Path directory, String host, Clock clock) throws IOException {
    return open(directory, host, clock, MAX_FILE_BYTES);
  }

  static AuditLog open(Path directory, String host, Clock clock, long maxFileBytes)
      throws IOException {
    AuditFiles files = new AuditFiles(directory);
    try {
      long torn = files.cutTornLine();
      AuditChain chain = new AuditChain(null);
      Deque<AuditView> kept = new ArrayDeque<>();
      files.read(line -> chain.accept(line).ifPresent(entry -> keep(kept, entry)));
      String problem = chain.problem();
      if (problem != null) {
        return begunAnew(files, host, clock, maxFileBytes, problem);
      }
      AuditLog log = new AuditLog(files, host, clock, maxFileBytes, chain);
      log.newest.addAll(kept);
      if (torn > 0) {
        LOG.warn("the audit log ended in the middle of a line: {} bytes were cut off", torn);
        log.note("line-cut", torn + " bytes of an unfinished line were cut off");
      }
      return log;
    } catch (IOException e) {
      throw new IOException("the audit log in " + directory + " cannot be used: " + e, e);
    }
  }

  private static AuditLog begunAnew(
      AuditFiles files, String host, Clock clock, long maxFileBytes, String problem)
      throws IOException {
    Path aside = files.putAside(clock.millis());
    LOG.error(
        "the audit log was tampered with or damaged: {}; it is kept in {}, and a new one begins",
        problem,
        aside);
    AuditLog log = new AuditLog(files, host, clock, maxFileBytes, new AuditChain(null));
    log.note("log-broken", problem + "; it is kept in " + aside);
    return log;
  }

  private void note(String action, String detail) {
    CompletionStage<AuditView> _ =
        add(AuditEvent.ofAgent("agent", action, "audit log", "done", detail));
  }

  /// Completes when the entry is on the disk; fails when it could not be written.
  public CompletionStage<AuditView> add(AuditEvent event) {
    return onThread(() -> write(event))
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                lost.increment();
                LOG.error("not in the audit log ({}): {}", failure.toString(), event);
              }
            });
  }

  private AuditView write(AuditEvent event) throws IOException {
    AuditView entry =
        new AuditView(
            number + 1,
            host,
            clock.instant(),
            event.actor(),
            event.role(),
            event.from(),
            event.action(),
            event.subject(),
            event.request(),
            event.result(),
            event.detail(),
            head);
    String line = Json.MAPPER.writeValueAsString(entry);
    long before = file.size();
    if (before >= maxFileBytes) {
      rotate();
      before = 0;
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(AuditFiles.bytes(line));
      while (bytes.hasRemaining()) {
        int _ = file.write(bytes);
      }
      file.force(true);
    } catch (IOException e) {
      file.truncate(before); // half a line would break the chain for all that follow
      throw e;
    }
    number = entry.number();
    head = AuditChain.hash(line);
    synchronized (newest) {
      keep(newest, entry);
    }
    // A line in another place, which whoever can write the file cannot change as well.
    LOG.info(
        "audit {}:{} actor={} from={} {} {} {}: {}",
        number,
        head,
        entry.actor(),
        entry.from(),
        entry.action(),
        entry.subject(),
        entry.result(),
        entry.detail());
    return entry;
  }

  private void rotate() throws IOException {
    file.close();
    files.rotate(number);
    file = files.append();
  }

  private static void keep(Deque<AuditView> entries, AuditView entry) {
    entries.addLast(entry);
    if (entries.size() > SHOWN) {
      entries.removeFirst();
    }
  }

  /// The newest entries, newest first, at most 1,000.
  public List<AuditView> newest(int limit) {
    synchronized (newest) {
      return new ArrayList<>(newest.reversed().stream().limit(limit).toList());
    }
  }

  /// Reads all files again and checks them.
  ///
  /// @param anchor a line that must be there still, `NUMBER:HASH`; null: none
  /// @throws IllegalArgumentException when the anchor is none
  public CompletionStage<AuditCheckView> check(@Nullable String anchor) {
    AuditChain chain = new AuditChain(anchor == null ? null : AuditChain.Anchor.of(anchor));
    return onThread(() -> check(files, chain, host, clock));
  }

  /// As the other, of the files of an agent that need not run.
  public static AuditCheckView check(Path directory, @Nullable String anchor, Clock clock)
      throws IOException {
    AuditChain chain = new AuditChain(anchor == null ? null : AuditChain.Anchor.of(anchor));
    return check(new AuditFiles(directory), chain, directory.toString(), clock);
  }

  /// @throws IllegalArgumentException when it is no anchor; the message says how one looks
  public static void requireAnchor(String text) {
    AuditChain.Anchor _ = AuditChain.Anchor.of(text);
  }

  private static AuditCheckView check(AuditFiles files, AuditChain chain, String host, Clock clock)
      throws IOException {
    files.read(chain::accept);
    return chain.found(host, clock.instant());
  }

  /// Entries that could not be written since the agent began.
  public long lost() {
    return lost.sum();
  }

  @FunctionalInterface
  private interface Work<T> {
    T run() throws IOException;
  }

  private <T> CompletableFuture<T> onThread(Work<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    try {
      thread.execute(
          () -> {
            try {
              done.complete(work.run());
            } catch (IOException | RuntimeException e) {
              done.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      done.completeExceptionally(e);
    }
    return done;
  }

  /// Returns when what was added is on the disk.
  @Override
  public void close() throws IOException {
    thread.close();
    file.close();
  }
}
