package dev.baton.installers;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.baton.installers.Entry.Content;
import dev.baton.installers.Entry.Folder;
import dev.baton.installers.Entry.Link;
import dev.baton.installers.Entry.Regular;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/// Everything that a package installs, sorted by path, with the folders that hold it.
final class Layout {
  private final SortedMap<String, Entry> entries = new TreeMap<>();

  Collection<Entry> entries() {
    return entries.values();
  }

  Optional<Entry> find(String path) {
    return Optional.ofNullable(entries.get(path));
  }

  /// Bytes of all files, in units of 1024, each rounded up as file systems do.
  long installedKilobytes() throws IOException {
    long kilobytes = 0;
    for (Entry entry : entries()) {
      kilobytes +=
          switch (entry) {
            case Regular file -> (file.content().size() + 1023) / 1024;
            case Folder _, Link _ -> 1;
          };
    }
    return kilobytes;
  }

  Layout file(String path, Path source) {
    return add(new Regular(path, Entry.FILE_MODE, new Content.OnDisk(source), false));
  }

  Layout program(String path, Path source) {
    return add(new Regular(path, Entry.PROGRAM_MODE, new Content.OnDisk(source), false));
  }

  Layout configuration(String path, Path source) {
    return add(new Regular(path, Entry.FILE_MODE, new Content.OnDisk(source), true));
  }

  Layout text(String path, String text) {
    return add(
        new Regular(path, Entry.FILE_MODE, new Content.InMemory(text.getBytes(UTF_8)), false));
  }

  Layout script(String path, String text) {
    return add(
        new Regular(path, Entry.PROGRAM_MODE, new Content.InMemory(text.getBytes(UTF_8)), false));
  }

  /// The file is compressed, without a name and a time in it.
  Layout compressed(String path, byte[] content) {
    return add(new Regular(path, Entry.FILE_MODE, new Content.InMemory(gzip(content)), false));
  }

  Layout link(String path, String target) {
    return add(new Link(path, target));
  }

  /// All that is in a folder, programs as such; links stay links.
  Layout tree(String path, Path source) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path each : (Iterable<Path>) files.sorted()::iterator) {
        String at = path + "/" + source.relativize(each);
        if (Files.isSymbolicLink(each)) {
          link(at, Files.readSymbolicLink(each).toString());
        } else if (Files.isRegularFile(each)) {
          if (Files.isExecutable(each)) {
            program(at, each);
          } else {
            file(at, each);
          }
        }
      }
    }
    return this;
  }

  /// @throws IllegalArgumentException when something is at this path already
  private Layout add(Entry entry) {
    for (int slash = entry.path().indexOf('/');
        slash > 0;
        slash = entry.path().indexOf('/', slash + 1)) {
      String folder = entry.path().substring(0, slash);
      if (!(entries.computeIfAbsent(folder, Folder::new) instanceof Folder)) {
        throw new IllegalArgumentException(folder + " is no folder, for " + entry.path());
      }
    }
    if (entries.putIfAbsent(entry.path(), entry) != null) {
      throw new IllegalArgumentException(entry.path() + " is there twice");
    }
    return this;
  }

  private static byte[] gzip(byte[] content) {
    GzipParameters parameters = new GzipParameters();
    parameters.setCompressionLevel(9);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GzipCompressorOutputStream gzip = new GzipCompressorOutputStream(bytes, parameters)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException("a stream into RAM", e);
    }
    return bytes.toByteArray();
  }
}
