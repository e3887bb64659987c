package dev.baton.engine.postgres.instance;

import dev.baton.net.Engine.InstanceSettings;
import dev.baton.testing.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A throw-away PostgreSQL server on a free port, for tests that need a real one. Ends with
/// `close`, and then leaves nothing behind.
public final class TestServer implements AutoCloseable {
  public static final String USER = "baton_admin";
  public static final String PASSWORD = "not a secret";
  private static final Map<String, String> QUICK =
      Map.of("fsync", "off", "max_connections", "50", "shared_buffers", "16MB");

  /// None, or the one that was made first.
  private static final List<Path> TEMPLATES = new ArrayList<>();

  private final Path folder;
  private final InstanceSettings settings;
  private final PostgresInstance instance;

  private TestServer(Path folder, InstanceSettings settings, PostgresInstance instance) {
    this.folder = folder;
    this.settings = settings;
    this.instance = instance;
  }

  /// Starts an empty server.
  public static TestServer start() throws IOException {
    return start("test", Map.of());
  }

  /// @param host name by which the server calls itself
  /// @param settings further server settings
  public static TestServer start(String host, Map<String, String> settings) throws IOException {
    TestServer server = create(host, settings);
    try {
      server.begin();
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /// Starts a server with files of its own in its data directory, readable by it alone.
  public static TestServer start(Map<String, String> settings, Map<String, byte[]> files)
      throws IOException {
    TestServer server = create("test", settings);
    try {
      server.initialize();
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Path path = server.settings.dataDirectory().resolve(file.getKey());
        Files.write(path, file.getValue());
        Files.setPosixFilePermissions(
            path, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        ServerUser.find().own(path);
      }
      server.instance.start();
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /// Neither initialized nor started.
  public static TestServer create(String host, Map<String, String> settings) throws IOException {
    return create(
        host,
        settings,
        (epoch, home, into, progress) -> {
          throw new IOException("this test server cannot be seeded");
        });
  }

  /// Neither initialized nor started; `seed` copies by `seeding`.
  public static TestServer create(String host, Map<String, String> settings, Seeding seeding)
      throws IOException {
    Path folder = Files.createTempDirectory("baton-test-");
    // the server may run as another user, who must be able to pass
    Files.setPosixFilePermissions(
        folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    InstanceSettings instance =
        new InstanceSettings(
            "test",
            host,
            folder.resolve("data"),
            FreePorts.one(),
            FreePorts.one(),
            USER,
            PASSWORD,
            InstanceSettings.LOG_KEEP_BYTES);
    Map<String, String> all = new TreeMap<>(QUICK);
    all.putAll(settings);
    return new TestServer(
        folder,
        instance,
        new PostgresInstance(
            instance,
            ServerBinaries.find(null),
            seeding,
            new PostgresInstance.Options(List.of("--no-sync"), all)));
  }

  /// Starts, with an empty database.
  public void begin() throws IOException {
    initialize();
    instance.start();
  }

  /// All begin as copies of one database: to make one takes longer than most tests.
  private void initialize() throws IOException {
    synchronized (TEMPLATES) {
      if (TEMPLATES.isEmpty()) {
        instance.initialize();
        Path template = Files.createTempDirectory("baton-template-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> forget(template)));
        copy(settings.dataDirectory(), template.resolve("data"));
        TEMPLATES.add(template.resolve("data"));
      } else {
        copy(TEMPLATES.getFirst(), settings.dataDirectory());
      }
    }
  }

  /// With owners and permissions.
  private static void copy(Path from, Path to) throws IOException {
    Process cp =
        new ProcessBuilder("cp", "-a", from.toString(), to.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(cp.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (cp.waitFor() != 0) {
        throw new IOException(said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void forget(Path template) {
    try {
      DataDirectory.delete(template);
    } catch (IOException e) {
      System.err.println("left behind: " + template + ": " + e);
    }
  }

  public PostgresInstance instance() {
    return instance;
  }

  public InstanceSettings settings() {
    return settings;
  }

  public int port() {
    return settings.port();
  }

  public long processId() {
    var identity = instance.identity();
    if (identity == null) {
      throw new IllegalStateException("not started");
    }
    return identity.processId();
  }

  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + settings.port() + "/postgres";
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl(), USER, PASSWORD);
  }

  /// Runs one statement on a connection of its own.
  ///
  /// @return first column of the first row, empty when there is none
  public String ask(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (ResultSet rows = statement.getResultSet()) {
        return rows.next() ? String.valueOf(rows.getString(1)) : "";
      }
    }
  }

  @Override
  public void close() throws IOException {
    instance.kill();
    instance.close();
    DataDirectory.delete(folder);
  }
}
