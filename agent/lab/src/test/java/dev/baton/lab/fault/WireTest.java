package dev.baton.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A wire that does not stop what it should stop makes every partition a fair-weather test.
@Timeout(60)
class WireTest {
  /// Long enough that a byte which is on its way would have come.
  private static final int NOTHING_MILLIS = 200;

  private static final int SOMETHING_MILLIS = 30_000;

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private ServerSocket server;
  private Wire wire;
  private Socket near;
  private Socket far;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    wire = new Wire(loops, (InetSocketAddress) server.getLocalSocketAddress());
    near = new Socket(InetAddress.getLoopbackAddress(), wire.port());
    far = server.accept();
    say(near, 1);
    assertThat(hear(far, SOMETHING_MILLIS)).isEqualTo(1);
  }

  @AfterEach
  void close() throws IOException {
    near.close();
    far.close();
    server.close();
    wire.close();
    loops.shutdownGracefully();
  }

  @Test
  void carriesBothWaysAndTheEnd() throws IOException {
    say(far, 2);
    assertThat(hear(near, SOMETHING_MILLIS)).isEqualTo(2);
    near.close();
    assertThat(hear(far, SOMETHING_MILLIS)).isEqualTo(-1);
  }

  @Test
  void whatIsStoppedComesWhenTheWayIsOpenAgain() throws IOException {
    wire.pass(false, false);
    say(near, 3);
    say(far, 4);
    assertSilent(far);
    assertSilent(near);
    wire.pass(true, true);
    assertThat(hear(far, SOMETHING_MILLIS)).isEqualTo(3);
    assertThat(hear(near, SOMETHING_MILLIS)).isEqualTo(4);
  }

  @Test
  void oneDirectionAloneCanBeStopped() throws IOException {
    wire.pass(false, true);
    say(near, 3);
    say(far, 4);
    assertThat(hear(near, SOMETHING_MILLIS)).isEqualTo(4);
    assertSilent(far);
    wire.pass(true, false);
    assertThat(hear(far, SOMETHING_MILLIS)).isEqualTo(3);
    say(far, 5);
    assertSilent(near);
  }

  @Test
  void theEndOfAConnectionIsNotToldWhileItIsStopped() throws IOException {
    wire.pass(false, false);
    say(near, 3);
    near.close();
    assertSilent(far);
    wire.pass(true, true);
    assertThat(hear(far, SOMETHING_MILLIS)).isEqualTo(3);
    assertThat(hear(far, SOMETHING_MILLIS)).isEqualTo(-1);
  }

  @Test
  void aNewConnectionComesAboutWhenBothDirectionsAreOpen() throws IOException {
    wire.pass(true, false);
    server.setSoTimeout(NOTHING_MILLIS);
    try (Socket late = new Socket(InetAddress.getLoopbackAddress(), wire.port())) {
      say(late, 6);
      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
      wire.pass(true, true);
      server.setSoTimeout(SOMETHING_MILLIS);
      try (Socket accepted = server.accept()) {
        assertThat(hear(accepted, SOMETHING_MILLIS)).isEqualTo(6);
      }
    }
  }

  private static void say(Socket socket, int value) throws IOException {
    socket.getOutputStream().write(value);
  }

  private static int hear(Socket socket, int boundMillis) throws IOException {
    socket.setSoTimeout(boundMillis);
    return socket.getInputStream().read();
  }

  private static void assertSilent(Socket socket) {
    assertThatThrownBy(() -> hear(socket, NOTHING_MILLIS))
        .isInstanceOf(SocketTimeoutException.class);
  }
}
