package dev.baton.service.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DrillReportTest {
  @Test
  void isAPageThatSaysWhatWasExpectedAndSeen() {
    String page = DrillReport.html(new FakeControlSource().drills.drill("ended", "passed"));
    assertThat(page)
        .startsWith("<!doctype html>")
        .contains("Drill a-1: kill-database of app")
        .contains("passed: all went as &lt;expected&gt;")
        .contains("<td class=\"yes\">as expected</td><td>home</td><td>b</td><td>b</td>")
        .contains("<td class=\"no\">NOT AS EXPECTED</td><td>protected again</td>")
        .contains("the main process 4711 was killed")
        .doesNotContain("<expected>")
        .doesNotContain("<script")
        .doesNotContain("http");
  }
}
