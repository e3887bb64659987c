package dev.baton.service.setup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.model.Json;
import dev.baton.model.view.HostView;
import dev.baton.service.agent.AgentConfig;
import dev.baton.service.cli.CommandFailed;
import dev.baton.service.cli.Terminal;
import dev.baton.service.config.OwnerOnly;
import dev.baton.service.coordination.CoordinationServer;
import dev.baton.service.setup.ClusterPlan.Host;
import dev.baton.service.setup.ClusterPlan.Role;
import dev.baton.service.setup.Finding.Verdict;
import dev.baton.service.tls.MutualTls;
import dev.baton.testing.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// What `baton init` writes is what an agent takes, and what `baton doctor` says of it.
class SetupTest {
  private final StringWriter out = new StringWriter();
  private String typed = "";
  private boolean person;

  @TempDir private Path folder;

  private Terminal terminal() {
    return new Terminal(
        new PrintWriter(out, true),
        new PrintWriter(out, true),
        new BufferedReader(new StringReader(typed)),
        person,
        Map.of(),
        Clock.systemUTC(),
        _ -> {});
  }

  private int run(Object command, String... arguments) {
    CommandLine line = new CommandLine(command);
    line.setExecutionExceptionHandler(
        (failure, _, _) -> {
          if (failure instanceof CommandFailed) {
            out.append("baton: ").append(failure.getMessage());
            return 1;
          }
          throw failure;
        });
    return line.execute(arguments);
  }

  private int init(String... arguments) {
    String[] all =
        Stream.concat(
                Stream.of(
                    "--out", folder.resolve("out").toString(),
                    "--units", folder.resolve("units").toString(),
                    "--user", me()),
                Stream.of(arguments))
            .toArray(String[]::new);
    return run(new InitCommand(terminal()), all);
  }

  private static String me() {
    return System.getProperty("user.name");
  }

  private int doctor(String... arguments) {
    return run(new DoctorCommand(terminal()), arguments);
  }

  @Test
  void initWritesWhatAnAgentOfEachHostTakes() throws Exception {
    Path etc = folder.resolve("etc");
    assertThat(
            init(
                "--cluster",
                "shop",
                "--hosts",
                "a=10.1.0.5,b=10.1.0.6",
                "--witness",
                "w=10.1.0.7",
                "--etc",
                etc.toString(),
                "--binaries",
                "/usr/lib/postgresql/15/bin"))
        .as(out.toString())
        .isZero();
    for (String host : List.of("a", "b", "w")) {
      Path files = folder.resolve("out").resolve(host);
      AgentConfig config = AgentConfig.read(files.resolve("agent.yaml"));
      assertThat(config.host()).isEqualTo(host);
      assertThat(config.services().getFirst().home()).isEqualTo("a");
      assertThat(config.services().getFirst().carriesInstance()).isEqualTo(!host.equals("w"));
      assertThat(files.resolve("coordination.conf"))
          .content()
          .contains("BATON_VOTERS=1@10.1.0.5:6436:6437,2@10.1.0.6:6436:6437,3@10.1.0.7:6436:6437");
      for (String secret :
          List.of("cluster.secret", "operator.token", "admin.password", "server.key")) {
        assertThat(OwnerOnly.problem(files.resolve(secret))).isEmpty();
        if (!secret.equals("server.key")) {
          assertThat(files.resolve(secret))
              .hasSameTextualContentAs(folder.resolve("out/a").resolve(secret));
        }
      }
      assertThat(
              Certificates.look(
                  host, files.resolve("server.crt"), files.resolve("server.key"), Instant.now()))
          .hasSize(2)
          .allMatch(finding -> finding.verdict() == Verdict.OK);
    }
  }

  @Test
  void initRunAgainAddsHostsAndKeepsWhatIsThere() throws Exception {
    assertThat(init("--hosts", "a=10.1.0.5")).isZero();
    String before = Files.readString(folder.resolve("out/a/server.crt"));
    assertThat(init("--hosts", "a=10.1.0.5,b=10.1.0.6", "--witness", "w=10.1.0.7")).isZero();
    assertThat(out.toString())
        .contains("kept     " + folder.resolve("out/a"), "written  " + folder.resolve("out/b"));
    assertThat(folder.resolve("out/a/server.crt")).hasContent(before);
    assertThat(folder.resolve("out/b/ca.crt"))
        .hasSameTextualContentAs(folder.resolve("out/a/ca.crt"));
  }

