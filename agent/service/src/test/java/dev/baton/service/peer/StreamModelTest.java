package dev.baton.service.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The two sides of a numbered stream over connections that break at any time, losing what is on
/// its way in both directions.
class StreamModelTest {
  static List<Integer> seeds() {
    return IntStream.range(0, 300).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatArrivesIsWhatWasSentWithNoGapAndNoRepetition(int seed) throws Exception {
    Random random = new Random(seed);
    SendStream sender = new SendStream(1, 2000);
    ReceiveStream receiver = new ReceiveStream(1, "none");
    Deque<SendStream.Batch> onTheWay = new ArrayDeque<>();
    Deque<long[]> acknowledgements = new ArrayDeque<>();
    List<Byte> offered = new ArrayList<>();
    List<Byte> received = new ArrayList<>();
    boolean connected = false;
    for (int step = 0; step < 2000 || received.size() < offered.size(); step++) {
      boolean ending = step >= 2000;
      if (!connected && (ending || random.nextInt(4) == 0)) {
        receiver.resume(step);
        sender.resume(receiver.next(), 100 + random.nextInt(200));
        connected = true;
      }
      int what = random.nextInt(ending ? 8 : 12);
      if (what < 3) {
        SendStream.Batch batch = sender.next(1 + random.nextInt(200));
        if (batch != null) {
          onTheWay.add(batch);
        }
      } else if (what < 6) {
        SendStream.Batch batch = onTheWay.poll();
        if (batch != null) {
          receiver.expect(batch.sequence());
          for (byte[] message : batch.messages()) {
            received.add(message[0]);
            receiver.received(message.length);
          }
          acknowledgements.add(new long[] {receiver.next() - 1, receiver.allowedBytes()});
        }
      } else if (what < 8) {
        long[] acknowledgement = acknowledgements.poll();
        if (acknowledgement != null) {
          sender.acknowledged(acknowledgement[0], acknowledgement[1]);
        }
      } else if (what < 11) {
        byte[] message = new byte[1 + random.nextInt(100)];
        random.nextBytes(message);
        if (sender.add(message) != 0) {
          offered.add(message[0]);
        }
      } else {
        onTheWay.clear();
        acknowledgements.clear();
        sender.broke();
        connected = false;
      }
      assertThat(sender.keptBytes()).as("seed %d, step %d", seed, step).isBetween(0L, 2000L);
      assertThat(step).as("seed %d comes to an end", seed).isLessThan(20_000);
    }
    assertThat(received).as("seed %d", seed).isEqualTo(offered);
  }

  @Test
  void aMissingMessageAndARepeatedOneAreToldApart() throws Exception {
    ReceiveStream receiver = new ReceiveStream(1, "connection");
    receiver.expect(1);
    receiver.received(10);
    assertThatThrownBy(() -> receiver.expect(1)).hasMessageContaining("DUPLICATE_SEQUENCE");
    assertThatThrownBy(() -> receiver.expect(3)).hasMessageContaining("MISSING_SEQUENCE");
  }

  @Test
  void noMoreGoesOutThanIsAllowed() throws Exception {
    SendStream sender = new SendStream(1, 10_000);
    for (int i = 0; i < 10; i++) {
      sender.add(new byte[100]);
    }
    assertThat(sender.next(1000)).as("before it is open").isNull();
    sender.resume(1, 250);
    SendStream.Batch batch = Objects.requireNonNull(sender.next(1000));
    assertThat(batch.messages()).hasSize(3);
    assertThat(sender.next(1000)).isNull();
    sender.acknowledged(2, 400);
    assertThat(sender.keptBytes()).isEqualTo(800);
    SendStream.Batch more = Objects.requireNonNull(sender.next(1000));
    assertThat(more.sequence()).isEqualTo(4);
  }

  @Test
  void anOtherSideThatKnowsTooMuchOrTooLittleIsRefused() throws Exception {
    SendStream sender = new SendStream(1, 10_000);
    sender.add(new byte[1]);
    assertThatThrownBy(() -> sender.resume(3, 100)).isInstanceOf(PeerException.class);
    sender.resume(2, 100);
    assertThatThrownBy(() -> sender.resume(1, 100)).isInstanceOf(PeerException.class);
    assertThatThrownBy(() -> sender.acknowledged(2, 100)).isInstanceOf(PeerException.class);
  }
}
