package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.Script.Statement;
import dev.baton.engine.postgres.session.SessionState.Prepared;
import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.FrontendType;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What the messages of one segment mean: which statements they run, what these do to transaction
/// and session, and which of the server's answers belongs to which of them.
final class Statements {
  /// A Parse that was sent.
  ///
  /// @param own true when the session sent it, to make a statement that its backend did not have
  private record Parsing(Prepared prepared, boolean own) {}

  private final SessionState state;
  private final OpenTransaction transaction;
  private final boolean simple;
  private final MessageReader reader;
  private final ArrayDeque<Parsing> parses = new ArrayDeque<>(2);
  private final ArrayDeque<Reading> closes = new ArrayDeque<>(2);
  private final ArrayDeque<Prepared> executes = new ArrayDeque<>(2);
  private @Nullable Reading query;
  private int completed;
  private boolean executed;
  private boolean blockOpened;
  private boolean blockEnded;
  private boolean endSeen;
  private boolean chains;
  private boolean writesAfterEnd;
  private boolean opaque;
  private boolean asked;
  private boolean failed;
  private boolean copies;
  private boolean copyIn;
  private boolean inBlock;
  private boolean rolledBack;

  /// First value of the last row; null when nobody asks for it.
  private @Nullable String shown;

  Statements(SessionState state, OpenTransaction transaction, boolean simple) {
    this.state = state;
    this.transaction = transaction;
    this.simple = simple;
    this.reader = new MessageReader(state, transaction);
  }

  MessageReader reader() {
    return reader;
  }

  /// What became of it cannot be found out by one transaction id.
  boolean opaque() {
    return opaque;
  }

  void becomeOpaque() {
    opaque = true;
  }

  boolean blockOpened() {
    return blockOpened;
  }

  /// Something that ends a block was passed on.
  boolean blockEnded() {
    return blockEnded;
  }

  /// The server said that a block has ended.
  boolean endSeen() {
    return endSeen;
  }

  /// The COMMIT that was passed on begins the next block.
  boolean chains() {
    return chains;
  }

  /// What follows the last end of a block may write.
  boolean writesAfterEnd() {
    return writesAfterEnd;
  }

  private void passedOn(Statement statement) {
    StatementKind kind = statement.kind();
    switch (kind) {
      case COMMIT, ROLLBACK, TWO_PHASE -> {
        writesAfterEnd = false;
        chains = statement.chains();
      }
      case EMPTY, BEGIN, SAVEPOINT, SESSION, WORK, COPY, PROCEDURE, MAINTENANCE, ALONE ->
          writesAfterEnd |= kind.mayWrite();
    }
  }

  boolean executed() {
    return executed;
  }

  /// The id was asked for before the commit in this segment.
  boolean asked() {
    return asked;
  }

  void asking() {
    asked = true;
  }

  boolean failed() {
    return failed;
  }

  /// The transaction that it ended was rolled back.
  boolean rolledBack() {
    return rolledBack;
  }

  boolean copies() {
    return copies;
  }

  boolean copyIn() {
    return copyIn;
  }

  boolean allExecuted() {
    return executes.isEmpty();
  }

  /// The statement that this message needs and the present backend does not have yet.
  Iterable<Prepared> missing(Reading reading) {
    String name =
        switch (reading.type()) {
          case FrontendType.BIND -> reading.sql();
          case FrontendType.DESCRIBE -> reading.ofStatement() ? reading.name() : null;
          default -> null;
        };
    if (name == null || reader.isParsedHere(name)) {
      return java.util.List.of();
    }
    Prepared missing = state.statements().takeMissing(name);
    if (missing == null) {
      return java.util.List.of();
    }
    parses.add(new Parsing(missing, true));
    return java.util.List.of(missing);
  }

