package dev.baton.service.control;

import dev.baton.model.view.DrillView;
import dev.baton.model.view.DrillView.Expectation;
import dev.baton.model.view.DrillView.StepView;
import dev.baton.model.view.PlanView.Guardrail;
import org.jspecify.annotations.Nullable;

/// A drill's report as a page to print or file: no script, nothing from elsewhere. Pure.
final class DrillReport {
  private static final String STYLE =
      """
      body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:60em;padding:0 1em;\
      color:#1b1f24;background:#fff}
      h1{font-size:1.5em}h2{font-size:1.1em;margin-top:2em}
      table{border-collapse:collapse;width:100%}
      th,td{text-align:left;padding:.3em .8em .3em 0;border-bottom:1px solid #d0d7de;\
      vertical-align:top}
      .passed,.yes{color:#116329}.failed,.no{color:#a40e26}.aborted{color:#7d4e00}
      .outcome{font-size:1.2em;font-weight:600}
      @media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}\
      th,td{border-color:#30363d}.passed,.yes{color:#3fb950}.failed,.no{color:#ff7b72}\
      .aborted{color:#d29922}}
      """;

  private DrillReport() {}

  static String html(DrillView drill) {
    StringBuilder page = new StringBuilder();
    String title = "Drill %s: %s of %s".formatted(drill.id(), drill.kind(), drill.service());
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .append(text(title))
        .append("</title><style>")
        .append(STYLE)
        .append("</style></head><body>\n<h1>")
        .append(text(title))
        .append("</h1>\n<p class=\"outcome ")
        .append(text(drill.outcome()))
        .append("\">")
        .append(text(drill.outcome() + ": " + drill.explanation()))
        .append("</p>\n<table>");
    row(page, "At", drill.home() + ", taken over by " + drill.target());
    row(page, "By", drill.actor());
    row(page, "Begun", orDash(drill.begunAt()));
    row(page, "Ended", orDash(drill.endedAt()));
    row(page, "Move", orDash(drill.move()));
    page.append("</table>\n");
    expectations(page, drill);
    radius(page, drill.blastRadius());
    preconditions(page, drill);
    page.append("<h2>What happened</h2>\n<table>");
    for (StepView step : drill.steps()) {
      row(page, step.at().toString(), step.what());
    }
    return page.append("</table>\n</body></html>\n").toString();
  }

  private static void expectations(StringBuilder page, DrillView drill) {
    page.append("<h2>Expected and seen</h2>\n<table><tr><th></th><th>What</th><th>Expected</th>")
        .append("<th>Seen</th></tr>");
    for (Expectation each : drill.expectations()) {
      page.append("<tr><td class=\"")
          .append(each.met() ? "yes\">as expected" : "no\">NOT AS EXPECTED")
          .append("</td>");
      cell(page, each.name());
      cell(page, each.expected());
      cell(page, orDash(each.actual()));
      page.append("</tr>");
    }
    page.append("</table>\n");
  }

  private static void radius(StringBuilder page, DrillView.BlastRadius radius) {
    page.append("<h2>What it touched, as measured before</h2>\n<table>");
    row(page, "Clients held", Integer.toString(radius.clients()));
    row(page, "Open transactions", Integer.toString(radius.openTransactions()));
    row(page, "Sessions that were closed", Integer.toString(radius.notMovable()));
    row(
        page,
        "Expected stall",
        radius.expectedStallMillis() == null
            ? "-"
            : "%.0f ms".formatted(radius.expectedStallMillis()));
    row(page, "Also", radius.explanation());
    page.append("</table>\n");
  }

  private static void preconditions(StringBuilder page, DrillView drill) {
    page.append("<h2>What had to hold</h2>\n<table>");
    for (Guardrail each : drill.preconditions()) {
      page.append("<tr>");
      cell(page, each.verdict().name().toLowerCase(java.util.Locale.ROOT));
      cell(page, each.name());
      cell(page, each.value());
      cell(page, each.why());
      page.append("</tr>");
    }
    page.append("</table>\n");
  }

  private static void row(StringBuilder page, String name, String value) {
    page.append("<tr>");
    cell(page, name);
    cell(page, value);
    page.append("</tr>");
  }

  private static void cell(StringBuilder page, String value) {
    page.append("<td>").append(text(value)).append("</td>");
  }

  private static String orDash(@Nullable Object value) {
    return value == null ? "-" : value.toString();
  }

  /// Names and reasons come from people.
  private static String text(String value) {
    return value
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
