package dev.baton.core.model;

import static dev.baton.core.model.Field.*;

import java.util.Optional;

/// What either host, the network and time may do next, in each state. Messages are lost by never
/// arriving.
final class Protocol {
  static final int COMMITS = 2;
  static final int GENERATIONS = 2;

  /// Lease, and lease with margin, in steps of time.
  static final int LEASE = 1;

  static final int LEASE_OVER = 2;

  private static final int OUT = 0;
  private static final int JOINING = 1;
  private static final int IN_SYNC = 2;

  private static final int NO_MEMBER = 0;
  private static final int JOINS = 1;
  private static final int MEMBER_IN_SYNC = 2;
  private static final int TAKES = 3;
  private static final int SERVES = 4;

  private static final int WRITE_OUT = 1;
  private static final int WRITE_RENEWED = 2;

  private final Mutant mutant;

  Protocol(Mutant mutant) {
    this.mutant = mutant;
  }

  /// Told each step that may follow.
  @FunctionalInterface
  interface Steps {
    void step(String name, long next);
  }

  /// A serves, B is in sync, nothing is written.
  static long start() {
    long state = 0;
    for (Field one : new Field[] {A_UP, A_DOOR, A_FRESH, A_RESUMED, B_UP, B_FRESH}) {
      state = one.set(state, 1);
    }
    for (Field first : new Field[] {GENERATION, A_GENERATION, A_WAITS, A_GRANTED, B_GENERATION}) {
      state = first.set(state, 1);
    }
    state = MEMBER.set(state, IN_SYNC);
    state = A_MEMBER.set(state, IN_SYNC);
    return B_ROLE.set(state, MEMBER_IN_SYNC);
  }

  /// What must never be.
  static Optional<String> violation(long state) {
    boolean openAtB = B_ROLE.of(state) == SERVES;
    if (openAtB && B_LOG.of(state) < A_TOLD.of(state)) {
      return Optional.of("a commit that a client knows of is lost");
    }
    return openAtB && aServes(state) ? Optional.of("both hosts serve clients") : Optional.empty();
  }

  void steps(long state, Steps told) {
    Steps to = (name, next) -> told.step(name, forgetting(next));
    to.step("time passes", timePasses(state));
    if (A_UP.isSet(state)) {
      clientsOfA(state, to);
      recordAtA(state, to);
      waitingAtA(state, to);
      leaseOfA(state, to);
      to.step("A dies", aDies(state));
      aComesUp(state, to);
    } else if (B_ROLE.of(state) != SERVES) {
      to.step("A starts", A_FRESH.set(A_UP.set(state, 1), 0));
    }
    written(state, to);
    if (B_UP.isSet(state)) {
      logAtB(state, to);
      recordAtB(state, to);
      takeOver(state, to);
      bDies(state, to);
    } else {
      to.step("B starts", B_UP.set(state, 1));
    }
  }

  /// What nothing depends on any more is 0, so that states which differ in it alone are one.
  private static long forgetting(long state) {
    long next = state;
    next = WRITE.isSet(next) ? next : WRITE_AGE.set(next, 0);
    next = YES_GENERATION.isSet(next) ? next : YES_AGE.set(next, 0);
    next = A_WAITS.isSet(next) ? next : A_JOIN.set(A_FLUSHED.set(next, 0), 0);
    next = A_MEMBER.of(next) == JOINING ? next : A_JOIN.set(next, 0);
    next = A_RESUMED.isSet(next) ? next : A_LEASE_AGE.set(next, LEASE_OVER);
    if (YES_GENERATION.of(next) != B_GENERATION.of(next)) {
      next = YES_GENERATION.set(YES_AGE.set(next, 0), 0); // is counted by nobody
    }
    if (B_ROLE.of(next) == NO_MEMBER || B_ROLE.of(next) >= TAKES) {
      for (Field member : new Field[] {B_AGE, B_JOIN, B_ATTESTED}) {
        next = member.set(next, 0);
      }
    }
    if (B_ROLE.of(next) >= TAKES) {
      for (Field past : new Field[] {B_FRESH, B_OUTDATED, ACK, ACK_GENERATION}) {
        next = past.set(next, 0);
      }
    }
    return B_ROLE.of(next) == JOINS ? next : B_JOIN.set(next, 0);
  }

