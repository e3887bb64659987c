package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.ByteStrings;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.FrontendType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A segment some of whose statements run with another text, once. The client's own prepared
/// statements stay what they are: each such text is a statement of ours, to which the client's Bind
/// is turned.
final class RewrittenSegment {
  private final Segment segment;
  private final List<@Nullable Execution> executions;
  private final Map<Integer, String> texts;

  /// Which Bind of the segment, from 0, leads to which result.
  private final Map<Integer, Integer> resultOfBind = new HashMap<>();

  private int binds;

  /// @param executions for each result what runs
  /// @param texts what shall run instead, by result
  RewrittenSegment(
      Segment segment, List<@Nullable Execution> executions, Map<Integer, String> texts) {
    this.segment = segment;
    this.executions = executions;
    this.texts = texts;
  }

  /// @param answer to which the segment's answer goes
  void write(Dialogue dialogue, Answer unasked, ReplayedAnswer answer) {
    findBinds();
    closeParsed(dialogue, unasked);
    segment.replay(message -> write(message, dialogue, answer));
    dialogue.owe(answer);
    closeOwn(dialogue, unasked);
    dialogue.flush();
  }

  private void findBinds() {
    Map<String, Integer> bound = new HashMap<>(2);
    int[] seen = {0, 0};
    segment.replay(
        message -> {
          switch (message.getByte(message.readerIndex())) {
            case FrontendType.BIND ->
                bound.put(FrontendMessages.readBind(message).portal(), seen[0]++);
            case FrontendType.EXECUTE -> {
              Integer bind = bound.get(FrontendMessages.readExecute(message).portal());
              if (bind != null) {
                resultOfBind.putIfAbsent(bind, seen[1]);
              }
              seen[1]++;
            }
            default -> {
              // binds nothing
            }
          }
          message.release();
        });
  }

  /// What the first run parsed is still there, and would be there already.
  private void closeParsed(Dialogue dialogue, Answer unasked) {
    List<String> parsed = new ArrayList<>(1);
    segment.replay(
        message -> {
          if (message.getByte(message.readerIndex()) == FrontendType.PARSE) {
            parsed.add(FrontendMessages.readParse(message).statement());
          }
          message.release();
        });
    parsed.removeIf(String::isEmpty);
    close(parsed, dialogue, unasked);
  }

  private void closeOwn(Dialogue dialogue, Answer unasked) {
    if (!segment.simple()) {
      close(texts.keySet().stream().map(RewrittenSegment::ownName).toList(), dialogue, unasked);
    }
  }

  private static void close(List<String> statements, Dialogue dialogue, Answer unasked) {
    if (statements.isEmpty()) {
      return;
    }
    ByteBuf out = Unpooled.buffer(64);
    for (String name : statements) {
      FrontendMessages.close(out, FrontendMessages.Target.STATEMENT, name);
    }
    FrontendMessages.sync(out);
    dialogue.write(out);
    dialogue.owe(new Swallowed(unasked, (_, _, _) -> {}));
  }

  private void write(ByteBuf message, Dialogue dialogue, ReplayedAnswer answer) {
    byte type = message.getByte(message.readerIndex());
    int result = resultOf(type);
    String text = texts.get(result);
    Execution execution = result < 0 ? null : executions.get(result);
    if (text == null || execution == null) {
      dialogue.write(message);
      return;
    }
    ByteBuf out = Unpooled.buffer(text.length() + message.readableBytes() + 64);
    if (type == FrontendType.QUERY) {
      FrontendMessages.query(out, text);
    } else {
      FrontendMessages.parse(out, ownName(result), text, execution.parameterTypes());
      answer.expectOwnParse();
      bind(out, message, ownName(result));
    }
    message.release();
    dialogue.write(out);
  }

  /// Which result a message leads to; -1: none.
  private int resultOf(byte type) {
    return switch (type) {
      case FrontendType.QUERY -> 0;
      case FrontendType.BIND -> resultOfBind.getOrDefault(binds++, -1);
      default -> -1;
    };
  }

  private static String ownName(int result) {
    return "_baton_given_" + result;
  }

  /// The same Bind, to another statement.
  private static void bind(ByteBuf out, ByteBuf message, String statement) {
    FrontendMessages.Bind bind = FrontendMessages.readBind(message);
    int names = 5 + bind.portal().length() + 1 + bind.statement().length() + 1;
    int start = out.writerIndex();
    out.writeByte(FrontendType.BIND).writeInt(0);
    terminated(out, bind.portal());
    terminated(out, ByteStrings.of(statement));
    out.writeBytes(message, message.readerIndex() + names, message.readableBytes() - names);
    out.setInt(start + 1, out.writerIndex() - start - 1);
  }

  private static void terminated(ByteBuf out, String byteString) {
    out.writeCharSequence(byteString, StandardCharsets.ISO_8859_1);
    out.writeByte(0);
  }
}
