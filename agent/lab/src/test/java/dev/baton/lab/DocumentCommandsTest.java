package dev.baton.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.service.cli.Baton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// Every `baton …` command in the documents is one that there is, with options that there are.
class DocumentCommandsTest {
  private static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();

  /// Commands of the console, which has a class path of its own.
  private static final Set<String> OF_THE_CONSOLE = Set.of("console", "screenshots");

  private static final Pattern INLINE = Pattern.compile("`(?:\\./)?baton ([^`]+)`");
  private static final Pattern IN_BLOCK =
      Pattern.compile("(?:^|[;&|(] *|sudo )(?:sudo )?(?:\\./)?baton ([a-z-][^;&|)#]*)");

  /// @param whole whether all that the command needs stands there: in a block it is to be typed
  private record Command(String where, String text, boolean whole) {}

  @Test
  void everyOneIsThere() throws IOException {
    List<Command> commands = new ArrayList<>();
    for (Path document : documents()) {
      commands.addAll(commands(document));
    }
    assertThat(commands).hasSizeGreaterThan(60);
    assertThat(commands.stream().filter(Command::whole)).hasSizeGreaterThan(15);
    List<String> wrong = new ArrayList<>();
    for (Command command : commands) {
      String problem = problem(command);
      if (!problem.isEmpty()) {
        wrong.add(command.where() + ": baton " + command.text() + ": " + problem);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void whatIsNotThereIsFound() {
    assertThat(problem(new Command("x", "mvoe app", false))).isNotEmpty();
    assertThat(problem(new Command("x", "move app --tow b", false))).isNotEmpty();
    assertThat(problem(new Command("x", "agent", false))).isEmpty();
    assertThat(problem(new Command("x", "agent", true))).contains("--config");
    assertThat(problem(new Command("x", "agent --config FILE", true))).isEmpty();
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.list(REPOSITORY.resolve("docs"))) {
      return Stream.concat(
              Stream.of(REPOSITORY.resolve("README.md")),
              docs.filter(file -> file.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  private static List<Command> commands(Path document) throws IOException {
    List<Command> commands = new ArrayList<>();
    boolean block = false;
    int number = 0;
    for (String line : Files.readString(document).replace("\\\n", " ").lines().toList()) {
      number++;
      String where = document.getFileName() + " line " + number;
      if (line.strip().startsWith("```")) {
        block = !block && line.strip().matches("```(sh|console)");
      } else if (block) {
        for (Matcher each = IN_BLOCK.matcher(line.strip()); each.find(); ) {
          commands.add(new Command(where, each.group(1).strip(), true));
        }
      } else {
        for (Matcher each = INLINE.matcher(line); each.find(); ) {
          commands.add(new Command(where, each.group(1).strip(), false));
        }
      }
    }
    return commands;
  }

  /// What picocli says of it; empty when nothing.
  private static String problem(Command command) {
    // what is left open in a text, or is another program's, ends what can be checked
    String text =
        command.text().replaceAll(" *(\\\\?\\||[>\\[…]).*", "").replaceAll("\\b[NPM]\\b", "1");
    List<String> words = List.of(text.split(" +"));
    if (OF_THE_CONSOLE.contains(words.getFirst())) {
      return "";
    }
    try {
      Baton.model().parseArgs(words.toArray(String[]::new));
      return "";
    } catch (CommandLine.MissingParameterException e) {
      return command.whole() ? String.valueOf(e.getMessage()) : "";
    } catch (CommandLine.ParameterException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
