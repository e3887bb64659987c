package dev.baton.service.cli;

import java.util.ArrayList;
import java.util.List;

/// Rows in aligned columns: texts to the left, figures to the right, two blanks between.
final class Table {
  private final String indent;
  private final List<String> titles = new ArrayList<>();
  private final List<Boolean> figures = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  Table(String indent) {
    this.indent = indent;
  }

  Table text(String... columns) {
    for (String column : columns) {
      titles.add(column);
      figures.add(false);
    }
    return this;
  }

  Table figure(String... columns) {
    for (String column : columns) {
      titles.add(column);
      figures.add(true);
    }
    return this;
  }

  /// @param cells one for each column; control characters in them are shown as `?`, so that a
  ///   client's application name cannot draw on the operator's terminal
  void row(Object... cells) {
    if (cells.length != titles.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + titles.size() + " columns");
    }
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(Figures.printable(cell.toString()));
    }
    rows.add(row);
  }

  List<String> lines() {
    int[] widths = new int[titles.size()];
    List<List<String>> all = new ArrayList<>();
    all.add(titles);
    all.addAll(rows);
    for (List<String> row : all) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return all.stream().map(row -> line(row, widths)).toList();
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder(indent);
    for (int i = 0; i < widths.length; i++) {
      String gap = " ".repeat(widths[i] - row.get(i).length());
      line.append(figures.get(i) ? gap + row.get(i) : row.get(i) + gap).append("  ");
    }
    return line.toString().stripTrailing();
  }
}
