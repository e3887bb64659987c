package dev.baton.service.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The comments of records, as they stand in the source: what a component means is written once.
final class SourceComments {
  private static final Pattern RECORD =
      Pattern.compile("\\s*(?:public |private )?record (\\w+)\\(.*");
  private static final Pattern PARAM = Pattern.compile("@param (\\w+) (.*)");

  /// By `Record`, and by `Record.component`.
  private final Map<String, String> texts = new HashMap<>();

  static SourceComments of(Path... folders) throws IOException {
    SourceComments comments = new SourceComments();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file :
            files.filter(each -> each.toString().endsWith(".java")).sorted().toList()) {
          comments.read(Files.readAllLines(file));
        }
      }
    }
    return comments;
  }

  private void read(List<String> lines) {
    List<String> comment = new ArrayList<>();
    for (String line : lines) {
      String text = line.strip();
      Matcher record = RECORD.matcher(line);
      if (text.startsWith("///")) {
        comment.add(text.substring(3).strip());
      } else if (record.matches()) {
        take(record.group(1), comment);
        comment.clear();
      } else if (!text.startsWith("@")) {
        comment.clear();
      }
    }
  }

  private void take(String record, List<String> comment) {
    String key = record;
    for (String line : comment) {
      Matcher param = PARAM.matcher(line);
      if (param.matches()) {
        key = record + "." + param.group(1);
        texts.put(key, param.group(2));
      } else if (!line.isEmpty()) {
        texts.merge(key, line, (before, more) -> before + " " + more);
      }
    }
  }

  /// Empty where nothing is written.
  String of(String key) {
    return texts.getOrDefault(key, "");
  }
}
