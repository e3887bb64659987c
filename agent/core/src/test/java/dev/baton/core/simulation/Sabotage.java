package dev.baton.core.simulation;

/// Bugs that can be planted between a machine and its host, to see that the simulation finds them.
enum Sabotage {
  NONE,
  /// The source says that it is fenced, but neither stops its instance nor closes its door.
  SKIP_FENCE,
  /// The target is promoted without waiting for the log that is in the memory.
  PROMOTE_BEFORE_FLUSHED,
  /// Commits cease to wait for a member that is away, before that is recorded.
  OUT_WITHOUT_RECORD,
  /// The door is opened for the epoch before, and not closed when it should be.
  SERVE_WITH_OLD_EPOCH,
  /// A joining member is taken for in sync without the log from before it joined.
  JOIN_WITHOUT_POSITION,
  /// A home that comes up does not wait until its recovered log is in the memories.
  OPEN_WITHOUT_MEMBERS,
  /// What is on disk follows the home whatever it is.
  FOLLOW_ANYTHING,
  /// The target still takes log, and acknowledges it, after it began to take over; and the old home
  /// takes its lease for much longer than the target does, since an honest one would hide it.
  KEEP_RECEIVING,
  /// The home counts its lease from later than when it asked for it.
  LEASE_FROM_RECEIPT,
  /// A standby does not wait until the home's lease has run out.
  TAKE_OVER_EARLY,
  /// A home that wakes up passes on what lies there before it looks at the time.
  WOKEN_HOME_ANSWERS
}
