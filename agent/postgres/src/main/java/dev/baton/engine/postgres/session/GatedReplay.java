package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.ByteStrings;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.FrontendType;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Replays one gated transaction on a new backend and commits it there, if it answers what it
/// answered before. All but its last segment are compared before that one, which commits, is sent.
final class GatedReplay {
  private static final int MAX_TRIALS = 4;

  private final SessionCore session;
  private final Dialogue dialogue;
  private final GatedTransaction gated;
  private final Consumer<Boolean> done;
  private final GeneratedKeys keys = new GeneratedKeys();
  private final List<ReplayedAnswer> answers = new ArrayList<>();
  private final Set<String> parsed = new HashSet<>();
  private boolean ownFailed;
  private int trials;

  /// @param done told whether it is committed, with the answers that it had before
  GatedReplay(
      SessionCore session, Dialogue dialogue, GatedTransaction gated, Consumer<Boolean> done) {
    this.session = session;
    this.dialogue = dialogue;
    this.gated = gated;
    this.done = done;
  }

  void begin() {
    trials++;
    answers.clear();
    parsed.clear();
    keys.newTrial();
    ownFailed = false;
    // statements of an earlier one may go by the names that this one uses
    own("DEALLOCATE ALL");
    if (gated.wrapped() || !keys.isEmpty()) {
      own("BEGIN");
    }
    keys.before().forEach(this::own);
    List<GatedTransaction.Part> parts = gated.parts();
    int beforeCommit = gated.wrapped() ? parts.size() : parts.size() - 1;
    parts.subList(0, beforeCommit).forEach(this::replay);
    keys.after().forEach(this::own);
    dialogue.write(OwnMessages.sync());
    dialogue.owe(new Swallowed(session.unasked(), (status, _, _) -> compared(status)));
    dialogue.flush();
  }

  private void own(String sql) {
    dialogue.write(OwnMessages.simple(sql));
    dialogue.owe(new Swallowed(session.unasked(), (_, error, _) -> ownFailed |= error != null));
  }

  private void replay(GatedTransaction.Part part) {
    ReplayedAnswer answer = new ReplayedAnswer(session.unasked(), part.expected(), part.extent());
    answers.add(answer);
    part.segment()
        .replay(
            message -> {
              SessionState.Prepared missing = missing(message);
              if (missing != null) {
                answer.expectOwnParse();
                dialogue.write(missing.message());
              }
              dialogue.write(message);
            });
    dialogue.owe(answer);
  }

  /// The statement that the message needs, as it was when the transaction used it.
  private SessionState.@Nullable Prepared missing(ByteBuf message) {
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
    if (name == null || !parsed.add(name)) {
      return null;
    }
    SessionState.Prepared used = gated.transaction().used(name);
    return used != null ? used : session.state().statements().find(name);
  }

  private boolean allSame() {
    return !ownFailed && answers.stream().allMatch(ReplayedAnswer::same);
  }

  private void compared(TransactionStatus status) {
    if (allSame() && status != TransactionStatus.FAILED) {
      commit();
    } else if (status == TransactionStatus.IDLE) {
      done.accept(false);
    } else {
      rollBack();
    }
  }

  private void rollBack() {
    answers.forEach(answer -> keys.compare(answer.given(), answer.now()));
    dialogue.write(OwnMessages.rollback(true));
    dialogue.owe(new Swallowed(session.unasked(), (_, _, _) -> {}));
    String question = keys.question();
    if (question == null || trials == MAX_TRIALS) {
      dialogue.write(OwnMessages.sync());
      dialogue.owe(new Swallowed(session.unasked(), (_, _, _) -> done.accept(false)));
    } else {
      dialogue.write(OwnMessages.simple(question));
      dialogue.owe(new FoundSequences());
    }
    dialogue.flush();
  }

  private void commit() {
    gated.sendsCommit();
    if (gated.wrapped()) {
      own("COMMIT");
    } else {
      replay(gated.parts().getLast());
    }
    dialogue.write(OwnMessages.sync());
    dialogue.owe(
        new Swallowed(
            session.unasked(),
            (status, _, _) -> done.accept(allSame() && status == TransactionStatus.IDLE)));
    dialogue.flush();
  }

  private final class FoundSequences implements Answer {
    private boolean anew;

    @Override
    public void message(byte type, ByteBuf message) {
      if (type == BackendType.DATA_ROW) {
        List<@Nullable String> row = BackendMessages.readDataRow(message);
        anew |=
            keys.found(
                ByteStrings.of(String.valueOf(row.get(0))),
                Long.parseLong(String.valueOf(row.get(1))),
                Long.parseLong(String.valueOf(row.get(2))));
      }
      message.release();
    }

    @Override
    public boolean ready(TransactionStatus status, ByteBuf ready) {
      ready.release();
      if (anew) {
        begin();
      } else {
        done.accept(false);
      }
      return true;
    }
  }
}