  /// The message goes to the backend now.
  ///
  /// @return true when it may commit something
  boolean sent(Reading reading, TransactionStatus before, boolean wrapped) {
    return switch (reading.type()) {
      case FrontendType.QUERY -> querySent(reading, before, wrapped);
      case FrontendType.FUNCTION_CALL -> {
        transaction.mayHaveWritten();
        yield opaqueUnless(before != TransactionStatus.IDLE || wrapped);
      }
      case FrontendType.PARSE -> {
        Prepared prepared = reading.prepared();
        if (prepared != null) {
          reader.parsed(prepared);
          parses.add(new Parsing(prepared, false));
        }
        yield false;
      }
      case FrontendType.BIND -> {
        Prepared bound = reader.find(reading.sql());
        if (bound != null) {
          transaction.portals().put(reading.name(), bound);
          transaction.uses(bound);
        } else {
          transaction.portals().remove(reading.name());
        }
        yield false;
      }
      case FrontendType.CLOSE -> {
        closes.add(reading);
        yield false;
      }
      case FrontendType.EXECUTE -> executeSent(reading, before, wrapped);
      case FrontendType.COPY_DONE, FrontendType.COPY_FAIL -> {
        copyIn = false;
        yield false;
      }
      default -> false;
    };
  }

  private boolean querySent(Reading reading, TransactionStatus before, boolean wrapped) {
    query = reading;
    state.statements().closed("");
    Script script = reading.script();
    if (script == null) {
      return false;
    }
    inBlock = before != TransactionStatus.IDLE || wrapped || !script.isSingle();
    script.statements().forEach(this::passedOn);
    copies = script.any(StatementKind.COPY);
    blockOpened = script.any(StatementKind.BEGIN);
    blockEnded =
        script.any(StatementKind.COMMIT)
            || script.any(StatementKind.ROLLBACK)
            || script.any(StatementKind.TWO_PHASE);
    if (script.mayWrite()) {
      transaction.mayHaveWritten();
    }
    boolean several = !script.isSingle();
    boolean mixed = (blockEnded && several) || script.any(StatementKind.TWO_PHASE);
    boolean commits =
        script.any(StatementKind.COMMIT) && before == TransactionStatus.IN_TRANSACTION;
    if (mixed && (script.mayWrite() || before == TransactionStatus.IN_TRANSACTION)) {
      opaque = true;
      return true;
    }
    boolean alone = before == TransactionStatus.IDLE && !wrapped && !blockOpened;
    return commits || (script.mayWrite() && alone && opaqueUnless(false));
  }

  private boolean executeSent(Reading reading, TransactionStatus before, boolean wrapped) {
    StatementKind kind = reading.kind();
    Prepared prepared = reading.prepared();
    executes.add(prepared == null ? UNKNOWN : prepared);
    if (prepared == null) {
      writesAfterEnd = true;
    } else {
      prepared.script().statements().forEach(this::passedOn);
    }
    executed = true;
    copies |= kind == StatementKind.COPY;
    inBlock = before != TransactionStatus.IDLE || wrapped || blockOpened;
    // an answer made up for the COMMIT would not answer what comes after it
    opaque |= blockEnded;
    return switch (kind) {
      case BEGIN -> {
        blockOpened = true;
        yield false;
      }
      case COMMIT -> {
        blockEnded = true;
        yield before == TransactionStatus.IN_TRANSACTION || wrapped || blockOpened;
      }
      case ROLLBACK -> {
        blockEnded = true;
        yield false;
      }
      case TWO_PHASE -> opaqueUnless(false);
      case WORK, COPY, PROCEDURE, ALONE -> {
        transaction.mayHaveWritten();
        yield opaqueUnless(inBlock);
      }
      case EMPTY, SAVEPOINT, SESSION, MAINTENANCE -> false;
    };
  }

  private static final Prepared UNKNOWN =
      new Prepared("", "", new Script(java.util.List.of()), Unpooled.EMPTY_BUFFER);

  private boolean opaqueUnless(boolean known) {
    opaque |= !known;
    return !known;
  }

  /// A message that is too large to be read may do anything.
  void unreadable(byte type, boolean alone) {
    if (type == FrontendType.COPY_DATA) {
      return;
    }
    transaction.mayHaveWritten();
    if (alone) {
      opaque = true;
    }
    if (type == FrontendType.PARSE) {
      parses.add(new Parsing(UNKNOWN, false));
    }
  }

  // Answers.

