package dev.baton.console.model;

import dev.baton.console.text.Units;
import dev.baton.model.Json;
import dev.baton.model.view.AuditView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.SessionView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// Turns what is shown into files: CSV as RFC 4180 has it, with field names that do not change with
/// the language, and JSON as the agents told it.
public final class Export {
  private static final String LINE_END = "\r\n";

  private Export() {}

  public static String movesAsJson(List<MoveView> moves) {
    return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(moves) + "\n";
  }

  public static String movesAsCsv(List<MoveView> moves) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        Arrays.asList(
            "service,id,kind,source,target,epoch,reason,actor,outcome,startedAt,detectMillis,"
                .concat("totalMillis,phases,clientsHeld,transactionsReplayed,requestsReplayed,")
                .concat("keepAlivesSent,clientsFailed,explanation,acknowledgedBy,")
                .concat("acknowledgedAt,comment")
                .split(",")));
    for (MoveView move : moves) {
      MoveView.Acknowledgement by = move.acknowledged();
      rows.add(
          List.of(
              move.service(),
              Long.toString(move.id()),
              move.kind().toString(),
              move.source(),
              move.target(),
              Long.toString(move.epoch()),
              move.reason(),
              move.actor(),
              move.outcome(),
              move.startedAt().toString(),
              Double.toString(move.detectMillis()),
              Double.toString(move.totalMillis()),
              move.phases().stream()
                  .map(phase -> phase.name() + "=" + phase.millis())
                  .collect(Collectors.joining(" ")),
              Integer.toString(move.clientsHeld()),
              Integer.toString(move.transactionsReplayed()),
              Integer.toString(move.requestsReplayed()),
              Integer.toString(move.keepAlivesSent()),
              Integer.toString(move.clientsFailed()),
              Objects.requireNonNullElse(move.explanation(), ""),
              by == null ? "" : by.actor(),
              by == null ? "" : by.at().toString(),
              by == null ? "" : by.comment()));
    }
    return csv(rows);
  }

  public static String sessionsAsCsv(List<SessionView> sessions) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "id",
            "client",
            "user",
            "database",
            "application",
            "state",
            "transactionAge",
            "home",
            "front",
            "requests",
            "movesSurvived",
            "movable",
            "reason",
            "remedy"));
    for (SessionView session : sessions) {
      Double age = session.transactionAgeMillis();
      rows.add(
          List.of(
              session.id(),
              session.client(),
              session.user(),
              session.database(),
              session.application(),
              session.state(),
              age == null ? "" : Units.millis(age),
              session.home(),
              session.front(),
              Long.toString(session.requests()),
              Integer.toString(session.movesSurvived()),
              Boolean.toString(session.movability().movable()),
              Objects.requireNonNullElse(session.movability().reason(), ""),
              Objects.requireNonNullElse(session.movability().remedy(), "")));
    }
    return csv(rows);
  }

  public static String auditAsCsv(List<AuditView> entries) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        Arrays.asList(
            "host,number,at,actor,role,from,action,subject,request,result,detail,previous"
                .split(",")));
    for (AuditView entry : entries) {
      rows.add(
          List.of(
              entry.host(),
              Long.toString(entry.number()),
              entry.at().toString(),
              entry.actor(),
              entry.role(),
              entry.from(),
              entry.action(),
              entry.subject(),
              entry.request(),
              entry.result(),
              entry.detail(),
              entry.previous()));
    }
    return csv(rows);
  }

  /// Fields with a separator, a quote or a line end are quoted. What a spreadsheet would take for a
  /// formula is made text: client names come from strangers.
  static String csv(List<List<String>> rows) {
    return rows.stream()
        .map(row -> row.stream().map(Export::field).collect(Collectors.joining(",")))
        .collect(Collectors.joining(LINE_END, "", LINE_END));
  }

  private static String field(String text) {
    boolean formula = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
    String safe = formula ? "'" + text : text;
    boolean quote = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quote ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
  }
}