  @Test
  void initAsksAPersonForWhatIsMissing() throws Exception {
    person = true;
    typed = "shop\na=10.1.0.5,b=10.1.0.6\nw=10.1.0.7\n\n/srv/app\n";
    assertThat(init()).as(out.toString()).isZero();
    AgentConfig config = AgentConfig.read(folder.resolve("out/b/agent.yaml"));
    assertThat(config.cluster()).isEqualTo("shop");
    assertThat(config.services().getFirst().name()).isEqualTo("app");
    assertThat(config.services().getFirst().dataDirectory()).isEqualTo(Path.of("/srv/app"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --hosts a=10.1.0.5,b=10.1.0.6                       | add a --witness
          --hosts a                                           | write name=address
          --hosts a=10.1.0.5,a=10.1.0.6 --witness w=10.1.0.7  | each host needs a name
          --hosts a=10.1.0.5 --service App                    | no name of a service
          --hosts a=10.1.0.5 --data here                      | must be given from the root
          --witness w=10.1.0.7                                | name the hosts that carry the database
          """)
  void initRefusesWhatCannotWork(String arguments, String sentence) {
    assertThat(init(arguments.strip().split(" +"))).isEqualTo(1);
    assertThat(out.toString()).contains(sentence.strip());
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void initInstallsAndDoesNotReplaceAnOperatorsWork() throws Exception {
    Path etc = folder.resolve("etc");
    assertThat(init("--hosts", "a=127.0.0.1", "--etc", etc.toString(), "--install", "a"))
        .as(out.toString())
        .isZero();
    assertThat(OwnerOnly.problem(etc.resolve("admin.password"))).isEmpty();
    assertThat(folder.resolve("units")).as("there is no systemd").doesNotExist();
    assertThat(AgentConfig.read(etc.resolve("agent.yaml")).host()).isEqualTo("a");
    Files.createDirectory(folder.resolve("units"));
    assertThat(init("--etc", etc.toString(), "--install", "a")).isZero();
    assertThat(folder.resolve("units/baton-agent.service.d/user.conf"))
        .content()
        .contains("User=" + me() + "\n");
    Files.writeString(etc.resolve("agent.yaml"), "cluster: mine\n");
    assertThat(init("--etc", etc.toString(), "--install", "a")).isEqualTo(1);
    assertThat(out.toString()).contains("give --force");
    assertThat(init("--etc", etc.toString(), "--install", "a", "--force")).isZero();
    assertThat(init("--install", "z", "--hosts", "a=127.0.0.1", "--etc", etc.toString()))
        .isEqualTo(1);
    assertThat(out.toString()).contains("no files of a host z");
  }

  /// A host's configuration with ports and folders of this test's own.
  private Path installed(int coordination) throws IOException {
    Path etc = folder.resolve("etc");
    assertThat(init("--hosts", "a=127.0.0.1", "--etc", etc.toString(), "--install", "a"))
        .as(out.toString())
        .isZero();
    Path file = etc.resolve("agent.yaml");
    int free = FreePorts.row(5);
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "clients: 6432, peers: 6433, control: 6434",
                "clients: %d, peers: %d, control: %d".formatted(free, free + 1, free + 2))
            .replace("port: 6440", "port: " + (free + 3))
            .replace("relayPort: 6441", "relayPort: " + (free + 4))
            .replace("127.0.0.1:6435", "127.0.0.1:" + coordination)
            .replaceAll("coordinationTls: .*\n", "")
            .replace("/var/lib/baton", folder.resolve("own").toString())
            .replaceAll("dataDirectory: .*", "dataDirectory: " + folder.resolve("data"))
            .replaceAll("\n *binaries: .*", ""));
    out.getBuffer().setLength(0);
    return file;
  }

  @Test
  void theDoctorIsContentWithWhatInitHasWritten() throws Exception {
    try (CoordinationServer server = CoordinationServer.open(folder.resolve("zk"), 0)) {
      Path file = installed(server.port());
      assertThat(doctor("--config", file.toString())).as(out.toString()).isZero();
      assertThat(out.toString())
          .contains(
              "answers as standalone",
              "PostgreSQL 18",
              "no database yet",
              "is free (ports.clients)")
          .contains(", 0 wrong, 0 to see to");
    }
  }

  @Test
  void theDoctorNamesEachWrongWithItsRemedyAndTellsMachines() throws Exception {
    Path file = installed(FreePorts.one());
    AgentConfig config = AgentConfig.read(file);
    Files.setPosixFilePermissions(
        config.secretFile(), PosixFilePermissions.fromString("rw-r--r--"));
    try (ServerSocket taken = new ServerSocket(config.ports().clients())) {
      assertThat(taken.isBound()).isTrue();
      assertThat(doctor("--config", file.toString(), "--json")).isEqualTo(1);
    }
    List<Finding> wrong =
        Stream.of(Json.MAPPER.readValue(out.toString(), Finding[].class))
            .filter(finding -> finding.verdict() == Verdict.WRONG)
            .toList();
    assertThat(wrong)
        .extracting(Finding::subject)
        .containsExactlyInAnyOrder(
            "configuration",
            "port " + config.ports().clients(),
            "coordination " + config.coordination());
    assertThat(wrong).allSatisfy(finding -> assertThat(finding.remedy()).isNotEmpty());
    assertThat(wrong.getFirst().found()).contains("chmod 600");
  }

  @Test
  void theDoctorTellsTheLineOfABrokenConfigurationAndThatThereIsNone() throws Exception {
    Path file = installed(6435);
    Files.writeString(file, Files.readString(file).replace("host: a\n", "hots: a\n"));
    assertThat(doctor("--config", file.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("line 3").contains("did you mean 'host'?");
    assertThat(doctor("--config", folder.resolve("none").toString())).isEqualTo(1);
    assertThat(out.toString()).contains("write one with baton init");
  }

  @Test
  void certificatesThatEndSoonOrHaveAnotherKeyAreTold() throws Exception {
    assertThat(init("--hosts", "a=10.1.0.5", "--coordination", "zk:2181")).isZero();
    assertThat(init("--hosts", "a=10.1.0.5,b=10.1.0.6", "--coordination", "zk:2181")).isZero();
    Path a = folder.resolve("out/a");
    Instant end = Instant.now().plus(Duration.ofDays(1825));
    assertThat(verdicts(a, a, end.minus(Duration.ofDays(20)))).contains(Verdict.WARNING);
    assertThat(verdicts(a, a, end.plus(Duration.ofDays(2)))).contains(Verdict.WRONG);
    assertThat(verdicts(a, a, Instant.now().minus(Duration.ofDays(2)))).contains(Verdict.WRONG);
    assertThat(verdicts(a, folder.resolve("out/b"), Instant.now())).contains(Verdict.WRONG);
    assertThat(folder.resolve("out/a/coordination.conf")).doesNotExist();
  }

  @Test
  void certificatesAreRenewedAndNothingElse() throws Exception {
    Path etc = folder.resolve("etc");
    assertThat(init("--hosts", "a=127.0.0.1", "--etc", etc.toString(), "--install", "a")).isZero();
    Path agent = etc.resolve("agent.yaml");
    Files.writeString(agent, Files.readString(agent) + "# mine\n");
    String before = Files.readString(etc.resolve("server.crt"));
    String authority = Files.readString(etc.resolve("ca.crt"));
    assertThat(init("--renew")).as(out.toString()).isZero();
    assertThat(etc.resolve("server.crt")).hasContent(before);
    assertThat(init("--renew", "--etc", etc.toString(), "--install", "a")).isZero();
    assertThat(Files.readString(etc.resolve("server.crt"))).isNotEqualTo(before);
    assertThat(etc.resolve("ca.crt")).content().isEqualTo(authority);
    assertThat(etc.resolve("coordination.key")).hasSameTextualContentAs(etc.resolve("server.key"));
    assertThat(agent).content().endsWith("# mine\n");
    AgentConfig config = AgentConfig.read(agent);
    MutualTls.open(config.identity(), requireNonNull(config.peers().tls()));
    assertThat(run(new InitCommand(terminal()), "--renew", "--out", etc.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("new certificates come from it");
  }

  private static List<Verdict> verdicts(Path certificate, Path key, Instant now) {
    return Certificates.look("x", certificate.resolve("server.crt"), key.resolve("server.key"), now)
        .stream()
        .map(Finding::verdict)
        .toList();
  }

  @Test
  void clocksOfTheOthersAreComparedThroughTheRunningAgent() throws Exception {
    AgentConfig config = AgentConfig.read(installed(6435));
    Instant now = Instant.now();
    RunningAgent agent =
        () ->
            Optional.of(
                List.of(
                    host("a", "up", now.minusSeconds(60)),
                    host("b", "up", now.minusSeconds(10)),
                    host("c", "up", now.minusMillis(900)),
                    host("w", "unreachable", now)));
    List<Finding> findings = new Examination(config, now, agent).findings();
    assertThat(findings)
        .anyMatch(each -> each.subject().equals("clock of b") && each.verdict() == Verdict.WARNING)
        .anyMatch(each -> each.subject().equals("clock of c") && each.verdict() == Verdict.OK)
        .anyMatch(each -> each.subject().equals("host w") && each.verdict() == Verdict.WARNING)
        .noneMatch(each -> each.subject().equals("clock of a"))
        .anyMatch(each -> each.subject().equals("ports") && each.verdict() == Verdict.OK);
  }

  private static HostView host(String name, String agent, Instant measured) {
    return new HostView(name, agent, null, "http://x", List.of(), null, null, 0, measured);
  }

  @Test
  void votersAreNumberedInTheOrderOfTheHosts() {
    ClusterPlan plan =
        new ClusterPlan(
            "c",
            List.of(
                new Host("b", "h2", Role.DATABASE),
                new Host("a", "h1", Role.DATABASE),
                new Host("g", "h4", Role.GATEWAY),
                new Host("w", "h3", Role.WITNESS)),
            "app",
            Path.of("/d"),
            null,
            "postgres",
            Path.of("/etc/baton"),
            null);
    assertThat(plan.voters()).isEqualTo("1@h2:6436:6437,2@h1:6436:6437,3@h3:6436:6437");
    assertThat(plan.connectString(plan.hosts().get(1))).isEqualTo("h1:6435,h2:6435,h3:6435");
    assertThat(plan.home().name()).isEqualTo("b");
    assertThat(plan.user(plan.hosts().getLast())).isEqualTo("baton");
    assertThatThrownBy(() -> Host.parse("A=x y", Role.DATABASE)).hasMessageContaining("no host");
  }
}
