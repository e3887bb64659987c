package dev.baton.service.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class InOrderTest {
  private final InOrder servers =
      new InOrder(
          List.of(
              InetSocketAddress.createUnresolved("127.0.0.1", 1),
              InetSocketAddress.createUnresolved("127.0.0.1", 2),
              InetSocketAddress.createUnresolved("127.0.0.1", 3)));

  @Test
  void theFirstNamedIsTriedFirstAndAfterTheLastTheFirstAgain() {
    assertThat(List.of(next(), next(), next(), next(), next())).containsExactly(1, 2, 3, 1, 2);
    assertThat(servers.size()).isEqualTo(3);
  }

  @Test
  void anAddressIsAskedForAtEachAttempt() {
    assertThat(servers.next(0).isUnresolved()).isFalse();
  }

  @Test
  void whatTheEnsembleSaysOfItselfChangesNothing() {
    assertThat(servers.updateServerList(List.of(new InetSocketAddress(9)), servers.next(0)))
        .isFalse();
    assertThat(next()).isEqualTo(2);
  }

  private int next() {
    return servers.next(0).getPort();
  }
}
