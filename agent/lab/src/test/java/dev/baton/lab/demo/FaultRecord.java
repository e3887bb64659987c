package dev.baton.lab.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// docs/faults.md: what was run of the matrix, how often, and what came of it. It is the only
/// memory of earlier runs, so that a run that was broken off is gone on with.
final class FaultRecord {
  static final String HELD = "held";
  private static final Pattern ROW =
      Pattern.compile("\\| (.+?) \\| (\\d+) \\| (\\d+) \\| (.*?) \\| (.*?) \\| (.*?) \\|");
  private static final String HEAD =
      """
      | fault / when / clients | runs | held | last verdict | commit | date |
      |---|---|---|---|---|---|
      """;

  private final Path file;
  private final String text;
  private final Map<String, Row> rows = new LinkedHashMap<>();

  /// @param verdict of the last run
  /// @param commit that it was run with
  record Row(int runs, int held, String verdict, String commit, String date) {
    static final Row NONE = new Row(0, 0, "not run yet", "", "");

    Row with(String last, String itsCommit, String itsDate) {
      return new Row(runs + 1, held + (last.equals(HELD) ? 1 : 0), last, itsCommit, itsDate);
    }
  }

  private FaultRecord(Path file, String text) {
    this.file = file;
    this.text = text;
  }

  /// @param cells that there are, in their order; rows of others are dropped
  static FaultRecord read(Path file, List<String> cells) throws IOException {
    String all = Files.readString(file);
    int table = all.indexOf(HEAD);
    if (table < 0) {
      throw new IOException(file + " has no table with the line " + HEAD.lines().findFirst());
    }
    FaultRecord record = new FaultRecord(file, all.substring(0, table));
    cells.forEach(cell -> record.rows.put(cell, Row.NONE));
    for (String line : all.substring(table + HEAD.length()).lines().toList()) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        record.rows.computeIfPresent(
            row.group(1),
            (cell, none) ->
                new Row(
                    Integer.parseInt(row.group(2)),
                    Integer.parseInt(row.group(3)),
                    row.group(4),
                    row.group(5),
                    row.group(6)));
      }
    }
    return record;
  }

  /// The cell that was run least often, the first of several.
  String next() {
    return rows.entrySet().stream()
        .min((a, b) -> Integer.compare(a.getValue().runs(), b.getValue().runs()))
        .orElseThrow()
        .getKey();
  }

  Row row(String cell) {
    return rows.getOrDefault(cell, Row.NONE);
  }

  /// On disk when it returns.
  void add(String cell, String verdict, String commit, String date) throws IOException {
    rows.merge(
        cell,
        Row.NONE.with(verdict, commit, date),
        (before, once) -> before.with(verdict, commit, date));
    StringBuilder next = new StringBuilder(text).append(HEAD);
    rows.forEach(
        (name, row) ->
            next.append(
                "| %s | %d | %d | %s | %s | %s |%n"
                    .formatted(
                        name, row.runs(), row.held(), row.verdict(), row.commit(), row.date())));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, next);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
