package dev.baton.service.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.Json;
import dev.baton.model.view.AlarmView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Metrics are as Prometheus' users expect them, and what the documents say of them is true.
class MetricsTest {
  private static final Path DASHBOARD = Path.of("../../docs/grafana-dashboard.json");
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern HELP = Pattern.compile("# HELP (\\S+) (.+)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-z_]+)(\\{[^}]*})? [-+0-9.eEInfNa]+(?: [0-9]+)?");
  private static final Pattern NAME = Pattern.compile("\\bbaton_[a-z_]+");

  /// What the fronts, the home and the standby each tell.
  private static String everything() {
    FakeControlSource source = new FakeControlSource();
    source.alarms =
        List.of(new AlarmView("home-gone", "app", "a", FakeControlSource.NOW, "gone", "look"));
    Metrics metrics = new Metrics();
    metrics.refused(403);
    StringBuilder all = new StringBuilder();
    for (String host : List.of("a", "b", "w")) {
      source.host = host;
      all.append(metrics.text(source).toCompletableFuture().join());
    }
    return all.toString();
  }

  private static Map<String, String> types(String text) {
    Map<String, String> types = new TreeMap<>();
    text.lines()
        .map(TYPE::matcher)
        .filter(Matcher::matches)
        .forEach(type -> types.put(type.group(1), type.group(2)));
    return types;
  }

  /// As `promtool check metrics` judges.
  private static List<String> faults(String text) {
    List<String> faults = new ArrayList<>();
    Set<String> helped = new TreeSet<>();
    text.lines()
        .map(HELP::matcher)
        .filter(Matcher::matches)
        .forEach(help -> helped.add(help.group(1)));
    types(text)
        .forEach(
            (name, type) -> {
              if (!helped.contains(name)) {
                faults.add(name + ": no help");
              }
              if (type.equals("histogram") && !name.endsWith("_seconds")) {
                faults.add(name + ": a histogram without a unit");
              }
              if (!name.matches("baton_[a-z]+(_[a-z]+)*")) {
                faults.add(name + ": no name in lower case with single underscores");
              }
              if (type.equals("counter") != name.endsWith("_total")) {
                faults.add(name + ": a counter, and nothing else, ends in _total");
              }
              if (name.matches(".*_(gauge|counter|histogram|summary)(_.*)?")) {
                faults.add(name + ": says its type");
              }
              if (!type.matches("histogram|summary") && name.matches(".*_(count|sum|bucket)")) {
                faults.add(name + ": the ending of a histogram");
              }
              if (name.matches(
                  ".*_(ms|millis|milliseconds|micros|minutes|hours|days|kb|mb|kilobytes|megabytes"
                      + "|bits|percent)(_.*)?")) {
                faults.add(name + ": no base unit");
              }
            });
    text.lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .filter(line -> !SAMPLE.matcher(line).matches())
        .forEach(line -> faults.add(line + ": no sample"));
    return faults;
  }

  @Test
  void namesUnitsAndHelpAreAsPrometheusWantsThem() {
    String text = everything();
    assertThat(faults(text)).isEmpty();
    assertThat(types(text)).hasSizeGreaterThan(45);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# TYPE baton_a_total gauge",
        "# TYPE baton_a counter",
        "# TYPE baton_lag_millis gauge",
        "# TYPE baton_a_gauge gauge",
        "# TYPE baton_a_count gauge",
        "# TYPE baton_fooBar gauge",
        "# TYPE baton_a gauge\nbaton_a{x=\"1\"} many",
      })
  void whatPrometheusWouldMindIsFound(String text) {
    String name = text.split(" ")[2];
    assertThat(faults("# HELP " + name + " What it is.\n" + text)).hasSize(1);
  }

  @Test
  void helpIsNeeded() {
    assertThat(faults("# TYPE baton_a gauge")).containsExactly("baton_a: no help");
  }

  private static void expressions(JsonNode node, List<String> found) {
    for (String key : List.of("expr", "query")) {
      if (node.path(key).isString()) {
        found.add(node.get(key).asString());
      }
    }
    node.forEach(child -> expressions(child, found));
  }

  @Test
  void theDashboardAsksForWhatThereIs() throws IOException {
    List<String> expressions = new ArrayList<>();
    expressions(Json.MAPPER.readTree(Files.readString(DASHBOARD)), expressions);
    Set<String> asked = new TreeSet<>();
    expressions.forEach(
        expression -> NAME.matcher(expression).results().forEach(name -> asked.add(name.group())));
    assertThat(asked).hasSizeGreaterThan(30);
    Set<String> exported = new TreeSet<>();
    types(everything())
        .forEach(
            (name, type) -> {
              if (type.equals("histogram")) {
                exported.addAll(List.of(name + "_bucket", name + "_sum", name + "_count"));
              } else {
                exported.add(name);
              }
            });
    assertThat(exported).containsAll(asked);
  }

  @Test
  void theLabelsThatTheDashboardSortsByAreThere() throws IOException {
    List<String> expressions = new ArrayList<>();
    expressions(Json.MAPPER.readTree(Files.readString(DASHBOARD)), expressions);
    String text = everything();
    Pattern by = Pattern.compile("by \\(([a-z, ]+)\\) \\((?:rate\\()?(baton_[a-z_]+)");
    int seen = 0;
    for (String expression : expressions) {
      Matcher sorted = by.matcher(expression);
      while (sorted.find()) {
        for (String label : sorted.group(1).split(", ")) {
          if (label.equals("instance")) {
            continue; // Prometheus' own
          }
          seen++;
          assertThat(text)
              .as(expression)
              .containsPattern(
                  Pattern.compile(
                      "(?m)^" + sorted.group(2) + "\\{[^}]*\\b" + label + "=\"[^\"]+\""));
        }
      }
    }
    assertThat(seen).isGreaterThan(20);
  }
}
