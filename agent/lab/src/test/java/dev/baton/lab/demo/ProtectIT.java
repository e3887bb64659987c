package dev.baton.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.engine.Finding;
import dev.baton.core.engine.Finding.Severity;
import dev.baton.engine.postgres.instance.ServerProcesses;
import dev.baton.engine.postgres.instance.Signals;
import dev.baton.model.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// An instance that somebody has had for long, with data, roles, rules and settings of its own, is
/// protected, loses its home, goes on elsewhere, is reached past the agents in an emergency, and is
/// given back as it was.
@Timeout(300)
class ProtectIT {
  private static final Duration BOUND = Duration.ofSeconds(90);
  private static final List<String> RULES =
      List.of(
          "local all all peer",
          "host  all +staff 10.0.0.0/8   scram-sha-256",
          "host  all all    127.0.0.1/32 scram-sha-256");

  @TempDir private Path folder;
  private DemoFiles files;
  private DemoCluster cluster;
  private DemoHost a;
  private DemoHost b;
  private int oldPort;

  @BeforeEach
  void prepare() throws Exception {
    files = DemoFiles.create(SmallDemo.quiet(folder));
    for (DemoHost host : files.hosts()) {
      Files.writeString(
          host.configuration(),
          "    accessFile: '" + folder.resolve("access.conf") + "'\n",
          StandardOpenOption.APPEND);
    }
    a = files.host("a");
    b = files.host("b");
    oldPort = a.databasePort() - 2; // no port of the demo
    cluster = new DemoCluster(files, _ -> List.of());
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
    for (DemoHost host : files.databases()) {
      ServerProcesses.kill(host.dataDirectory());
    }
    files.close();
  }

  @Test
  void anExistingInstanceIsProtectedSurvivesAndIsGivenBack() throws Exception {
    ForeignServer.create(
        a.dataDirectory(),
        List.of(
            "port = " + oldPort,
            "max_connections = 123",
            "work_mem = '5MB'",
            "fsync = off",
            "unix_socket_directories = ''"),
        RULES);
    Map<String, String> before;
    byte[] main = Files.readAllBytes(a.dataDirectory().resolve("postgresql.conf"));
    try (ForeignServer server = ForeignServer.start(a.dataDirectory(), oldPort, List.of())) {
      furnish(server);
      before = portrait(server);
      Path rules = folder.resolve("access.conf");
      Files.write(rules, RULES.subList(2, 3));
      assertThat(baton(1, "agent", "--config", a.configuration().toString()))
          .as("an agent touches nothing that is not Baton's")
          .contains("baton protect");
      Files.delete(rules); // is made of the instance's own
      server.run("postgres", baton(0, "protect", "--config", config(a), "--sql"));
      check();
      try (Connection client = clerk(oldPort)) {
        assertThat(client.isValid(1)).isTrue();
        baton(0, "protect", "--config", config(a), "--yes");
      }
      assertThat(server.isAlive()).isFalse();
    }
    assertThat(Files.readString(folder.resolve("access.conf")))
        .contains("host all all 10.0.0.0/8 reject", RULES.getLast());

    surviveTheLossOfTheHome();
    reachItWithoutAgents();
    comeBackToIt();
    giveItBack(main, before);
  }

  private void furnish(ForeignServer server) throws SQLException {
    server.run("postgres", "CREATE ROLE clerk LOGIN PASSWORD 'clerk'");
    server.run("postgres", "CREATE DATABASE shop OWNER clerk");
    server.run("shop", "CREATE EXTENSION pg_trgm");
    server.run("shop", "CREATE UNLOGGED TABLE basket (n int)");
    server.run("shop", "CREATE TABLE item (n int)");
    server.run("shop", "GRANT ALL ON item TO clerk");
    server.run("shop", "INSERT INTO item SELECT generate_series(1, 1000)");
  }

  private void check() throws Exception {
    Path facts = folder.resolve("b.json");
    Files.writeString(facts, baton(0, "protect", "--config", config(b), "--facts"));
    JsonNode told =
        Json.MAPPER.readTree(
            baton(
                0,
                "protect",
                "--config",
                config(a),
                "--check",
                "--json",
                "--target",
                facts.toString()));
    assertThat(told.path("blocked").asBoolean()).isFalse();
    List<Finding> findings =
        Arrays.asList(Json.MAPPER.treeToValue(told.path("findings"), Finding[].class));
    assertThat(findings)
        .filteredOn(each -> each.severity() == Severity.WARNS)
        .extracting(Finding::what)
        .containsExactlyInAnyOrder(
            "unlogged tables", "fsync", "access rule", "access rule", "restart");
    assertThat(findings)
        .filteredOn(each -> each.severity() == Severity.PASSES)
        .extracting(Finding::what)
        .contains("shared libraries", "disk", "C library", "version");
  }

