import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Checks (`check`) or mends (`fix`) the format of every Java file below a folder.
class Format {
  public static void main(String[] arguments) throws IOException {
    boolean fix = arguments[0].equals("fix");
    List<Path> files;
    try (Stream<Path> tree = Files.walk(Path.of(arguments[1]))) {
      files =
          tree.filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.toString().contains("/target/"))
              .toList();
    }
    long wrong = files.parallelStream().filter(file -> !isFormatted(file, fix)).count();
    if (wrong > 0) {
      System.err.println(wrong + " files to format: run mvn -N validate -Dformat.mode=fix");
      System.exit(1);
    }
  }

  private static boolean isFormatted(Path file, boolean fix) {
    try {
      String source = Files.readString(file);
      String formatted = new Formatter().formatSourceAndFixImports(source);
      if (formatted.equals(source)) {
        return true;
      }
      if (fix) {
        Files.writeString(file, formatted);
        return true;
      }
      System.err.println("format differs: " + file);
      return false;
    } catch (IOException | FormatterException e) {
      System.err.println(file + ": " + e.getMessage());
      return false;
    }
  }
}
