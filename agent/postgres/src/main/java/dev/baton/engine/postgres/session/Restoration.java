package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.FrontendType;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes on a new backend what the session was on the old one: parameters, channels, and the
/// answered requests of its open transaction, whose answers are compared with what the client was
/// given. Prepared statements are made when they are needed.
///
/// Requests are sent again one behind the other, without waiting; but one that showed generated
/// values stands behind a savepoint, and is run once more with the values that the client was given
/// when it shows others.
final class Restoration {
  private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

  private static final String SAVEPOINT = "SAVEPOINT _baton_replay";
  private static final String UNDO = "ROLLBACK TO SAVEPOINT _baton_replay";
  private static final String RELEASE = "RELEASE SAVEPOINT _baton_replay";

  private final SessionCore session;
  private final Dialogue dialogue;
  private final Consumer<@Nullable Integer> done;
  private final List<ReplayedAnswer> replayed = new ArrayList<>();
  private final ArrayDeque<Segment> waiting = new ArrayDeque<>();
  private boolean blockOpened;
  private boolean ownFailed;
  private int requests;
  private @Nullable String obstacle;

  /// @param done told the number of replayed requests, or null when a replayed answer differs; the
  ///   backend then has no transaction
  Restoration(SessionCore session, Dialogue dialogue, Consumer<@Nullable Integer> done) {
    this.session = session;
    this.dialogue = dialogue;
    this.done = done;
  }

  void begin() {
    OpenTransaction open = session.transaction();
    session.state().statements().newBackend();
    session.state().binding().newBackend();
    Reinstatement own =
        new Reinstatement(
            session.state().binding(),
            session.state().temporary(),
            session.state().carried(),
            dialogue,
            session.unasked());
    own.takeLocks();
    for (String command : session.state().restoration(open != null)) {
      dialogue.write(OwnMessages.simple(command));
      dialogue.owe(new Swallowed(session.unasked(), (_, error, _) -> noteRefused(command, error)));
    }
    if (own.isNeeded()) {
      own.makeObjects(this::objectsMade);
    } else {
      replay();
    }
  }

  private void objectsMade(@Nullable String obstacle) {
    if (obstacle != null) {
      session.relocation().notMovable(obstacle);
      return;
    }
    replay();
    session.flush();
  }

  private void replay() {
    OpenTransaction open = session.transaction();
    if (open != null && open.doomed() && session.status() != TransactionStatus.IDLE) {
      beginDoomed();
      return;
    }
    if (open != null) {
      waiting.addAll(open.answered());
    }
    replayNext();
  }

  private void noteRefused(String command, @Nullable ErrorFields error) {
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

  /// Sends what is left, up to the first request whose answer decides how to go on.
  private void replayNext() {
    Segment segment;
    while ((segment = waiting.poll()) != null) {
      requests += segment.requests();
      if (segment.generates() && !segment.given().rows().isEmpty()) {
        replayGenerating(segment);
        return;
      }
      replay(segment);
      blockOpened = true;
    }
    OpenTransaction open = session.transaction();
    if (open != null && !replayed.isEmpty()) {
      askAgain(open);
    }
    finish();
  }

  private ReplayedAnswer replay(Segment segment) {
    ReplayedAnswer answer = comparing(segment);
    replayed.add(answer);
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
    return answer;
  }

  private ReplayedAnswer comparing(Segment segment) {
    return new ReplayedAnswer(session.unasked(), segment.given(), ReplayedAnswer.Extent.WHOLE);
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
      parsed.forEach(session.state().statements()::onBackend);
      return List.of();
    }
    SessionState.Prepared missing = session.state().statements().takeMissing(name);
    return missing == null ? List.of() : List.of(missing);
  }

  // Requests that showed generated values.

  private void replayGenerating(Segment segment) {
    boolean within = blockOpened;
    blockOpened = true;
    if (within) {
      own(SAVEPOINT);
    }
    ReplayedAnswer trial = replay(segment);
    trial.whenComplete(() -> tried(segment, trial, within));
    dialogue.flush();
  }

  private void own(String command) {
    dialogue.write(OwnMessages.unseen(command));
    dialogue.owe(new Swallowed(session.unasked(), (_, error, _) -> ownFailed |= error != null));
  }

  private void tried(Segment segment, ReplayedAnswer trial, boolean within) {
    if (trial.same()) {
      passed(within);
      return;
    }
    boolean first = replayed.stream().filter(answer -> !answer.same()).count() == 1;
    Regeneration again =
        new Regeneration(dialogue, session.unasked(), session.state(), segment, trial);
    if (!first || !again.isPossible()) {
      obstacle = again.obstacle();
      finish();
      dialogue.flush();
      return;
    }
    if (within) {
      own(UNDO);
    } else {
      dialogue.write(OwnMessages.rollback(false));
      dialogue.owe(ignored());
    }
    again.begin(
        possible -> {
          if (possible) {
            runAgain(again, segment, trial, within);
          } else {
            obstacle = again.obstacle();
            finish();
            dialogue.flush();
          }
        });
  }

  private void runAgain(Regeneration again, Segment segment, ReplayedAnswer trial, boolean within) {
    ReplayedAnswer second = comparing(segment);
    replayed.remove(trial);
    replayed.add(second);
    second.whenComplete(
        () -> {
          if (second.same()) {
            passed(within);
          } else {
            obstacle = "even with the values that were given";
            finish();
            dialogue.flush();
          }
        });
    again.run(second);
  }

  private void passed(boolean within) {
    if (within) {
      own(RELEASE);
    }
    replayNext();
    dialogue.flush();
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

  private void noteDifference() {
    int differing = 0;
    while (differing < replayed.size() && replayed.get(differing).same()) {
      differing++;
    }
    String difference =
        differing < replayed.size() ? replayed.get(differing).difference() : "a savepoint failed";
    LOG.info(
        "session {}: replay of request {} of {}: {}{}; rolled back",
        session.number(),
        Math.min(differing + 1, replayed.size()),
        replayed.size() + waiting.size(),
        difference,
        obstacle == null ? "" : ", " + obstacle);
  }

  /// A last exchange, whose answer says that all before it are in.
  private void finish() {
    dialogue.write(OwnMessages.sync());
    dialogue.owe(
        new Swallowed(
            session.unasked(),
            (status, _, _) -> {
              if (!ownFailed && replayed.stream().allMatch(ReplayedAnswer::same)) {
                session.state().carried(null);
                done.accept(requests);
                return;
              }
              noteDifference();
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
