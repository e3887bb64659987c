package dev.baton.core.memory;

import java.util.LinkedHashMap;
import java.util.Map;

/// How many bytes of log each transaction has written that has not ended in the log. Bounded: the
/// transaction that began first is forgotten, and its bytes are then not counted as purged.
final class OpenLog {
  private static final int TRANSACTIONS = 1 << 16;

  private final Map<Integer, long[]> bytesById =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, long[]> eldest) {
          return size() > TRANSACTIONS;
        }
      };

  void add(long transaction, int bytes) {
    bytesById.computeIfAbsent((int) transaction, id -> new long[1])[0] += bytes;
  }

  /// Forgets the transaction and tells its bytes.
  long take(long transaction) {
    long[] bytes = bytesById.remove((int) transaction);
    return bytes == null ? 0 : bytes[0];
  }
}