  // --- time

  private static long timePasses(long state) {
    long next = isFree(state) ? A_LEASE_AGE.set(state, 0) : older(state, A_LEASE_AGE);
    for (Field age : new Field[] {B_AGE, WRITE_AGE, YES_AGE}) {
      next = older(next, age);
    }
    return next;
  }

  private static long older(long state, Field age) {
    return age.set(state, Math.min(LEASE_OVER, age.of(state) + 1));
  }

  // --- A

  /// Nobody could take over: no member, or one that was not told from where on commits wait.
  private static boolean isFree(long state) {
    return A_MEMBER.of(state) == OUT
        || (A_MEMBER.of(state) == JOINING && A_GRANTED.of(state) != A_GENERATION.of(state));
  }

  /// Clients' work passes its door.
  private static boolean aServes(long state) {
    return A_DOOR.isSet(state) && (A_LEASE_AGE.of(state) < LEASE || isFree(state));
  }

  private void clientsOfA(long state, Steps to) {
    if (!aServes(state)) {
      return;
    }
    if (A_LOG.of(state) < COMMITS) {
      to.step("a commit is in A's log", A_LOG.set(state, A_LOG.of(state) + 1));
    }
    int next = A_TOLD.of(state) + 1;
    boolean covered =
        !A_WAITS.isSet(state)
            || A_FLUSHED.of(state) >= next
            || mutant == Mutant.TOLD_BEFORE_THE_MEMORY_HAS_IT;
    if (next <= A_LOG.of(state) && covered) {
      to.step("A's client is told of commit " + next, A_TOLD.set(state, next));
    }
  }

  private void recordAtA(long state, Steps to) {
    if (!A_FRESH.isSet(state)) {
      long next = A_FRESH.set(state, 1);
      next = A_MEMBER.set(next, MEMBER.of(state));
      next = A_GENERATION.set(next, GENERATION.of(state));
      to.step("A sees the record", HOME_IS_B.isSet(state) ? A_DOOR.set(next, 0) : next);
    }
    if (WRITE.of(state) == 0 && A_FRESH.isSet(state) && !HOME_IS_B.isSet(state)) {
      if (A_MEMBER.of(state) != OUT) {
        to.step("A asks to record B out", WRITE_AGE.set(WRITE.set(state, WRITE_OUT), 0));
      }
      if (A_DOOR.isSet(state)) {
        to.step("A asks for a renewal", WRITE_AGE.set(WRITE.set(state, WRITE_RENEWED), 0));
      }
    }
  }

  /// A's write is done, or refused because the record has changed; A may not hear of it.
  private static void written(long state, Steps to) {
    int write = WRITE.of(state);
    if (write == 0) {
      return;
    }
    long next = WRITE_AGE.set(WRITE.set(state, 0), 0);
    if (!A_FRESH.isSet(state)) {
      to.step("A's write is refused", next);
      return;
    }
    next = B_FRESH.set(next, 0);
    if (write == WRITE_OUT) {
      next = MEMBER.set(next, OUT);
      to.step("B is recorded out", A_MEMBER.set(next, OUT));
    } else {
      int age = Math.min(A_LEASE_AGE.of(state), WRITE_AGE.of(state));
      to.step("A's lease is renewed in the record", A_LEASE_AGE.set(next, age));
    }
    to.step("A's write is done, unheard", A_FRESH.set(next, 0));
  }

  private void waitingAtA(long state, Steps to) {
    boolean out = A_MEMBER.of(state) == OUT;
    if (A_WAITS.isSet(state) && (out || mutant == Mutant.WAITING_ENDS_WITHOUT_RECORD)) {
      to.step("A waits for nobody", A_FLUSHED.set(A_WAITS.set(state, 0), 0));
    }
    if (!out && A_WAITS.of(state) != A_GENERATION.of(state)) {
      long next = A_WAITS.set(state, A_GENERATION.of(state));
      next = A_FLUSHED.set(next, 0);
      to.step(
          "A waits for generation " + A_GENERATION.of(state), A_JOIN.set(next, A_LOG.of(state)));
    }
    int acked = ACK_GENERATION.of(state);
    if (acked != 0) {
      boolean counts = acked == A_WAITS.of(state);
      long next = ACK_GENERATION.set(ACK.set(state, 0), 0);
      int flushed = Math.max(A_FLUSHED.of(state), ACK.of(state));
      to.step("an acknowledgement arrives", counts ? A_FLUSHED.set(next, flushed) : next);
    }
    tellJoin(state, to);
  }

