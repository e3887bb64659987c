package dev.baton.console.rcp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.connect.ConnectContent;
import org.osgi.framework.connect.ConnectModule;

/// One jar or directory of the class path as an OSGi module: its headers and entries are its own,
/// its classes come from the application's class loader.
final class ClassPathModule implements ConnectModule, ConnectContent {
  private final Path location;
  private final Map<String, String> headers;
  private final ClassLoader classLoader;
  private @Nullable FileSystem jar;
  private @Nullable Path root;

  /// @param location jar or directory on the class path
  /// @param headers main attributes of its manifest
  ClassPathModule(Path location, Map<String, String> headers, ClassLoader classLoader) {
    this.location = location;
    this.headers = Map.copyOf(headers);
    this.classLoader = classLoader;
  }

  /// Where it lies; the code source of its classes.
  Path location() {
    return location;
  }

  @Override
  public ConnectContent getContent() {
    return this;
  }

  @Override
  public Optional<Map<String, String>> getHeaders() {
    return Optional.of(headers);
  }

  @Override
  public Optional<ClassLoader> getClassLoader() {
    return Optional.of(classLoader);
  }

  @Override
  public synchronized void open() throws IOException {
    if (root != null) {
      return;
    }
    if (Files.isDirectory(location)) {
      root = location;
    } else {
      FileSystem opened = FileSystems.newFileSystem(location);
      jar = opened;
      root = opened.getPath("/");
    }
  }

  @Override
  public synchronized void close() throws IOException {
    root = null;
    if (jar != null) {
      jar.close();
      jar = null;
    }
  }

  @Override
  public synchronized Iterable<String> getEntries() throws IOException {
    Path from = openRoot();
    try (Stream<Path> walk = Files.walk(from)) {
      return List.copyOf(walk.filter(p -> !p.equals(from)).map(p -> name(from, p)).toList());
    }
  }

  @Override
  public synchronized Optional<ConnectEntry> getEntry(String path) {
    Path from = openRoot();
    Path at = from.resolve(path.startsWith("/") ? path.substring(1) : path);
    return Files.exists(at) ? Optional.of(new Entry(name(from, at), at)) : Optional.empty();
  }

  private Path openRoot() {
    Path opened = root;
    if (opened == null) {
      throw new IllegalStateException("module is not open: " + location);
    }
    return opened;
  }

  private static String name(Path from, Path at) {
    String name = from.relativize(at).toString().replace('\\', '/');
    return Files.isDirectory(at) && !name.endsWith("/") ? name + "/" : name;
  }

  private record Entry(String name, Path at) implements ConnectEntry {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public long getContentLength() {
      try {
        return Files.size(at);
      } catch (IOException e) {
        return -1; // "unknown" by the interface's contract
      }
    }

    @Override
    public long getLastModified() {
      try {
        return Files.getLastModifiedTime(at).toMillis();
      } catch (IOException e) {
        return 0; // "unknown" by the interface's contract
      }
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return Files.newInputStream(at);
    }
  }
}
