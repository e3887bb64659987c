package dev.baton.lab.history;

import java.util.ArrayList;
import java.util.List;

/// Money that goes from one account to another: in every read all of it is there, and no account is
/// overdrawn.
public final class BankChecker {
  private BankChecker() {}

  /// @param end read after the last client has ended
  public static List<String> check(int accounts, long total, List<Read> reads, Read end) {
    Anomalies found = new Anomalies();
    List<Read> all = new ArrayList<>(reads);
    all.add(end);
    for (Read read : all) {
      long sum = read.values().stream().mapToLong(Long::longValue).sum();
      if (read.values().size() != accounts || sum != total) {
        found.add(
            "bank: %d accounts with %d are shown, not %d with %d"
                .formatted(read.values().size(), sum, accounts, total));
      }
      if (read.values().stream().anyMatch(balance -> balance < 0)) {
        found.add("bank: an account is overdrawn: %s".formatted(read.values()));
      }
    }
    return found.all();
  }
}
