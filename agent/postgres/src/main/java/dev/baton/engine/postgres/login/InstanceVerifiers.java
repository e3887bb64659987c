package dev.baton.engine.postgres.login;

import dev.baton.core.route.Route;
import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.admin.AdminConnection;
import dev.baton.engine.postgres.admin.AdminLogin;
import dev.baton.engine.postgres.admin.Rows;
import dev.baton.engine.postgres.backend.BackendRefused;
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
  private VerifierLookup lookup = VerifierLookup.TABLE;
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

  private record Question(String user, CompletableFuture<Answer> answer) {}

  @Override
  public CompletableFuture<Answer> of(String user) {
    if (!isUtf8(user)) {
      // No role has such a name, and the question would be an error.
      return CompletableFuture.completedFuture(
          new Answer.Unusable("no role has a name that is not UTF-8"));
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
        ask(present, lookup, waiting.removeFirst());
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
              if (failure != null) {
                connecting = false;
                complain(home, failure);
                loop.schedule(this::proceed, RETRY_MILLIS, TimeUnit.MILLISECONDS);
              } else {
                findSource(epoch, home, opened);
              }
            },
            loop);
  }

  private void findSource(long epoch, String home, AdminConnection opened) {
    VerifierLookup.of(opened)
        .whenCompleteAsync(
            (source, failure) -> {
              connecting = false;
              if (closed) {
                opened.close();
              } else if (failure != null) {
                opened.close();
                complain(home, failure);
                loop.schedule(this::proceed, RETRY_MILLIS, TimeUnit.MILLISECONDS);
              } else {
                complained = false;
                admin = opened;
                lookup = source;
                connectionEpoch = epoch;
                proceed();
              }
            },
            loop);
  }

  private void complainOfRights(Throwable failure) {
    if (!complained) {
      complained = true;
      LOG.warn(
          "logins to {} are refused: role={} may not read verifiers: {}; give it the function"
              + " baton.user_lookup as docs/configuration.md says",
          settings.service(),
          settings.adminUser(),
          failure.toString());
    }
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

  private void ask(AdminConnection connection, VerifierLookup source, Question question) {
    connection
        .query(source.question(question.user()))
        .whenCompleteAsync((rows, failure) -> answer(connection, question, rows, failure), loop);
  }

  private void answer(
      AdminConnection connection,
      Question question,
      @Nullable Rows rows,
      @Nullable Throwable failure) {
    if (rows != null) {
      question.answer().complete(VerifierLookup.answer(rows));
    } else if (failure instanceof BackendRefused && connection.isOpen()) {
      complainOfRights(failure);
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