  private static void tellJoin(long state, Steps to) {
    int generation = A_GENERATION.of(state);
    if (A_DOOR.isSet(state)
        && A_MEMBER.of(state) == JOINING
        && A_WAITS.of(state) == generation
        && A_GRANTED.of(state) == generation
        && B_ROLE.of(state) == JOINS
        && B_GENERATION.of(state) == generation
        && !B_OUTDATED.isSet(state)
        && B_JOIN.of(state) == 0) {
      to.step("B is told from where on commits wait", B_JOIN.set(state, A_JOIN.of(state) + 1));
    }
  }

  private void leaseOfA(long state, Steps to) {
    int generation = B_GENERATION.of(state);
    boolean listens = B_ROLE.of(state) == JOINS || B_ROLE.of(state) == MEMBER_IN_SYNC;
    if (A_DOOR.isSet(state)
        && A_MEMBER.of(state) != OUT
        && A_GENERATION.of(state) == generation
        && listens
        && !B_OUTDATED.isSet(state)) {
      long next = YES_GENERATION.set(YES_AGE.set(state, 0), generation);
      to.step("A asks for its lease, B says yes", B_AGE.set(next, 0));
    }
    if (YES_GENERATION.isSet(state)) {
      long next = YES_GENERATION.set(YES_AGE.set(state, 0), 0);
      if (YES_GENERATION.of(state) == A_GENERATION.of(state) && A_DOOR.isSet(state)) {
        int age =
            mutant == Mutant.LEASE_FROM_THE_ANSWER
                ? 0
                : Math.min(A_LEASE_AGE.of(state), YES_AGE.of(state));
        next = A_GRANTED.set(A_LEASE_AGE.set(next, age), YES_GENERATION.of(state));
      }
      to.step("the yes arrives", next);
    }
    if (A_DOOR.isSet(state)) {
      long shut = A_RESUMED.set(A_DOOR.set(state, 0), 0);
      to.step("A's database dies, which B is told", attested(shut));
      to.step("A's database dies", shut);
    }
  }

  private static long attested(long state) {
    return B_ROLE.of(state) == MEMBER_IN_SYNC && !B_OUTDATED.isSet(state)
        ? B_ATTESTED.set(state, 1)
        : state;
  }

  private static long aDies(long state) {
    long next = state;
    for (Field gone :
        new Field[] {
          A_UP, A_DOOR, A_FRESH, A_WAITS, A_FLUSHED, A_JOIN, A_GRANTED, A_RESUMED, WRITE, WRITE_AGE
        }) {
      next = gone.set(next, 0);
    }
    return A_LEASE_AGE.set(next, LEASE_OVER);
  }

  /// Recovered commits are shown to whoever is let in.
  private void aComesUp(long state, Steps to) {
    if (A_DOOR.isSet(state) || HOME_IS_B.isSet(state) || !A_FRESH.isSet(state)) {
      return;
    }
    if (!A_RESUMED.isSet(state)) {
      long next = A_LEASE_AGE.set(A_RESUMED.set(state, 1), 0);
      next = A_WAITS.set(A_FLUSHED.set(A_GRANTED.set(next, 0), 0), 0);
      to.step("A records that it comes up", B_OUTDATED.set(B_FRESH.set(next, 0), 1));
      return;
    }
    boolean held = A_WAITS.of(state) == A_GENERATION.of(state);
    boolean ready =
        switch (A_MEMBER.of(state)) {
          case OUT -> true;
          case JOINING -> held;
          default ->
              held
                  && (A_FLUSHED.of(state) >= A_LOG.of(state)
                      || mutant == Mutant.OPEN_BEFORE_THE_MEMORY_HAS_IT);
        };
    if (ready) {
      to.step("A opens", A_TOLD.set(A_DOOR.set(state, 1), A_LOG.of(state)));
    }
  }

  // --- B

