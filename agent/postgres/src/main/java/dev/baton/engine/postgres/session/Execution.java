package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.FrontendMessages.Parse;
import dev.baton.engine.postgres.wire.FrontendType;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One statement that a segment runs: its text, and how its results are sent.
///
/// @param statement name of the prepared statement; empty for a Query too
/// @param parameterTypes as the client's Parse gave them
/// @param formats none, one for all columns, or one for each; 1 is binary
record Execution(
    String statement, String sql, List<Integer> parameterTypes, List<Integer> formats) {
  boolean binary(int column) {
    return switch (formats.size()) {
      case 0 -> false;
      case 1 -> formats.getFirst() == 1;
      default -> column < formats.size() && formats.get(column) == 1;
    };
  }

  /// What the segment runs, one for each of its results; null where its text is not known, since it
  /// was bound by an earlier segment.
  static List<@Nullable Execution> of(Segment segment, SessionState state) {
    List<@Nullable Execution> executions = new ArrayList<>(2);
    Map<String, Parse> parsed = new HashMap<>(2);
    Map<String, @Nullable Execution> bound = new HashMap<>(2);
    segment.replay(
        message -> {
          switch (message.getByte(message.readerIndex())) {
            case FrontendType.QUERY ->
                executions.add(
                    new Execution("", FrontendMessages.readQuery(message), List.of(), List.of()));
            case FrontendType.PARSE -> {
              Parse parse = FrontendMessages.readParse(message);
              parsed.put(parse.statement(), parse);
            }
            case FrontendType.BIND -> {
              FrontendMessages.Bind bind = FrontendMessages.readBind(message);
              Parse parse = parsed.get(bind.statement());
              SessionState.Prepared known = state.statements().find(bind.statement());
              if (parse == null && known != null) {
                parse = FrontendMessages.readParse(known.parse());
              }
              bound.put(bind.portal(), bound(parse, message));
            }
            case FrontendType.EXECUTE ->
                executions.add(bound.get(FrontendMessages.readExecute(message).portal()));
            default -> {
              // runs nothing
            }
          }
          message.release();
        });
    return executions;
  }

  private static @Nullable Execution bound(@Nullable Parse parse, ByteBuf bind) {
    return parse == null
        ? null
        : new Execution(
            parse.statement(),
            parse.sql(),
            parse.parameterTypes(),
            FrontendMessages.readBindResultFormats(bind));
  }
}
