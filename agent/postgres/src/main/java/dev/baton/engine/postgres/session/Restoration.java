package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.FrontendType;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes on a new backend what the session was on the old one: parameters, channels, and the
/// answered requests of its open transaction, whose answers are compared with what the client was
/// given. Prepared statements are made when they are needed.
final class Restoration {
  private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

  private final SessionCore session;
  private final Dialogue dialogue;
  private final Consumer<@Nullable Integer> done;
  private final List<ReplayedAnswer> replayed = new ArrayList<>();
  private int requests;

  /// @param done told the number of replayed requests, or null when a replayed answer differs; the
  ///   backend then has no transaction
  Restoration(SessionCore session, Dialogue dialogue, Consumer<@Nullable Integer> done) {
    this.session = session;
    this.dialogue = dialogue;
    this.done = done;
  }

  void begin() {
    OpenTransaction open = session.transaction();
    boolean replays = open != null && !open.answered().isEmpty();
    session.state().newBackend();
    for (String command : session.state().restoration(open != null)) {
      dialogue.write(OwnMessages.simple(command));
      dialogue.owe(new Swallowed(session.unasked(), (_, error, _) -> noteRefused(command, error)));
    }
    if (open != null && open.doomed() && session.status() != TransactionStatus.IDLE) {
      beginDoomed();
      return;
    }
    if (open != null && replays) {
      List.copyOf(open.answered()).forEach(this::replay);
      askAgain(open);
    }
    finish();
  }

  private void noteRefused(
      String command, dev.baton.engine.postgres.wire.@Nullable ErrorFields error) {
    if (error != null) {
      LOG.warn(
          "session {}: a setting could not be made again: {} ({})",
          session.number(),
          command.split("[=' ]")[0],
          error);
    }
  }

  /// Puts the backend where the client believes to be: in a failed transaction.
  void beginDoomed() {
    if (dialogue.status() != TransactionStatus.IDLE) {
      dialogue.write(OwnMessages.rollback(true));
      dialogue.owe(ignored());
    }
    OpenTransaction open = session.transaction();
    if (open != null && open.doomed()) {
      dialogue.write(OwnMessages.begin(true));
      dialogue.owe(ignored());
      dialogue.write(OwnMessages.failTransaction());
      dialogue.owe(ignored());
    }
    finish();
  }

  private Answer ignored() {
    return new Swallowed(session.unasked(), (_, _, _) -> {});
  }

  private void replay(Segment segment) {
    ReplayedAnswer answer =
        new ReplayedAnswer(session.unasked(), segment.given(), ReplayedAnswer.Extent.WHOLE);
    replayed.add(answer);
    requests += segment.requests();
    List<String> parsed = new ArrayList<>(2);
    segment.replay(
        message -> {
          for (SessionState.Prepared missing : missing(message, parsed)) {
            answer.expectOwnParse();
            dialogue.write(missing.message());
          }
          dialogue.write(message);
        });
    dialogue.owe(answer);
  }

  private List<SessionState.Prepared> missing(ByteBuf message, List<String> parsed) {
    String name =
        switch (message.getByte(message.readerIndex())) {
          case FrontendType.PARSE -> {
            parsed.add(FrontendMessages.readParse(message).statement());
            yield null;
          }
          case FrontendType.BIND -> FrontendMessages.readBind(message).statement();
          case FrontendType.DESCRIBE -> {
            FrontendMessages.Describe describe = FrontendMessages.readDescribe(message);
            yield describe.target() == FrontendMessages.Target.STATEMENT ? describe.name() : null;
          }
          default -> null;
        };
    if (name == null || parsed.contains(name)) {
      parsed.forEach(session.state()::onBackend);
      return List.of();
    }
    SessionState.Prepared missing = session.state().takeMissing(name);
    return missing == null ? List.of() : List.of(missing);
  }

  /// The transaction has another id here.
  private void askAgain(OpenTransaction open) {
    if (open.unasked() && session.status() == TransactionStatus.IN_TRANSACTION) {
      dialogue.write(OwnMessages.question());
      dialogue.owe(
          new Swallowed(
              session.unasked(),
              (_, error, id) -> {
                if (error == null) {
                  open.asked();
                }
                if (id != 0) {
                  session.identified(open, id);
                }
              }));
    }
  }

  /// A last exchange, whose answer says that all before it are in.
  private void finish() {
    dialogue.write(OwnMessages.sync());
    dialogue.owe(
        new Swallowed(
            session.unasked(),
            (status, _, _) -> {
              if (replayed.stream().allMatch(ReplayedAnswer::same)) {
                done.accept(requests);
                return;
              }
              if (status == TransactionStatus.IDLE) {
                done.accept(null);
                return;
              }
              dialogue.write(OwnMessages.rollback(true));
              dialogue.owe(new Swallowed(session.unasked(), (_, _, _) -> done.accept(null)));
              dialogue.flush();
            }));
  }
}