  /// As a client does it that has been sent to another port.
  private void surviveTheLossOfTheHome() throws Exception {
    cluster.start();
    cluster.awaitProtected(BOUND);
    try (Connection client = clerk(files.host("w").clientPort());
        Statement statement = client.createStatement()) {
      assertThat(ForeignServer.ask(client, "SELECT count(*) FROM item")).containsExactly("1000");
      statement.execute("INSERT INTO item VALUES (1001)");
      Signals.send(ServerProcesses.main(a.dataDirectory()).orElseThrow(), Signals.KILL);
      statement.execute("INSERT INTO item VALUES (1002)");
      assertThat(ForeignServer.ask(client, "SELECT count(*), max(n) FROM item"))
          .containsExactly("1002 1002");
      assertThat(ForeignServer.ask(client, "SHOW max_connections")).containsExactly("123");
    }
    assertThat(cluster.awaitProtected(BOUND).home()).isEqualTo("b");
    cluster.close();
  }

  /// As docs/operations.md has it.
  private void reachItWithoutAgents() throws Exception {
    try (ForeignServer server =
            ForeignServer.start(
                b.dataDirectory(),
                b.databasePort(),
                List.of(
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "port=" + b.databasePort(),
                    "-c",
                    "synchronous_standby_names=",
                    "-c",
                    "hba_file=" + b.dataDirectory().resolve("baton.before/pg_hba.conf")));
        Connection client = clerk(b.databasePort());
        Statement statement = client.createStatement()) {
      assertThat(server.isAlive()).isTrue();
      statement.execute("INSERT INTO item VALUES (1003)");
    }
  }

  /// What was written past the agents is there, and the standby has it, too.
  private void comeBackToIt() throws Exception {
    cluster = new DemoCluster(files, _ -> List.of());
    cluster.start();
    assertThat(cluster.awaitProtected(BOUND).home()).isEqualTo("b");
    for (int port : new int[] {files.host("w").clientPort(), a.databasePort()}) {
      try (Connection client = clerk(port)) {
        assertThat(ForeignServer.ask(client, "SELECT count(*), max(n) FROM item"))
            .containsExactly("1003 1003");
      }
    }
    cluster.close();
  }

  private void giveItBack(byte[] main, Map<String, String> before) throws Exception {
    try (DemoVoters voters = new DemoVoters(files)) {
      voters.start();
      assertThat(baton(1, "unprotect", "--config", config(a), "--yes")).contains("b is home");
      baton(0, "unprotect", "--config", config(b), "--yes");
      assertThat(baton(1, "unprotect", "--config", config(b), "--yes"))
          .contains("was not taken over");
    }
    assertThat(b.dataDirectory().resolve("postgresql.conf")).hasBinaryContent(main);
    assertThat(Files.readAllLines(b.dataDirectory().resolve("pg_hba.conf"))).isEqualTo(RULES);
    try (var names = Files.list(b.dataDirectory())) {
      assertThat(names.map(each -> each.getFileName().toString()))
          .noneMatch(name -> name.contains("baton") || name.equals("log"));
    }
    try (ForeignServer server = ForeignServer.start(b.dataDirectory(), oldPort, List.of())) {
      assertThat(portrait(server)).isEqualTo(before);
      assertThat(server.ask("shop", "SELECT count(*), max(n) FROM item"))
          .containsExactly("1003 1003");
    }
  }

  /// Everything that a taking over could leave behind in a server that runs.
  private static Map<String, String> portrait(ForeignServer server) throws SQLException {
    Map<String, String> portrait = new TreeMap<>();
    for (String line :
        server.ask(
            "postgres",
            "SELECT name, setting FROM pg_settings WHERE name NOT IN ('data_directory',"
                + " 'config_file', 'hba_file', 'ident_file', 'transaction_read_only')")) {
      String[] parts = line.split(" ", 2);
      portrait.put(parts[0], parts[1]);
    }
    portrait.put(
        "roles", server.ask("postgres", "SELECT rolname FROM pg_roles ORDER BY 1").toString());
    portrait.put(
        "schemas",
        server.ask("postgres", "SELECT nspname FROM pg_namespace ORDER BY 1").toString());
    portrait.put(
        "members",
        server
            .ask(
                "postgres",
                "SELECT roleid::regrole, member::regrole FROM pg_auth_members ORDER BY 1, 2")
            .toString());
    portrait.put(
        "rights",
        server
            .ask(
                "postgres",
                "SELECT proname, proacl FROM pg_proc WHERE proacl IS NOT NULL ORDER BY oid")
            .toString());
    return portrait;
  }

  private static Connection clerk(int port) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/shop", "clerk", "clerk");
  }

  private static String config(DemoHost host) {
    return host.configuration().toString();
  }

  /// Runs the program itself.
  private static String baton(int status, String... words) throws Exception {
    List<String> command = new ArrayList<>(ChildProcess.jvm(List.of("-Xmx128m")));
    command.add(DemoCluster.MAIN);
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isEqualTo(status);
    return said;
  }
}