  private static void logAtB(long state, Steps to) {
    int role = B_ROLE.of(state);
    boolean receives = role == JOINS || role == MEMBER_IN_SYNC;
    if (receives && A_UP.isSet(state) && B_LOG.of(state) < A_LOG.of(state)) {
      to.step("B's memory has a commit more", B_LOG.set(state, B_LOG.of(state) + 1));
    }
    if (receives && A_UP.isSet(state)) {
      long next = ACK.set(state, B_LOG.of(state));
      to.step(
          "B acknowledges " + B_LOG.of(state), ACK_GENERATION.set(next, B_GENERATION.of(state)));
    }
  }

  private void recordAtB(long state, Steps to) {
    if (!B_FRESH.isSet(state)) {
      to.step("B sees the record", bSees(state));
      return;
    }
    if (HOME_IS_B.isSet(state)) {
      return;
    }
    int role = B_ROLE.of(state);
    if (role == NO_MEMBER && MEMBER.of(state) == OUT && GENERATION.of(state) < GENERATIONS) {
      int generation = GENERATION.of(state) + 1;
      long next = GENERATION.set(MEMBER.set(state, JOINING), generation);
      next = B_ROLE.set(B_GENERATION.set(next, generation), JOINS);
      to.step("B is recorded joining", bWrote(B_JOIN.set(next, 0)));
    } else if (role == NO_MEMBER && MEMBER.of(state) != OUT) {
      to.step("B records its lost memory out", bWrote(MEMBER.set(state, OUT)));
    } else if (role == JOINS) {
      boolean complete = B_JOIN.isSet(state) && B_LOG.of(state) >= B_JOIN.of(state) - 1;
      if (complete || mutant == Mutant.IN_SYNC_WITHOUT_POSITION) {
        long next = B_ROLE.set(MEMBER.set(state, IN_SYNC), MEMBER_IN_SYNC);
        to.step("B is recorded in sync", bWrote(next));
      }
    }
  }

  /// A's knowledge is out of date then, and B has seen the record change.
  private static long bWrote(long state) {
    return B_AGE.set(A_FRESH.set(state, 0), 0);
  }

  private long bSees(long state) {
    long next = B_AGE.set(B_FRESH.set(state, 1), 0);
    if (B_OUTDATED.isSet(state)) {
      next = B_ATTESTED.set(B_JOIN.set(B_OUTDATED.set(next, 0), 0), 0);
    }
    if (mutant == Mutant.LOST_MEMORY_COUNTS
        && MEMBER.of(state) == IN_SYNC
        && B_ROLE.of(state) == NO_MEMBER) {
      return B_ROLE.set(B_GENERATION.set(next, GENERATION.of(state)), MEMBER_IN_SYNC);
    }
    boolean counts = MEMBER.of(state) != OUT && GENERATION.of(state) == B_GENERATION.of(state);
    return counts || B_ROLE.of(state) >= TAKES ? next : noMember(next);
  }

  private static long noMember(long state) {
    long next = B_ROLE.set(state, NO_MEMBER);
    return B_ATTESTED.set(B_JOIN.set(B_GENERATION.set(next, 0), 0), 0);
  }

  private void takeOver(long state, Steps to) {
    boolean over =
        B_ATTESTED.isSet(state)
            || B_AGE.of(state) >= LEASE_OVER
            || mutant == Mutant.TAKEN_OVER_WITHIN_THE_LEASE;
    if (B_ROLE.of(state) == MEMBER_IN_SYNC && B_FRESH.isSet(state) && over) {
      long next = B_ROLE.set(HOME_IS_B.set(state, 1), TAKES);
      to.step("B is recorded home", A_FRESH.set(next, 0));
    }
    if (B_ROLE.of(state) == TAKES) {
      to.step("B opens", A_FRESH.set(B_ROLE.set(state, SERVES), 0));
    }
  }

  /// Its memory is lost, and of what was on its way to the disk any part.
  private static void bDies(long state, Steps to) {
    if (B_ROLE.of(state) >= TAKES) {
      return;
    }
    for (int kept = 0; kept <= B_LOG.of(state); kept++) {
      long next = B_AGE.set(B_FRESH.set(B_UP.set(noMember(state), 0), 0), 0);
      to.step("B dies with " + kept + " commits on disk", B_LOG.set(next, kept));
    }
  }
}
