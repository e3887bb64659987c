package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.session.RestoreOrder.Turn;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Who goes first at a new home.
final class RestoreOrderTest {
  private static final long BOUND_MILLIS = 100;

  private final EmbeddedChannel loop = new EmbeddedChannel();
  private final RestoreOrder order = new RestoreOrder(loop.eventLoop(), BOUND_MILLIS);
  private final List<String> went = new ArrayList<>();

  RestoreOrderTest() {
    loop.freezeTime();
  }

  @Test
  void transactionsThatWereEndedGoOneByOneAsTheirEndsWereSent() {
    long first = order.nextPlace();
    long second = order.nextPlace();
    order.announcePlace(second, true);
    order.announcePlace(first, true);
    await(second, "second");
    await(first, "first");
    loop.runPendingTasks();
    assertThat(went).containsExactly("first");

    order.placeDone(first);
    loop.runPendingTasks();
    assertThat(went).containsExactly("first", "second");
  }

  @Test
  void everythingElseComesAfterThem() {
    long place = order.nextPlace();
    order.announcePlace(place, true);
    order.announce(Turn.OPEN_TRANSACTION);
    order.await(Turn.OPEN_TRANSACTION, Runnable::run, () -> went.add("open"));
    order.await(Turn.NEW_WORK, Runnable::run, () -> went.add("new"));
    loop.runPendingTasks();
    assertThat(went).isEmpty();

    order.placeDone(place);
    loop.runPendingTasks();
    assertThat(went).containsExactly("open");
    order.done(Turn.OPEN_TRANSACTION);
    loop.runPendingTasks();
    assertThat(went).containsExactly("open", "new");
  }

  @Test
  void theBoundOfNewWorkDoesNotLetItInBeforeThem() {
    order.announcePlace(order.nextPlace(), true);
    order.await(Turn.NEW_WORK, Runnable::run, () -> went.add("new"));
    pass(3);
    assertThat(went).isEmpty();
  }

  @Test
  void aTransactionThatNeverComesIsNotWaitedForWithoutEnd() {
    order.announcePlace(order.nextPlace(), true);
    order.await(Turn.NEW_WORK, Runnable::run, () -> went.add("new"));
    pass(20);
    assertThat(went).containsExactly("new");
  }

  @Test
  void oneThatWasNotAcknowledgedIsWaitedForNoLongerThanOthers() {
    order.announcePlace(order.nextPlace(), false);
    order.await(Turn.NEW_WORK, Runnable::run, () -> went.add("new"));
    pass(1);
    assertThat(went).containsExactly("new");
  }

  @Test
  void aBoundInWhichOthersArriveIsNotCounted() {
    order.announce(Turn.IN_FLIGHT);
    order.announce(Turn.IN_FLIGHT);
    order.await(Turn.NEW_WORK, Runnable::run, () -> went.add("new"));
    loop.runPendingTasks();
    order.done(Turn.IN_FLIGHT);
    pass(1);
    assertThat(went).isEmpty();
    pass(1);
    assertThat(went).containsExactly("new");
  }

  @Test
  void aTurnThatChangesLetsNobodyInBetween() {
    order.announce(Turn.OPEN_TRANSACTION);
    order.await(Turn.NEW_WORK, Runnable::run, () -> went.add("new"));
    order.await(Turn.IN_FLIGHT, Runnable::run, () -> went.add("in flight"));
    order.change(Turn.OPEN_TRANSACTION, Turn.IN_FLIGHT);
    loop.runPendingTasks();
    assertThat(went).containsExactly("in flight");
    order.done(Turn.IN_FLIGHT);
    loop.runPendingTasks();
    assertThat(went).containsExactly("in flight", "new");
  }

  private void await(long place, String name) {
    order.awaitPlace(place, Runnable::run, () -> went.add(name));
  }

  private void pass(int bounds) {
    loop.runPendingTasks();
    for (int i = 0; i < bounds; i++) {
      loop.advanceTimeBy(BOUND_MILLIS, TimeUnit.MILLISECONDS);
      loop.runScheduledPendingTasks();
    }
  }
}
