package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.SessionState.Prepared;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.FrontendType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the messages of one segment: which statements they are about, as far as their texts tell.
final class MessageReader {
  private final SessionState state;
  private final OpenTransaction transaction;
  private final Map<String, Prepared> parsedHere = new HashMap<>(4);
  private @Nullable ByteBuf lastRead;
  private @Nullable Reading lastReading;

  MessageReader(SessionState state, OpenTransaction transaction) {
    this.state = state;
    this.transaction = transaction;
  }

  /// A Parse of this segment was passed on.
  void parsed(Prepared prepared) {
    parsedHere.put(prepared.name(), prepared);
  }

  boolean isParsedHere(String name) {
    return parsedHere.containsKey(name);
  }

  /// Reads a message of the client; may be asked about the same message again.
  @SuppressWarnings("ReferenceEquality") // the very same message, not an equal one
  Reading read(ByteBuf message) {
    Reading last = lastReading;
    if (message == lastRead && last != null) {
      return last;
    }
    Reading reading = readNew(message);
    lastRead = message;
    lastReading = reading;
    return reading;
  }

  private Reading readNew(ByteBuf message) {
    byte type = message.getByte(message.readerIndex());
    return switch (type) {
      case FrontendType.QUERY -> {
        String sql = FrontendMessages.readQuery(message);
        yield new Reading(type, "", scan(sql), null, false, sql);
      }
      case FrontendType.PARSE -> {
        FrontendMessages.Parse parse = FrontendMessages.readParse(message);
        Prepared prepared =
            new Prepared(
                parse.statement(), parse.sql(), scan(parse.sql()), Unpooled.copiedBuffer(message));
        yield new Reading(type, parse.statement(), null, prepared, true, "");
      }
      case FrontendType.BIND -> {
        FrontendMessages.Bind bind = FrontendMessages.readBind(message);
        yield new Reading(
            type, bind.portal(), null, find(bind.statement()), false, bind.statement());
      }
      case FrontendType.DESCRIBE -> {
        FrontendMessages.Describe describe = FrontendMessages.readDescribe(message);
        boolean statement = describe.target() == FrontendMessages.Target.STATEMENT;
        yield new Reading(type, describe.name(), null, null, statement, "");
      }
      case FrontendType.CLOSE -> {
        FrontendMessages.Close close = FrontendMessages.readClose(message);
        boolean statement = close.target() == FrontendMessages.Target.STATEMENT;
        yield new Reading(type, close.name(), null, null, statement, "");
      }
      case FrontendType.EXECUTE -> {
        String portal = FrontendMessages.readExecute(message).portal();
        yield new Reading(type, portal, null, transaction.portals().get(portal), false, "");
      }
      default -> new Reading(type, "", null, null, false, "");
    };
  }

  /// The kind of what a segment that begins with these messages runs first.
  static StatementKind leading(
      Iterable<ByteBuf> messages, SessionState state, OpenTransaction transaction) {
    MessageReader reader = new MessageReader(state, transaction);
    for (ByteBuf message : messages) {
      Reading reading = reader.readNew(message);
      Script script = reading.script();
      if (script != null) {
        return script.isSingle() ? script.only() : StatementKind.WORK;
      }
      Prepared prepared = reading.prepared();
      if (reading.type() == FrontendType.PARSE && prepared != null) {
        reader.parsed(prepared);
      } else if (reading.type() == FrontendType.BIND) {
        return reading.kind();
      }
    }
    return StatementKind.WORK;
  }

  private Script scan(String sql) {
    if (state.unsafeEncoding() && sql.chars().anyMatch(c -> c >= 0x80)) {
      return Script.UNREADABLE;
    }
    return StatementScanner.scan(sql, state.standardConformingStrings());
  }

  /// The statement of this name, parsed in this segment or before it.
  @Nullable Prepared find(String statement) {
    Prepared here = parsedHere.get(statement);
    return here != null ? here : state.statements().find(statement);
  }

  /// True when the segment that begins with these messages would commit by itself what it writes,
  /// and can as well run in a block.
  boolean commitsByItself(Iterable<ByteBuf> messages) {
    boolean wants = false;
    Map<String, Prepared> parsed = new HashMap<>(4);
    for (ByteBuf message : messages) {
      Reading reading = readNew(message);
      switch (reading.type()) {
        case FrontendType.QUERY -> {
          return fitsBlock(reading.script());
        }
        case FrontendType.FUNCTION_CALL -> wants = true;
        case FrontendType.PARSE -> {
          Prepared prepared = reading.prepared();
          if (prepared != null) {
            parsed.put(reading.name(), prepared);
          }
        }
        case FrontendType.BIND -> {
          Prepared here = parsed.get(reading.sql());
          Prepared bound = here != null ? here : reading.prepared();
          StatementKind kind = bound == null ? StatementKind.WORK : bound.kind();
          if (kind != StatementKind.SESSION && !fitsBlock(kind)) {
            return false;
          }
          wants |= fitsBlock(kind);
        }
        case FrontendType.FLUSH ->
            wants |= parsed.values().stream().anyMatch(prepared -> fitsBlock(prepared.kind()));
        default -> {
          // says nothing of what will run
        }
      }
    }
    return wants;
  }

  private static boolean fitsBlock(StatementKind kind) {
    return kind == StatementKind.WORK || kind == StatementKind.COPY;
  }

  /// Several statements in one text run in a block of the server's own, so whatever refuses a block
  /// is refused there too.
  private static boolean fitsBlock(@Nullable Script script) {
    return script != null
        && script.mayWrite()
        && !script.controlsTransaction()
        && !script.any(StatementKind.SAVEPOINT)
        && (!script.isSingle() || fitsBlock(script.only()));
  }
}
