package dev.baton.service.cli;

import java.util.List;

/// Adds commands to `baton`, found by `ServiceLoader`: modules that are not always there bring
/// their own (demo and benchmarks, the console).
public interface CommandProvider {
  /// Objects annotated with picocli's `@Command`, each with its `name`; new ones at each call. A
  /// command that implements `Callable<Integer>` returns the exit status, and throws
  /// `CommandFailed` to print one sentence and end with 1.
  List<Object> commands();
}
