package dev.baton.engine.postgres.wal;

import dev.baton.core.memory.CommitSink;
import dev.baton.model.LogPosition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Writes down what a decoder tells the memory, and checks what it promises about order.
final class RecordedEnds implements CommitSink {
  final List<String> ends = new ArrayList<>();
  LogPosition complete = LogPosition.ZERO;
  private LogPosition last = LogPosition.ZERO;

  @Override
  public void committed(long[] transactions, LogPosition end) {
    add("commit", transactions, end);
  }

  @Override
  public void aborted(long[] transactions, LogPosition end) {
    add("abort", transactions, end);
  }

  private void add(String kind, long[] transactions, LogPosition end) {
    if (!last.isBefore(end)) {
      throw new AssertionError(end + " does not follow " + last);
    }
    last = end;
    ends.add(line(kind, end, transactions));
  }

  static String line(String kind, LogPosition end, long... transactions) {
    return kind + " " + Arrays.toString(transactions) + " " + end;
  }

  @Override
  public void complete(LogPosition end) {
    if (!complete.isBefore(end) || end.isBefore(last)) {
      throw new AssertionError(end + " after " + complete + " and " + last);
    }
    complete = end;
  }
}