  /// Takes note of an answer of the server; does not release it.
  ///
  /// @return false when it answers what the session sent on its own account
  boolean answered(byte type, ByteBuf message) {
    switch (type) {
      case BackendType.PARSE_COMPLETE -> {
        Parsing parsing = parses.poll();
        if (parsing == null || parsing.own()) {
          return parsing == null;
        }
        state.statements().prepared(parsing.prepared());
      }
      case BackendType.CLOSE_COMPLETE -> {
        Reading close = closes.poll();
        if (close != null && close.ofStatement()) {
          state.statements().closed(close.name());
        }
      }
      case BackendType.COMMAND_COMPLETE -> {
        copyIn = false;
        commandCompleted(message);
      }
      case BackendType.PORTAL_SUSPENDED, BackendType.EMPTY_QUERY_RESPONSE -> executes.poll();
      case BackendType.COPY_IN_RESPONSE -> copyIn = true;
      case BackendType.DATA_ROW -> show(message);
      default -> {
        // rows and descriptions change nothing here
      }
    }
    return true;
  }

  private void show(ByteBuf row) {
    Script script = null;
    Reading text = query;
    Prepared prepared = executes.peek();
    if (simple && text != null) {
      script = text.script();
    } else if (prepared != null) {
      script = prepared.script();
    }
    if (script != null && script.features().contains(Script.Feature.SET_CONFIG)) {
      byte[] value = new AnsweredRow(0, ByteBufUtil.getBytes(row)).columns().getFirst();
      shown = value == null ? null : new String(value, StandardCharsets.ISO_8859_1);
    }
  }

  private void commandCompleted(ByteBuf message) {
    Reading text = query;
    if (simple && text != null && text.script() != null) {
      var statements = text.script().statements();
      noteUnreadableEnd(text.script(), message);
      if (completed < statements.size()) {
        effect(text.sql(), statements.get(completed++), message);
      }
      shown = null;
      return;
    }
    Prepared prepared = executes.poll();
    if (prepared != null && !prepared.script().statements().isEmpty()) {
      noteUnreadableEnd(prepared.script(), message);
      effect(prepared.sql(), prepared.script().statements().getFirst(), message);
    }
    shown = null;
  }

  /// Where the text does not tell, the server's answer does.
  private void noteUnreadableEnd(Script script, ByteBuf message) {
    if (script.equals(Script.UNREADABLE)) {
      switch (BackendMessages.readCommandComplete(message)) {
        case "COMMIT", "ROLLBACK", "PREPARE TRANSACTION" -> endSeen = true;
        default -> {
          // the block goes on
        }
      }
    }
  }

  private void effect(String sql, Statement statement, ByteBuf message) {
    switch (statement.kind()) {
      case COMMIT -> {
        endSeen = true;
        if (BackendMessages.readCommandComplete(message).equals("ROLLBACK")) {
          rolledBack = true;
          state.rolledBack();
        } else {
          state.committed();
        }
      }
      case ROLLBACK -> {
        endSeen = true;
        rolledBack = true;
        state.rolledBack();
      }
      case TWO_PHASE -> {
        endSeen = true;
        state.ran(sql, statement, inBlock, shown);
      }
      case EMPTY, BEGIN, SAVEPOINT, SESSION, WORK, COPY, PROCEDURE, MAINTENANCE, ALONE ->
          state.ran(sql, statement, inBlock, shown);
    }
  }

  /// The server refused something; in the extended protocol it skips the rest up to Sync.
  void error() {
    failed = true;
    copyIn = false;
    for (Parsing parsing : parses) {
      if (parsing.own()) {
        state.statements().notOnBackend(parsing.prepared().name());
      }
    }
    parses.clear();
    closes.clear();
    executes.clear();
  }

  /// Everything that was passed on succeeded, though the server cannot say it any more. What the
  /// client is told that it has prepared must be known, or its next Bind is refused.
  void allSucceeded() {
    for (Parsing parsing : parses) {
      if (!parsing.own()) {
        state.statements().prepared(parsing.prepared());
      }
    }
    for (Reading close : closes) {
      if (close.ofStatement()) {
        state.statements().closed(close.name());
      }
    }
  }

  /// ReadyForQuery.
  void ended(TransactionStatus status) {
    copyIn = false;
    if (status == TransactionStatus.IDLE) {
      if (failed) {
        rolledBack = true;
        state.rolledBack();
      } else {
        state.committed();
      }
    }
  }
}
