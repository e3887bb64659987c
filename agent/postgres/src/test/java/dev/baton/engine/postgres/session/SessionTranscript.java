package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.route.Route.Fate;
import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.login.ScriptedRoute;
import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.TransactionStatus;
import dev.baton.model.Durability;
import dev.baton.net.AccessPolicy;
import dev.baton.net.BackendConnector.Purpose;
import dev.baton.net.FrontSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Transcripts of one session: what goes to the backend, what the client gets.
abstract class SessionTranscript {
  static final RouteState GUARDED = open(1, "a", "b");
  static final String QUESTION = "FunctionCall";
  final EmbeddedChannel loop = new EmbeddedChannel();
  final RestoreOrder order = new RestoreOrder(loop.eventLoop(), 100);
  final RecordingLog log = new RecordingLog();
  final ScriptedRoute route = new ScriptedRoute(GUARDED);
  final List<String> toClient = new ArrayList<>();
  final List<Backend> opened = new ArrayList<>();
  final MoveTallies tallies = new MoveTallies();
  final List<Integer> stampsBeforeSent = new ArrayList<>();
  boolean closed;

  static RouteState open(long epoch, String home, String... standbys) {
    return new RouteState.Open(epoch, home, List.of(standbys), Durability.REPLICATION);
  }

  SessionCore interruptedCommit(Fate fate) {
    SessionCore session = begin();
    query(session, "insert into t values (1)");
    backend().says(session, complete("BEGIN"), ready('T'), complete("INSERT 0 1"), ready('T'));
    backend().says(session, id(77), ready('T'));
    route.fates =
        transaction -> {
          assertThat(transaction).isEqualTo(77);
          return CompletableFuture.completedFuture(fate);
        };
    loseAndOpen(session);
    backend().says(session, ready('I'));
    return session;
  }

  SessionCore openTransaction() {
    SessionCore session = begin();
    query(session, "begin");
    backend().says(session, complete("BEGIN"), ready('T'));
    query(session, "update t set a = 1");
    backend().says(session, complete("UPDATE 1"), ready('T'), id(77), ready('T'));
    return session;
  }

  void loseAndOpen(SessionCore session) {
    session.backendLost();
    loop.runPendingTasks();
    route.set(open(2, "b"));
    session.routeChanged(route.state());
    for (int i = 0; i < 5; i++) {
      loop.runPendingTasks();
    }
  }

  SessionCore begin() {
    FrontSettings settings =
        new FrontSettings(
            "test",
            "f",
            new InetSocketAddress(0),
            AccessPolicy.PASSWORD,
            "",
            "",
            1 << 20,
            1 << 20,
            20_000,
            100,
            1000,
            false,
            10,
            10);
    loop.freezeTime();
    FrontShared shared =
        new FrontShared(settings, route, log, tallies, order, new BindingFunctions());
    SessionCore session =
        new SessionCore(
            shared,
            1,
            new Client(),
            (host, epoch, purpose, listener) -> {
              if (purpose == Purpose.WORK) {
                listener.opened(new Backend(host, epoch, listener));
              }
            },
            new LoopClock(loop.eventLoop()),
            ByteBufAllocator.DEFAULT);
    Backend first =
        new Backend(
            "a",
            1,
            new BackendEvents(session) {
              @Override
              public void opened(BackendPort backend) {}

              @Override
              public void refused(String why) {}
            });
    session.begin(first);
    return session;
  }

  Backend backend() {
    return opened.getLast();
  }

  static void query(SessionCore session, String sql) {
    ByteBuf out = Unpooled.buffer();
    FrontendMessages.query(out, sql);
    session.clientMessage(out);
    session.clientReadComplete();
  }

  static void pipeline(SessionCore session, String... statements) {
    for (String sql : statements) {
      session.clientMessage(written(out -> FrontendMessages.parse(out, "", sql, List.of())));
      session.clientMessage(written(out -> FrontendMessages.bind(out, "", "", List.of())));
      session.clientMessage(written(out -> FrontendMessages.execute(out, "", 0)));
    }
    session.clientMessage(written(FrontendMessages::sync));
    session.clientReadComplete();
  }

  static ByteBuf written(Consumer<ByteBuf> writer) {
    ByteBuf out = Unpooled.buffer();
    writer.accept(out);
    return out;
  }

  static ByteBuf complete(String tag) {
    return written(out -> BackendMessages.commandComplete(out, tag));
  }

  static ByteBuf ready(char status) {
    return written(
        out ->
            BackendMessages.readyForQuery(
                out,
                switch (status) {
                  case 'I' -> TransactionStatus.IDLE;
                  case 'T' -> TransactionStatus.IN_TRANSACTION;
                  default -> TransactionStatus.FAILED;
                }));
  }

  static ByteBuf row(String... values) {
    return written(out -> BackendMessages.dataRow(out, List.of(values)));
  }

  static ByteBuf id(long transaction) {
    return Unpooled.buffer().writeByte('V').writeInt(16).writeInt(8).writeLong(transaction);
  }

  static ByteBuf error(String code) {
    return written(ErrorFields.error(code, "x")::writeError);
  }

  static ByteBuf fatal(String code) {
    return written(ErrorFields.fatal(code, "x")::writeError);
  }

  static String printed(ByteBuf message) {
    return switch ((char) message.getByte(message.readerIndex())) {
      case 'C' -> BackendMessages.readCommandComplete(message);
      case 'Z' -> "ready " + (char) message.getByte(message.readerIndex() + 5);
      case 'D' -> "row " + String.join(",", BackendMessages.readDataRow(message));
      case 'E' -> "error " + ErrorFields.read(message).code();
      case 'S' -> {
        BackendMessages.ParameterStatus status = BackendMessages.readParameterStatus(message);
        yield status.name() + "=" + status.value();
      }
      default -> "" + (char) message.getByte(message.readerIndex());
    };
  }

  final class Client implements ClientPort {
    @Override
    public void write(ByteBuf message) {
      toClient.add(printed(message));
      message.release();
    }

    @Override
    public void flush() {}

    @Override
    public void reading(boolean on) {}

    @Override
    public void close() {
      closed = true;
    }
  }

  final class Backend implements BackendPort {
    final List<String> sent = new ArrayList<>();
    final BackendSource.Listener listener;
    private final String host;
    private final long epoch;

    Backend(String host, long epoch, BackendSource.Listener listener) {
      this.host = host;
      this.epoch = epoch;
      this.listener = listener;
      opened.add(this);
    }

    void says(SessionCore session, ByteBuf... messages) {
      for (ByteBuf message : messages) {
        session.backendMessage(message);
      }
      session.backendReadComplete();
      loop.runPendingTasks();
    }

    @Override
    public String host() {
      return host;
    }

    @Override
    public long epoch() {
      return epoch;
    }

    @Override
    public Map<String, String> parameters() {
      return Map.of("application_name", "psql");
    }

    @Override
    public void write(ByteBuf message) {
      stampsBeforeSent.add(log.lines.size());
      sent.add(
          switch ((char) message.getByte(message.readerIndex())) {
            case 'Q' -> FrontendMessages.readQuery(message);
            case 'F' -> QUESTION;
            case 'S' -> "Sync";
            default -> "" + (char) message.getByte(message.readerIndex());
          });
      message.release();
    }

    @Override
    public void flush() {}

    @Override
    public void reading(boolean on) {}

    @Override
    public void cancel() {}

    @Override
    public void close() {}
  }
}
