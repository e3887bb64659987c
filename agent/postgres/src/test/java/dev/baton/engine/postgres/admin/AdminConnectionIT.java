package dev.baton.engine.postgres.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.engine.postgres.backend.BackendRefused;
import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.net.Transport;
import dev.baton.testing.Await;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class AdminConnectionIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final AdminLogin LOGIN =
      AdminLogin.of(TestServer.USER, TestServer.PASSWORD, "postgres", TIMEOUT);
  private static TestServer server;
  private static Transport transport;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start();
    transport = Transport.open(1);
  }

  @AfterAll
  static void stop() throws IOException {
    transport.close();
    server.close();
  }

  @Test
  void questionsAreAnsweredInOrder() throws Exception {
    try (AdminConnection admin = open(LOGIN)) {
      List<CompletableFuture<Rows>> asked = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        asked.add(admin.query("SELECT " + i + " AS n, NULL AS nothing, 'ä' AS letter"));
      }
      for (int i = 0; i < 20; i++) {
        Rows rows = get(asked.get(i));
        assertThat(rows.value()).contains(Integer.toString(i));
        assertThat(rows.value(0, "nothing")).isNull();
        assertThat(rows.value(0, "letter")).isEqualTo("ä");
        assertThat(rows.tag()).isEqualTo("SELECT 1");
      }
      assertThat(admin.parameters()).containsKeys("server_version", "in_hot_standby");
      assertThat(get(admin.query("SHOW search_path")).value()).contains("pg_catalog");
    }
  }

  @Test
  void aRefusedQuestionLeavesTheConnectionUsable() throws Exception {
    try (AdminConnection admin = open(LOGIN)) {
      CompletableFuture<Rows> wrong = admin.query("SELECT 1/0");
      CompletableFuture<Rows> right = admin.query("SELECT 2; SELECT 3");
      assertThatThrownBy(() -> get(wrong))
          .cause()
          .isInstanceOfSatisfying(
              BackendRefused.class, e -> assertThat(e.fields().code()).isEqualTo("22012"));
      assertThat(get(right).value()).contains("3");
    }
  }

  @Test
  void aWrongPasswordIsTheServersOwnError() {
    AdminLogin wrong = AdminLogin.of(TestServer.USER, "wrong", "postgres", TIMEOUT);
    assertThatThrownBy(() -> open(wrong))
        .cause()
        .isInstanceOfSatisfying(
            BackendRefused.class, e -> assertThat(e.fields().code()).isEqualTo("28P01"));
  }

  @Test
  void aQuestionThatTakesTooLongEndsTheConnection() throws Exception {
    AdminConnection admin =
        open(
            AdminLogin.of(TestServer.USER, TestServer.PASSWORD, "postgres", Duration.ofSeconds(3)));
    assertThatThrownBy(() -> get(admin.query("SELECT pg_catalog.pg_sleep(300)")))
        .cause()
        .hasMessage("no answer within 3000 ms");
    admin.closed().get(Await.BOUND_SECONDS, TimeUnit.SECONDS);
    assertThatThrownBy(() -> get(admin.query("SELECT 1"))).hasCauseInstanceOf(IOException.class);
  }

  @Test
  void anEndedBackendFailsTheQuestionWithTheServersReason() throws Exception {
    try (AdminConnection admin = open(LOGIN)) {
      assertThatThrownBy(
              () ->
                  get(
                      admin.query(
                          "SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())")))
          .cause()
          .isInstanceOfSatisfying(
              BackendRefused.class, e -> assertThat(e.fields().code()).isEqualTo("57P01"));
    }
  }

  @Test
  void replicationCommandsRunAndACopyGoesToItsListener() throws Exception {
    try (AdminConnection replication = open(LOGIN.forReplication())) {
      Rows identity = get(replication.query("IDENTIFY_SYSTEM"));
      assertThat(identity.columns()).containsExactly("systemid", "timeline", "xlogpos", "dbname");

      Recorder backup = new Recorder();
      List<Rows> results =
          replication
              .copy(
                  "BASE_BACKUP ( LABEL 'test', CHECKPOINT 'fast', WAL false, MANIFEST 'no' )",
                  backup)
              .get(Await.BOUND_SECONDS, TimeUnit.SECONDS);
      assertThat(results.getFirst().columns()).containsExactly("recptr", "tli");
      assertThat(backup.before).hasSize(2);
      assertThat(backup.bytes.get()).isGreaterThan(1_000_000);
      assertThat(backup.kinds).contains('n', 'd');
    }
  }

  @Test
  void aStreamOfTheLogIsReadUntilTheClientEndsIt() throws Exception {
    try (AdminConnection replication = open(LOGIN.forReplication())) {
      String position = get(replication.query("IDENTIFY_SYSTEM")).value(0, "xlogpos");
      Recorder recorder = new Recorder();
      CompletableFuture<List<Rows>> ended =
          replication.copy("START_REPLICATION PHYSICAL " + position, recorder);
      CopyStream stream = recorder.started.get(Await.BOUND_SECONDS, TimeUnit.SECONDS);
      server.ask("CREATE TABLE streamed (a int)");
      recorder.first.get(Await.BOUND_SECONDS, TimeUnit.SECONDS);
      stream.eventLoop().execute(stream::sendDone);
      List<Rows> results = ended.get(Await.BOUND_SECONDS, TimeUnit.SECONDS);
      assertThat(results.getLast().tag()).isEqualTo("START_REPLICATION");
      assertThat(recorder.kinds).containsAnyOf('w', 'k');
      assertThat(get(replication.query("IDENTIFY_SYSTEM")).rows()).hasSize(1);
    }
  }

  private static AdminConnection open(AdminLogin login) throws Exception {
    return AdminConnection.open(
            transport.group().next(),
            transport,
            new InetSocketAddress("127.0.0.1", server.port()),
            login)
        .get(Await.BOUND_SECONDS, TimeUnit.SECONDS);
  }

  private static <T> T get(CompletableFuture<T> future)
      throws InterruptedException, ExecutionException, java.util.concurrent.TimeoutException {
    return future.get(Await.BOUND_SECONDS, TimeUnit.SECONDS);
  }

  private static final class Recorder implements CopyStream.Listener {
    final CompletableFuture<CopyStream> started = new CompletableFuture<>();
    final CompletableFuture<Void> first = new CompletableFuture<>();
    final List<Rows> before = new CopyOnWriteArrayList<>();
    final List<Character> kinds = new CopyOnWriteArrayList<>();
    final AtomicLong bytes = new AtomicLong();

    @Override
    public void rows(Rows rows) {
      if (!started.isDone()) {
        before.add(rows);
      }
    }

    @Override
    public void started(CopyStream stream) {
      started.complete(stream);
    }

    @Override
    public void data(ByteBuf body) {
      char kind = (char) body.getByte(body.readerIndex());
      if (!kinds.contains(kind)) {
        kinds.add(kind);
      }
      bytes.addAndGet(body.readableBytes());
      body.release();
      first.complete(null);
    }
  }
}
