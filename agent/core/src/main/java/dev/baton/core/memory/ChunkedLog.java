package dev.baton.core.memory;

import dev.baton.model.LogPosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The log in chunks of fixed size, the oldest ones on disk when RAM is short. A chunk's array is
/// never used again, so that a view of it stays right in a socket's queue after the chunk is
/// released. Confined to the memory's thread.
final class ChunkedLog implements LogStore {
  /// Chunks that are read back ahead of the reader, with the one that it reads.
  private static final int READ_BACK_CHUNKS = 2;

  private final MemoryBounds bounds;
  private final @Nullable Spill spill;
  private final Runnable threadCheck;
  private final List<Chunk> chunks = new ArrayList<>();
  private final List<Chunk> readBack = new ArrayList<>();
  private final List<Runnable> roomListeners = new ArrayList<>();
  private final List<Runnable> appendListeners = new ArrayList<>();

  /// Bits of positions; chunk `i` begins at `base + i * chunkBytes`.
  private long base;

  private long start;
  private long end;
  private long readHighest;
  private long ramBytes;
  private long ramBytesMax;
  private long diskBytes;
  private int spilling;
  private boolean senderStopped;
  private boolean settled;
  private boolean diskFailed;
  private @Nullable Exception hole;
  private long receivedBytes;
  private long forwardedBytes;

  ChunkedLog(MemoryBounds bounds, @Nullable Spill spill, Runnable threadCheck) {
    this.bounds = bounds;
    this.spill = spill;
    this.threadCheck = threadCheck;
  }

  @Override
  public void reset(LogPosition position) {
    threadCheck.run();
    drop(chunks.size());
    if (spill != null) {
      spill.clear();
    }
    base = position.bits();
    start = base;
    end = base;
    readHighest = base;
    hole = null;
    settled = false;
    tellRoom();
  }

  @Override
  public LogPosition start() {
    return LogPosition.of(start);
  }

  @Override
  public LogPosition end() {
    return LogPosition.of(end);
  }

  @Override
  public boolean append(LogPosition at, ByteBuffer bytes) {
    threadCheck.run();
    if (at.bits() != end) {
      throw new IllegalArgumentException(
          "log of " + at + " does not follow the memory's end " + end());
    }
    if (settled) {
      throw new IllegalStateException("log of " + at + " after the memory was settled");
    }
    refuseBeyondBound(bytes.remaining());
    receivedBytes += bytes.remaining();
    while (bytes.hasRemaining()) {
      Chunk last = writable();
      int n = Math.min(bytes.remaining(), bounds.chunkBytes() - last.filled);
      bytes.get(array(last), last.filled, n);
      last.filled += n;
      end += n;
    }
    spillOldest();
    senderStopped |= ramBytes >= bounds.stopAtBytes();
    boolean room = !senderStopped;
    appendListeners.forEach(Runnable::run);
    return room;
  }

  private void refuseBeyondBound(int bytes) {
    int chunkBytes = bounds.chunkBytes();
    int inLast = chunks.isEmpty() ? 0 : chunkBytes - chunks.getLast().filled;
    long added = (long) Math.ceilDiv(Math.max(0, bytes - inLast), chunkBytes) * chunkBytes;
    long reserved = (long) READ_BACK_CHUNKS * chunkBytes;
    if (ramBytes + added + reserved > bounds.logBytes()) {
      throw new IllegalStateException(
          "no room for "
              + bytes
              + " bytes of log: "
              + ramBytes
              + " held, bound "
              + bounds.logBytes()
              + "; the sender was told to stop at "
              + bounds.stopAtBytes());
    }
  }

  private Chunk writable() {
    if (chunks.isEmpty() || chunks.getLast().filled == bounds.chunkBytes()) {
      chunks.add(new Chunk(end, bounds.chunkBytes()));
      countRam(bounds.chunkBytes());
    }
    return chunks.getLast();
  }

  private static byte[] array(Chunk chunk) {
    byte[] bytes = chunk.bytes;
    if (bytes == null) {
      throw new IllegalStateException("chunk is not in RAM: " + chunk.place);
    }
    return bytes;
  }

  @Override
  public void onRoom(Runnable listener) {
    roomListeners.add(listener);
  }

  @Override
  public void onAppend(Runnable listener) {
    appendListeners.add(listener);
  }

  @Override
  public ByteBuffer read(LogPosition from, int maxBytes) {
    threadCheck.run();
    long position = from.bits();
    if (Long.compareUnsigned(position, start) < 0 || Long.compareUnsigned(position, end) > 0) {
      throw new IllegalArgumentException(
          "log of " + from + " is not in the memory, which holds " + start() + " to " + end());
    }
    if (hole != null) {
      throw new IllegalStateException("log that was spilled cannot be read back", hole);
    }
    if (position == end) {
      return ByteBuffer.allocate(0);
    }
    int index = (int) ((position - base) / bounds.chunkBytes());
    Chunk chunk = chunks.get(index);
    prefetch(index);
    byte[] bytes = chunk.bytes;
    if (bytes == null) {
      return ByteBuffer.allocate(0);
    }
    int offset = (int) (position - chunk.position);
    int length = Math.min(maxBytes, chunk.filled - offset);
    countForwarded(position + length);
    return ByteBuffer.wrap(bytes, offset, length).slice().asReadOnlyBuffer();
  }

