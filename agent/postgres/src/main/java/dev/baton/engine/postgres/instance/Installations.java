package dev.baton.engine.postgres.instance;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The servers that a system has, and whether one of them fits a data directory.
public final class Installations {
  static final int LEAST_VERSION = 14;

  private static final Pattern NUMBER = Pattern.compile("([0-9]+)");

  private Installations() {}

  /// Folders of programs where distributions put them, the newest version first.
  ///
  /// @param root `/`
  public static List<Path> find(Path root) {
    List<Path> found = new ArrayList<>();
    collect(root.resolve("usr/lib/postgresql"), "*", found);
    collect(root.resolve("usr"), "pgsql-*", found);
    collect(root.resolve("usr/local"), "pgsql*", found);
    found.sort(Comparator.comparingInt(Installations::number).reversed());
    return found;
  }

  private static void collect(Path folder, String pattern, List<Path> found) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> versions = Files.newDirectoryStream(folder, pattern)) {
      for (Path version : versions) {
        Path bin = version.resolve("bin");
        if (Files.isExecutable(bin.resolve("postgres"))
            && Files.isExecutable(bin.resolve("initdb"))) {
          found.add(bin);
        }
      }
    } catch (IOException e) {
      // a folder that this user cannot list has no server that this user could run
      found.removeIf(bin -> bin.startsWith(folder));
    }
  }

  private static int number(Path bin) {
    Matcher number = NUMBER.matcher(bin.getName(bin.getNameCount() - 2).toString());
    return number.find() ? Integer.parseInt(number.group(1)) : 0;
  }

  /// @return version and folder of the programs, and what the data directory holds
  /// @throws IOException when there are no programs, they are too old, or the directory is another
  ///   version's
  public static String inspect(@Nullable Path binaries, Path data) throws IOException {
    ServerBinaries programs = ServerBinaries.find(binaries);
    String version = programs.version();
    int major = Integer.parseInt(version.replaceAll("[^0-9].*", ""));
    String text = "PostgreSQL " + version + " in " + programs.bin();
    if (major < LEAST_VERSION) {
      throw new IOException(text + " is too old; " + LEAST_VERSION + " is the oldest that works");
    }
    Path mark = data.resolve("PG_VERSION");
    if (!Files.exists(mark)) {
      return text + "; no database yet in " + data;
    }
    String present = Files.readString(mark).strip();
    if (!present.equals(Integer.toString(major))) {
      throw new IOException(
          text
              + ", but the database in "
              + data
              + " is of version "
              + present
              + ": set 'binaries' to the programs of that version");
    }
    return text + ", with the database in " + data;
  }
}
