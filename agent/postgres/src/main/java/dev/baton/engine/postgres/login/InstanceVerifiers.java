package dev.baton.engine.postgres.login;

import dev.baton.core.route.Route;
import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.admin.AdminConnection;
import dev.baton.engine.postgres.admin.AdminLogin;
import dev.baton.engine.postgres.admin.Rows;
import dev.baton.engine.postgres.backend.BackendRefused;
import dev.baton.engine.postgres.scram.ScramVerifier;
import dev.baton.engine.postgres.wire.ByteStrings;
import dev.baton.net.BackendConnector;
import dev.baton.net.FrontSettings;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads verifiers from the service's home over one connection of the administrative role, which is
/// opened at the first login and again after each move.
///
/// Nothing is cached: a changed or expired password counts from the next login on, as it does
/// directly, and one question costs far less than the login that it is for. While the route is held
/// or the home cannot be reached the questions wait, each up to the hold's bound.
///
/// All state belongs to `loop`. What waits is bounded by the connections that may be logging in.
final class InstanceVerifiers implements Verifiers, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InstanceVerifiers.class);

  /// Between two attempts to reach a home that does not answer although the route is open.
  private static final long RETRY_MILLIS = 50;

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final FrontSettings settings;
  private final Route route;
  private final BackendConnector connector;
  private final EventLoop loop;
  private final Route.Registration registration;
  private final SequencedSet<Question> waiting = new LinkedHashSet<>();
  private @Nullable AdminConnection admin;
  private long connectionEpoch = -1;
  private boolean connecting;
  private boolean complained;
  private boolean closed;

  InstanceVerifiers(
      FrontSettings settings, Route route, BackendConnector connector, EventLoop loop) {
    this.settings = settings;
    this.route = route;
    this.connector = connector;
    this.loop = loop;
    this.registration = route.watch(_ -> loop.execute(this::proceed));
  }

  private record Question(String user, CompletableFuture<Optional<ScramVerifier>> answer) {}

  @Override
  public CompletableFuture<Optional<ScramVerifier>> of(String user) {
    if (!isUtf8(user)) {
      // No role has such a name, and the question would be an error.
      return CompletableFuture.completedFuture(Optional.empty());
    }
    Question question = new Question(user, new CompletableFuture<>());
    loop.execute(() -> add(question));
    return question.answer();
  }

  private void add(Question question) {
    if (closed) {
      question.answer().completeExceptionally(new IOException("the front closes"));
      return;
    }
    ScheduledFuture<?> expiry =
        loop.schedule(() -> expire(question), settings.holdMillis(), TimeUnit.MILLISECONDS);
    question
        .answer()
        .whenComplete(
            (_, _) -> {
              expiry.cancel(false);
              loop.execute(() -> waiting.remove(question)); // its client may be gone
            });
    waiting.add(question);
    proceed();
  }

  /// Asks what can be asked now, and opens a connection when there is none to the present home.
  private void proceed() {
    if (closed) {
      return;
    }
    switch (route.state()) {
      case RouteState.Open open -> serve(open.epoch(), open.home());
      case RouteState.Draining draining -> serve(draining.epoch(), draining.home());
      case RouteState.Held _ -> dropConnection();
    }
  }

  private void serve(long epoch, String home) {
    if (connectionEpoch != epoch) {
      dropConnection();
    }
    AdminConnection present = admin;
    if (present != null && present.isOpen()) {
      while (!waiting.isEmpty()) {
        ask(present, waiting.removeFirst());
      }
    } else if (!connecting && !waiting.isEmpty()) {
      connect(epoch, home);
    }
  }

  private void connect(long epoch, String home) {
    connecting = true;
    AdminLogin login =
        AdminLogin.of(settings.adminUser(), settings.adminPassword(), "postgres", TIMEOUT);
    AdminConnection.open(
            loop, connector, settings.service(), home, epoch, BackendConnector.Purpose.ADMIN, login)
        .whenCompleteAsync(
            (opened, failure) -> {
              connecting = false;
              if (failure != null) {
                complain(home, failure);
                loop.schedule(this::proceed, RETRY_MILLIS, TimeUnit.MILLISECONDS);
              } else if (closed) {
                opened.close();
              } else {
                complained = false;
                admin = opened;
                connectionEpoch = epoch;
                proceed();
              }
            },
            loop);
  }

  /// Once for each time that it fails, not for each attempt.
  private void complain(String home, Throwable failure) {
    if (!complained) {
      complained = true;
      LOG.warn(
          "logins to {} wait: {} cannot be asked for verifiers: {}",
          settings.service(),
          home,
          failure.toString());
    }
  }

  private void ask(AdminConnection connection, Question question) {
    connection
        .query(
            "SELECT rolpassword, coalesce(rolvaliduntil < now(), false) FROM pg_authid"
                + " WHERE rolname::text = "
                + literal(question.user()))
        .whenCompleteAsync((rows, failure) -> answer(connection, question, rows, failure), loop);
  }

  private void answer(
      AdminConnection connection,
      Question question,
      @Nullable Rows rows,
      @Nullable Throwable failure) {
    if (rows != null) {
      question.answer().complete(verifier(rows));
    } else if (failure instanceof BackendRefused && connection.isOpen()) {
      question.answer().completeExceptionally(failure);
    } else {
      // The connection went, and with it perhaps the home: asked again there or at the next one.
      connection.close();
      if (!question.answer().isDone()) {
        waiting.add(question);
        loop.schedule(this::proceed, RETRY_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  private static Optional<ScramVerifier> verifier(Rows rows) {
    if (rows.rows().isEmpty() || "t".equals(rows.rows().getFirst().get(1))) {
      return Optional.empty();
    }
    return rows.value().flatMap(ScramVerifier::parse);
  }

  private void expire(Question question) {
    question
        .answer()
        .completeExceptionally(
            new IOException(
                "the database could not be asked within " + settings.holdMillis() + " ms"));
  }

  private void dropConnection() {
    AdminConnection present = admin;
    admin = null;
    connectionEpoch = -1;
    if (present != null) {
      present.close();
    }
  }

  @Override
  public void close() {
    registration.close();
    loop.execute(
        () -> {
          closed = true;
          dropConnection();
          while (!waiting.isEmpty()) {
            waiting
                .removeFirst()
                .answer()
                .completeExceptionally(new IOException("the front closes"));
          }
        });
  }

  /// Escaped whatever `standard_conforming_strings` says.
  private static String literal(String user) {
    String text = ByteStrings.text(user);
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  private static boolean isUtf8(String user) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(user.getBytes(StandardCharsets.ISO_8859_1)));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
