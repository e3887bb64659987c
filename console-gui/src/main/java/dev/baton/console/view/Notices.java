package dev.baton.console.view;

import dev.baton.console.link.Refusal;
import dev.baton.console.text.Text;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// What became of something that was asked for, in words.
final class Notices {
  private Notices() {}

  static String failure(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof Refusal refusal) {
      return refusal.problem().title() + ": " + refusal.problem().detail();
    }
    return cause == null || cause.getMessage() == null
        ? Text.MOVE_NO_ANSWER.of()
        : cause.getMessage();
  }
}
