package dev.baton.core.model;

/// A rule that is left out; each must be found.
enum Mutant {
  NONE,
  /// A client is told before the memory has the commit's log.
  TOLD_BEFORE_THE_MEMORY_HAS_IT,
  /// Waiting for a silent member ends before the record says that it is out.
  WAITING_ENDS_WITHOUT_RECORD,
  /// A member is in sync although it may lack log from before commits waited for it.
  IN_SYNC_WITHOUT_POSITION,
  /// A standby that has come up anew, with what is on its disk, is taken for the one in sync.
  LOST_MEMORY_COUNTS,
  /// A standby does not wait for the end of the lease that it has granted.
  TAKEN_OVER_WITHIN_THE_LEASE,
  /// The home counts its lease from the answer, not from the question.
  LEASE_FROM_THE_ANSWER,
  /// A home that comes up lets clients in before its recovered log is in the memory.
  OPEN_BEFORE_THE_MEMORY_HAS_IT
}
