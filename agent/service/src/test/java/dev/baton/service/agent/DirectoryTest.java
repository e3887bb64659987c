package dev.baton.service.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.cluster.HostRecord;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirectoryTest {
  private static final HostRecord B = new HostRecord("b", "", "127.0.0.1:7433", "");

  @Test
  void aHostIsWhereItSaysEvenWhenItHasGone() {
    Directory directory = new Directory(List.of());
    assertThat(directory.address("b")).isNull();
    directory.seen(List.of(B));
    directory.seen(List.of());
    assertThat(directory.address("b")).isEqualTo(new InetSocketAddress("127.0.0.1", 7433));
  }

  @Test
  void theConfigurationsWayGoesBeforeWhatAHostSaysOfItself() {
    Directory directory = new Directory(List.of("b=127.0.0.1:9999"));
    directory.seen(List.of(B));
    assertThat(directory.address("b")).isEqualTo(new InetSocketAddress("127.0.0.1", 9999));
  }
}
