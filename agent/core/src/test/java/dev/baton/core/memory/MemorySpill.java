package dev.baton.core.memory;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A disk whose work is done when a test says so, in order.
final class MemorySpill implements Spill {
  final TreeMap<Long, byte[]> stored = new TreeMap<>();
  private final Deque<Runnable> work = new ArrayDeque<>();
  boolean failing;

  boolean step() {
    Runnable next = work.poll();
    if (next != null) {
      next.run();
    }
    return next != null;
  }

  void finish() {
    while (step()) {}
  }

  @Override
  public void write(long position, byte[] chunk, Consumer<@Nullable Exception> done) {
    work.add(
        () -> {
          if (failing) {
            done.accept(new IOException("disk full"));
            return;
          }
          if (stored.put(position, chunk.clone()) != null) {
            throw new IllegalStateException("a chunk was stored twice");
          }
          done.accept(null);
        });
  }

  @Override
  public void read(long position, Loaded loaded) {
    work.add(
        () -> {
          byte[] chunk = failing ? null : stored.get(position);
          loaded.chunk(chunk, chunk == null ? new IOException("no chunk") : null);
        });
  }

  @Override
  public void deleteBefore(long position) {
    work.add(() -> stored.headMap(position, false).clear());
  }

  @Override
  public void clear() {
    work.add(stored::clear);
  }

  @Override
  public void close() {
    stored.clear();
  }
}
