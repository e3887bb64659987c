package dev.baton.service.control;

import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Requests that name themselves by a key are done once, however often they are sent: whoever lost
/// the answer sends the request again and gets it. For any thread.
final class IdempotentAnswers {
  static final String HEADER = "idempotency-key";

  static final int MAX_KEPT = 500;
  private static final Duration KEPT = Duration.ofHours(1);
  private static final Pattern KEY = Pattern.compile("[!-~]{1,128}");
  private static final int UNAVAILABLE = 503;

  private final LongSupplier nanoTime;

  private final Map<Key, Known> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
          return size() > MAX_KEPT;
        }
      };

  /// Keys of one caller say nothing to another.
  private record Key(String actor, String key) {}

  private record Known(String request, long atNanos, CompletableFuture<Reply> answer) {}

  IdempotentAnswers(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// The answer to the first request with that key, be it under way still.
  ///
  /// @param request all that makes the request what it is
  /// @throws Refused for a key that is none, or that another request had
  CompletionStage<Reply> once(
      String actor, String key, byte[] request, Supplier<CompletionStage<Reply>> work) {
    if (!KEY.matcher(key).matches()) {
      throw Refused.malformed(
          "header " + HEADER + " must have 1 to 128 printable ASCII characters");
    }
    String digest = HexFormat.of().formatHex(Tokens.sha256(request));
    Key of = new Key(actor, key);
    CompletableFuture<Reply> answer;
    synchronized (known) {
      forgetOld();
      Known before = known.get(of);
      if (before != null) {
        if (!before.request().equals(digest)) {
          throw new Refused(
              422,
              "key used before",
              "another request came with this "
                  + HEADER
                  + "; a new request needs a key of its own");
        }
        return before.answer().copy();
      }
      answer = new CompletableFuture<>();
      known.put(of, new Known(digest, nanoTime.getAsLong(), answer));
    }
    run(work, of, answer);
    return answer.copy();
  }

  private void run(Supplier<CompletionStage<Reply>> work, Key of, CompletableFuture<Reply> answer) {
    work.get()
        .whenComplete(
            (reply, failure) -> {
              if (failure != null && notDone(failure)) {
                synchronized (known) {
                  known.remove(of);
                }
              }
              if (failure == null) {
                answer.complete(reply);
              } else {
                answer.completeExceptionally(failure);
              }
            });
  }

  /// Nothing was done, and the same request may be met a moment later.
  private static boolean notDone(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause instanceof Refused refused && refused.status() == UNAVAILABLE;
  }

  private void forgetOld() {
    long now = nanoTime.getAsLong();
    known.values().removeIf(each -> now - each.atNanos() > KEPT.toNanos());
  }
}