  private void countForwarded(long upTo) {
    if (upTo - readHighest > 0) {
      forwardedBytes += upTo - readHighest;
      readHighest = upTo;
    }
  }

  /// Loads the chunk to be read and the next from disk, and lets others go that were read back.
  private void prefetch(int index) {
    Chunk chunk = chunks.get(index);
    if (chunk.place == Chunk.Place.RAM && readBack.isEmpty()) {
      return;
    }
    List<Chunk> wanted = chunks.subList(index, Math.min(index + READ_BACK_CHUNKS, chunks.size()));
    for (Chunk loaded : List.copyOf(readBack)) {
      if (!wanted.contains(loaded)) {
        forgetReadBack(loaded);
      }
    }
    wanted.forEach(this::load);
  }

  private void forgetReadBack(Chunk chunk) {
    readBack.remove(chunk);
    if (chunk.bytes != null) {
      chunk.bytes = null;
      countRam(-bounds.chunkBytes());
    }
    if (chunk.place == Chunk.Place.LOADING) {
      chunk.place = Chunk.Place.DISK;
    }
  }

  private void load(Chunk chunk) {
    if (spill == null || chunk.place != Chunk.Place.DISK || chunk.bytes != null) {
      return;
    }
    chunk.place = Chunk.Place.LOADING;
    readBack.add(chunk);
    spill.read(chunk.position, (bytes, failure) -> loaded(chunk, bytes, failure));
  }

  private void loaded(Chunk chunk, byte @Nullable [] bytes, @Nullable Exception failure) {
    if (chunk.place != Chunk.Place.LOADING || chunk.bytes != null) {
      return;
    }
    chunk.place = Chunk.Place.DISK;
    if (bytes == null) {
      hole = failure;
    } else {
      chunk.bytes = bytes;
      countRam(bounds.chunkBytes());
    }
    appendListeners.forEach(Runnable::run);
  }

  @Override
  public void release(LogPosition position) {
    threadCheck.run();
    long upTo = position.isBefore(end()) ? position.bits() : end;
    if (upTo - start <= 0) {
      return;
    }
    start = upTo;
    drop((int) Math.min((upTo - base) / bounds.chunkBytes(), chunks.size()));
    spillOldest();
    tellRoom();
  }

  private void drop(int count) {
    boolean onDisk = false;
    for (Chunk chunk : chunks.subList(0, count)) {
      readBack.remove(chunk);
      onDisk |= chunk.place != Chunk.Place.RAM;
      if (chunk.place == Chunk.Place.SPILLING) {
        // The disk's thread still holds it, so it counts until that is done.
        chunk.place = Chunk.Place.GONE;
        continue;
      }
      if (chunk.place != Chunk.Place.RAM) {
        diskBytes -= bounds.chunkBytes();
      }
      if (chunk.bytes != null) {
        countRam(-bounds.chunkBytes());
      }
      chunk.place = Chunk.Place.GONE;
      chunk.bytes = null;
    }
    chunks.subList(0, count).clear();
    base += (long) count * bounds.chunkBytes();
    if (onDisk && spill != null) {
      spill.deleteBefore(base);
    }
  }

  /// Sends full chunks to disk, oldest first, until what then stays in RAM is under the mark. The
  /// oldest is what the local instance needs last: it has it already, or is so far behind that it
  /// reads at the speed of a disk.
  private void spillOldest() {
    long chunkBytes = bounds.chunkBytes();
    if (spill == null || diskFailed) {
      return;
    }
    for (Chunk chunk : chunks) {
      boolean enough = ramBytes - spilling * chunkBytes <= bounds.spillAtBytes();
      if (enough || chunk.filled < chunkBytes || diskBytes + chunkBytes > bounds.diskBytes()) {
        return;
      }
      if (chunk.place == Chunk.Place.RAM) {
        chunk.place = Chunk.Place.SPILLING;
        spilling++;
        diskBytes += chunkBytes;
        spill.write(chunk.position, array(chunk), failure -> spilled(chunk, failure));
      }
    }
  }

  private void spilled(Chunk chunk, @Nullable Exception failure) {
    spilling--;
    boolean gone = chunk.place == Chunk.Place.GONE;
    diskFailed |= failure != null;
    if (gone || failure != null) {
      diskBytes -= bounds.chunkBytes();
    }
    if (!gone && failure != null) {
      chunk.place = Chunk.Place.RAM;
      return;
    }
    chunk.bytes = null;
    countRam(-bounds.chunkBytes());
    if (!gone) {
      chunk.place = Chunk.Place.DISK;
    }
    tellRoom();
  }

  private void tellRoom() {
    if (senderStopped && ramBytes <= bounds.spillAtBytes() + bounds.chunkBytes()) {
      senderStopped = false;
      roomListeners.forEach(Runnable::run);
    }
  }

  private void countRam(long bytes) {
    ramBytes += bytes;
    ramBytesMax = Math.max(ramBytesMax, ramBytes);
  }

  /// Nothing is appended from now on.
  void settle() {
    settled = true;
  }

  long ramBytes() {
    return ramBytes;
  }

  long ramBytesMax() {
    return ramBytesMax;
  }

  long diskBytes() {
    return diskBytes;
  }

  long receivedBytes() {
    return receivedBytes;
  }

  /// Bytes that were read for the local instance, each counted once.
  long forwardedBytes() {
    return forwardedBytes;
  }

  long heldBytes() {
    return end - start;
  }
}
