package dev.baton.service.cli;

import dev.baton.model.Movability;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.StatusView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// The commands that show what an agent knows.
final class ViewCommands {
  private ViewCommands() {}

  static List<Object> all(Terminal terminal) {
    return List.of(
        new Status(terminal),
        new Positions(terminal),
        new Sessions(terminal),
        new Memory(terminal),
        new History(terminal),
        new AuditCommand(terminal));
  }

  static String query(String path, @Nullable Object... parameters) {
    StringBuilder query = new StringBuilder(path);
    char separator = '?';
    for (int i = 0; i < parameters.length; i += 2) {
      Object value = parameters[i + 1];
      if (value != null) {
        query
            .append(separator)
            .append(parameters[i])
            .append('=')
            .append(URLEncoder.encode(value.toString(), StandardCharsets.UTF_8));
        separator = '&';
      }
    }
    return query.toString();
  }

  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "Shows services, their homes and standbys, and hosts.")
  private static final class Status extends ViewCommand {
    Status(Terminal terminal) {
      super(terminal);
    }

    @Override
    String question() {
      return "/v1/status";
    }

    @Override
    List<String> lines(JsonNode answer) {
      return StatusText.lines(as(answer, StatusView.class));
    }
  }

  @Command(
      name = "positions",
      mixinStandardHelpOptions = true,
      description =
          "Shows how far the log is: from the home's end of log down to what is replayed.")
  private static final class Positions extends ViewCommand {
    @Option(names = "--service", paramLabel = "NAME", description = "Of this service only.")
    private @Nullable String service;

    Positions(Terminal terminal) {
      super(terminal);
    }

    @Override
    String question() {
      return query("/v1/positions", "service", service);
    }

    @Override
    List<String> lines(JsonNode answer) {
      return PositionsText.lines(List.of(as(answer, PositionsView[].class)));
    }
  }

  @Command(
      name = "sessions",
      mixinStandardHelpOptions = true,
      description = "Lists clients' sessions, and which of them could not be moved now, and why.")
  private static final class Sessions extends ViewCommand {
    @Option(names = "--service", paramLabel = "NAME", description = "Of this service only.")
    private @Nullable String service;

    @Option(names = "--user", paramLabel = "NAME", description = "Of this database user only.")
    private @Nullable String user;

    @Option(names = "--database", paramLabel = "NAME", description = "In this database only.")
    private @Nullable String database;

    @Option(names = "--client", paramLabel = "ADDRESS", description = "Whose address begins so.")
    private @Nullable String client;

    @Option(names = "--state", paramLabel = "STATE", description = "In this state only.")
    private @Nullable String state;

    @Option(names = "--not-movable", description = "Only those that could not be moved now.")
    private boolean notMovable;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many.")
    private @Nullable Integer limit;

    Sessions(Terminal terminal) {
      super(terminal);
    }

    @Override
    String question() {
      return query(
          "/v1/sessions",
          "service",
          service,
          "user",
          user,
          "database",
          database,
          "client",
          client,
          "state",
          state,
          "movable",
          notMovable ? "false" : null,
          "limit",
          limit);
    }

    @Override
    List<String> lines(JsonNode answer) {
      return sessionLines(as(answer, SessionView[].class));
    }
  }

  static List<String> sessionLines(SessionView... sessions) {
    if (sessions.length == 0) {
      return List.of("no session");
    }
    Table table =
        new Table("")
            .text("SESSION", "SERVICE", "CLIENT", "USER", "DATABASE", "APPLICATION", "STATE")
            .figure("IN TRANSACTION")
            .text("HOME", "TWIN")
            .figure("REQUESTS", "MOVES")
            .text("MOVABLE");
    for (SessionView session : sessions) {
      Double age = session.transactionAgeMillis();
      table.row(
          session.id(),
          session.service(),
          session.client(),
          session.user(),
          session.database(),
          session.application(),
          session.state(),
          age == null ? "" : Figures.millis(age),
          session.home(),
          session.hasTwin() ? "yes" : "no",
          Figures.count(session.requests()),
          session.movesSurvived(),
          movable(session.movability()));
    }
    return table.lines();
  }

  private static String movable(Movability movability) {
    if (movability.movable()) {
      return "yes";
    }
    String when = movability.whenPlanned() ? "planned only: " : "NO: ";
    return when + movability.reason() + "; " + movability.remedy();
  }

  @Command(
      name = "memory",
      mixinStandardHelpOptions = true,
      description = "Shows what the standbys' memories have received, purged, forwarded and hold.")
  private static final class Memory extends ViewCommand {
    @Option(names = "--service", paramLabel = "NAME", description = "Of this service only.")
    private @Nullable String service;

    Memory(Terminal terminal) {
      super(terminal);
    }

    @Override
    String question() {
      return query("/v1/memory", "service", service);
    }

    @Override
    List<String> lines(JsonNode answer) {
      return memoryLines(as(answer, MemoryView[].class));
    }
  }

  static List<String> memoryLines(MemoryView... memories) {
    List<String> lines = new ArrayList<>();
    for (MemoryView memory : memories) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      lines.add(
          "%s at %s   generation %d   log in memory up to %s   %s"
              .formatted(
                  memory.service(),
                  memory.host(),
                  memory.generation(),
                  memory.inMemory(),
                  memory.measuredAt()));
      lines.addAll(counters(memory).lines());
      lines.add(
          "  held %s of %s in RAM (most ever %s), %s spilled to disk, %s commits indexed"
              .formatted(
                  Figures.bytes(memory.bytesHeld()),
                  Figures.bytes(memory.bytesBound()),
                  Figures.bytes(memory.bytesMax()),
                  Figures.bytes(memory.spilledBytes()),
                  Figures.count(memory.commitsIndexed())));
      lines.addAll(uncovered(memory));
    }
    return lines.isEmpty() ? List.of("no memory: no standby follows any service") : lines;
  }

  private static Table counters(MemoryView memory) {
    Table table = new Table("  ").text("").figure("RECEIVED", "PURGED", "FORWARDED", "HELD");
    table.row(
        "requests",
        Figures.count(memory.requestsStamped()),
        Figures.count(memory.requestsPurged()),
        Figures.count(memory.requestsForwarded()),
        "%s (%s)"
            .formatted(
                Figures.count(memory.requestsHeld()), Figures.bytes(memory.requestBytesHeld())));
    table.row(
        "replication data",
        Figures.bytes(memory.replicationBytesReceived()),
        Figures.bytes(memory.replicationBytesPurged()),
        Figures.bytes(memory.replicationBytesForwarded()),
        Figures.bytes(memory.replicationBytesHeld()));
    return table;
  }

  private static List<String> uncovered(MemoryView memory) {
    if (memory.uncovered().isEmpty()) {
      return List.of("  every transaction is covered by the log");
    }
    Table table =
        new Table("  ")
            .figure(
                "SESSION",
                "FIRST REQUEST",
                "REQUESTS",
                "BYTES",
                "STAMPED AT",
                "TRANSACTION",
                "AGE");
    for (MemoryView.UncoveredView row : memory.uncovered()) {
      Long transaction = row.transaction();
      table.row(
          row.session(),
          row.firstRequest(),
          row.requests(),
          Figures.bytes(row.bytes()),
          row.stampedAt(),
          transaction == null ? "none yet" : transaction,
          Figures.millis(row.ageMillis()));
    }
    List<String> lines = new ArrayList<>();
    lines.add("  not yet covered by the log, oldest first:");
    lines.addAll(table.lines());
    return lines;
  }

  @Command(
      name = "history",
      mixinStandardHelpOptions = true,
      description = "Lists the moves that have ended, newest first.")
  private static final class History extends ViewCommand {
    @Option(names = "--service", paramLabel = "NAME", description = "Of this service only.")
    private @Nullable String service;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many.")
    private @Nullable Integer limit;

    History(Terminal terminal) {
      super(terminal);
    }

    @Override
    String question() {
      return query("/v1/history", "service", service, "limit", limit);
    }

    @Override
    List<String> lines(JsonNode answer) {
      return MovesText.history(List.of(as(answer, MoveView[].class)));
    }
  }
}
