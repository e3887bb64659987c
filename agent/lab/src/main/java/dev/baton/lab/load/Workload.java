package dev.baton.lab.load;

import java.util.Locale;
import java.util.random.RandomGenerator;

/// How often a client does what, in percent.
public enum Workload {
  LEDGER(55, 5, 20),
  MIXED(25, 5, 20),
  READ_MOSTLY(4, 1, 5),
  /// As `LEDGER`, and beside it clients whose whole histories are checked.
  HISTORIES(55, 5, 20);

  private final int transfers;
  private final int abandoned;
  private final int receipts;

  Workload(int transfers, int abandoned, int receipts) {
    this.transfers = transfers;
    this.abandoned = abandoned;
    this.receipts = receipts;
  }

  enum Step {
    TRANSFER,
    /// A transfer that the client itself rolls back: it must never be seen.
    ABANDONED_TRANSFER,
    RECEIPT,
    READ
  }

  Step next(RandomGenerator random) {
    int dice = random.nextInt(100);
    if (dice < transfers) {
      return Step.TRANSFER;
    }
    if (dice < transfers + abandoned) {
      return Step.ABANDONED_TRANSFER;
    }
    return dice < transfers + abandoned + receipts ? Step.RECEIPT : Step.READ;
  }

  /// @throws IllegalArgumentException naming the workloads there are
  public static Workload parse(String text) {
    for (Workload workload : values()) {
      if (workload.toString().equals(text.toLowerCase(Locale.ROOT))) {
        return workload;
      }
    }
    throw new IllegalArgumentException(
        "unknown workload '" + text + "': ledger, mixed, read-mostly or histories");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
