package dev.baton.installers;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Manual pages of section 1, made from the commands themselves, in the language of man(7).
final class ManPage {
  private static final int WIDE = 10_000;

  private final CommandLine command;
  private final String version;
  private final Instant time;
  private final StringBuilder page = new StringBuilder();

  private ManPage(CommandLine command, String version, Instant time) {
    this.command = command;
    this.version = version;
    this.time = time;
  }

  /// A page for the program and one for each command that is not hidden: `baton-move` with its
  /// text.
  static SequencedMap<String, String> all(CommandLine program, String version, Instant time) {
    SequencedMap<String, String> pages = new LinkedHashMap<>();
    pages.put(name(program), new ManPage(program, version, time).text());
    commands(program)
        .forEach((_, each) -> pages.put(name(each), new ManPage(each, version, time).text()));
    return pages;
  }

  private static Map<String, CommandLine> commands(CommandLine program) {
    Map<String, CommandLine> commands = new TreeMap<>();
    program
        .getSubcommands()
        .forEach(
            (name, each) -> {
              if (!each.getCommandSpec().usageMessage().hidden()) {
                commands.put(name, each);
              }
            });
    return commands;
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName("-");
  }

  private String text() {
    CommandSpec spec = command.getCommandSpec();
    Help help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
    String description = String.join(" ", spec.usageMessage().description());
    page.append(
        ".TH \"%s\" \"1\" \"%s\" \"Baton %s\" \"Baton manual\"\n"
            .formatted(
                name(command).toUpperCase(java.util.Locale.ROOT),
                time.atZone(ZoneOffset.UTC).toLocalDate(),
                version));
    section("NAME");
    page.append(escaped(name(command)))
        .append(" \\- ")
        .append(escaped(first(description)))
        .append('\n');
    section("SYNOPSIS");
    spec.usageMessage().width(WIDE);
    page.append(".nf\n").append(escaped(help.synopsis(0).strip())).append("\n.fi\n");
    section("DESCRIPTION");
    page.append(escaped(expanded(description))).append('\n');
    arguments(spec);
    Map<String, CommandLine> commands = commands(command);
    if (!commands.isEmpty()) {
      section("COMMANDS");
      commands.forEach(
          (name, each) ->
              item(
                  "\\fB" + escaped(name) + "\\fR",
                  first(String.join(" ", each.getCommandSpec().usageMessage().description()))));
    }
    List<String> footer = List.of(spec.usageMessage().footer());
    if (!footer.isEmpty()) {
      section("NOTES");
      footer.stream()
          .filter(line -> !line.isBlank())
          .forEach(line -> page.append(escaped(line)).append("\n.br\n"));
    }
    section("SEE ALSO");
    page.append(command.getParent() == null ? "The pages of the commands, as " : "")
        .append("\\fBbaton");
    page.append(command.getParent() == null ? "\\-status\\fR(1)\n" : "\\fR(1)\n");
    return page.toString();
  }

  private void arguments(CommandSpec spec) {
    if (spec.positionalParameters().isEmpty() && spec.options().isEmpty()) {
      return;
    }
    section("OPTIONS");
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      item("\\fI" + escaped(parameter.paramLabel()) + "\\fR", description(parameter));
    }
    spec.options().stream()
        .filter(option -> !option.hidden())
        .sorted(java.util.Comparator.comparing(OptionSpec::longestName))
        .forEach(option -> item(names(option), description(option)));
  }

  private static String names(OptionSpec option) {
    String names =
        java.util.Arrays.stream(option.names())
            .map(name -> "\\fB" + escaped(name) + "\\fR")
            .collect(java.util.stream.Collectors.joining(", "));
    return option.arity().max() == 0
        ? names
        : names + " \\fI" + escaped(option.paramLabel()) + "\\fR";
  }

  private String description(ArgSpec argument) {
    return expanded(String.join(" ", argument.description()))
        .replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValueString(true)));
  }

  /// Percent signs stand twice in the sources, since the help is a format.
  private static String expanded(String text) {
    return text.replace("%%", "%").replace("%n", " ");
  }

  private static String first(String text) {
    String plain = expanded(text);
    int end = plain.indexOf(". ");
    String sentence = end < 0 ? plain : plain.substring(0, end);
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  private void section(String title) {
    page.append(".SH ").append(title).append('\n');
  }

  private void item(String term, String text) {
    page.append(".TP\n").append(term).append('\n').append(escaped(text)).append('\n');
  }

  /// So that nothing in a text is taken for a request or a hyphenation.
  private static String escaped(String text) {
    String plain = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq");
    return plain.startsWith(".") ? "\\&" + plain : plain;
  }
}
