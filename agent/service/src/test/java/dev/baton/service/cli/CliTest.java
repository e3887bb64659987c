package dev.baton.service.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.Json;
import dev.baton.model.view.AlarmView;
import dev.baton.model.view.PlanView.Verdict;
import dev.baton.model.view.Problem;
import dev.baton.model.view.StatusView;
import dev.baton.net.Transport;
import dev.baton.service.control.ControlServer;
import dev.baton.service.control.ControlSettings;
import dev.baton.service.control.FakeControlSource;
import dev.baton.service.control.OperatorToken;
import dev.baton.service.control.Refused;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a person at the terminal, or a program, gets from each command, asked of a real control
/// server.
class CliTest {
  private final FakeControlSource source = new FakeControlSource();
  private Transport transport;
  private ControlServer server;
  private Path token;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Terminal.Pause pause = _ -> {};
  private boolean person;
  private String typed = "";

  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    transport = Transport.open(1);
    token = folder.resolve("operator.token");
    OperatorToken.create(token);
    server = ControlServer.open(ControlSettings.loopback(0, token), source, transport);
  }

  @AfterEach
  void close() {
    server.close();
    transport.close();
  }

  private int baton(String... arguments) {
    return batonWith(
        Map.of(
            "BATON_CONTROL", server.url(), "BATON_TOKEN_FILE", token.toString(), "USER", "alice"),
        arguments);
  }

  private int batonWith(Map<String, String> environment, String... arguments) {
    Terminal terminal =
        new Terminal(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            new BufferedReader(new StringReader(typed)),
            person,
            environment,
            Clock.fixed(FakeControlSource.NOW, ZoneOffset.UTC),
            pause);
    return Baton.run(terminal, arguments);
  }

  /// Running moves end at the first look after they began.
  private void movesEnd(String outcome) {
    pause = _ -> source.moves = List.of(FakeControlSource.move(7, outcome));
  }

  private void expect(String golden) {
    assertThat(out.toString().lines().map(String::stripTrailing).toList())
        .isEqualTo(golden.lines().toList());
  }

  @Test
  void statusIsATableForPeople() {
    assertThat(baton("status")).isEqualTo(0);
    expect(
        """
        cluster demo   asked agent a 0.1.0   coordination connected   2026-03-01T12:00:00Z

        SERVICE  HOME  EPOCH  PHASE  DURABILITY   PROTECTED  CLIENTS  COMMITS/S  STANDBYS
        app      a         3  open   replication  yes              3      2,350  b in-sync, 88 B (1.3 ms) behind

        HOST  AGENT  CLIENTS   CPU  OWN CPU              MEMORY      AGENT  DISK WRITES  CLIENT PORT     INSTANCES
        a     up           3  42 %     12 %  3.0 GiB of 8.0 GiB  120.0 MiB    5.0 MiB/s  127.0.0.1:6432  app primary 18.1 on 6440
        b     up           0  42 %     12 %  3.0 GiB of 8.0 GiB  120.0 MiB    5.0 MiB/s  127.0.0.1:6432  app standby 18.1 on 6440
        """);
  }

  @Test
  void statusTellsAlarmsFirstWithTheirRemedy() {
    source.alarms =
        List.of(
            new AlarmView(
                "home-gone", "app", "b", FakeControlSource.NOW, "a is silent", "order a failover"));
    assertThat(baton("status")).isEqualTo(0);
    assertThat(out.toString())
        .contains(
            "! home-gone of app on b since 2026-03-01T12:00:00Z: a is silent; order a failover");
  }

  @Test
  void positionsAreALadder() {
    assertThat(baton("positions")).isEqualTo(0);
    expect(
        """
        app   home a   epoch 3   timeline 2   2026-03-01T12:00:00Z
          b
            RUNG         POSITION  SEQUENCE      OFFSET     STEP   BEHIND      AGE
            current         1/1F8         1         504
            sent            1/1F8         1         504        =      0 B   0.0 ms
            received        1/1F8         1         504        =      0 B   0.0 ms
            in memory       1/1F8         1         504        =      0 B   0.0 ms
            relayed         1/1A0         1         416     88 B     88 B   1.3 ms
            flushed         1/1A0         1         416        =     88 B   1.3 ms
            replayed   0/FFFFF000         0  4294963200  4,512 B  4,600 B  65.7 ms
        """);
  }

  @Test
  void sessionsSayWhyTheyCannotBeMoved() {
    assertThat(baton("sessions", "--user", "bob")).isEqualTo(0);
    expect(
        """
        SESSION  SERVICE  CLIENT          USER  DATABASE  APPLICATION  STATE           IN TRANSACTION  HOME  TWIN  REQUESTS  MOVES  MOVABLE
        w-2      app      10.0.0.5:51234  bob   shop      psql         idle                            a     yes         17      1  yes
        w-3      app      10.0.0.5:51234  bob   shop      psql         in transaction        1,235 ms  a     no          17      1  NO: holds a cursor WITH HOLD; close the cursor, or end the session
        """);
  }

  @Test
  void memoryShowsBothKindsOfCopies() {
    assertThat(baton("memory")).isEqualTo(0);
    expect(
        """
        app at b   generation 5   log in memory up to 1/1F8   2026-03-01T12:00:00Z
                            RECEIVED  PURGED  FORWARDED           HELD
          requests             1,000     940         12  48 (64.0 KiB)
          replication data  10.0 MiB     0 B    9.0 MiB        1.0 MiB
          held 1.1 MiB of 256.0 MiB in RAM (most ever 4.0 MiB), 0 B spilled to disk, 812 commits indexed
          not yet covered by the log, oldest first:
          SESSION  FIRST REQUEST  REQUESTS  BYTES  STAMPED AT  TRANSACTION     AGE
               12             34         2  180 B       1/1A0         7712  3.5 ms
        """);
  }

  @Test
  void historyIsATable() {
    assertThat(baton("history")).isEqualTo(0);
    expect(
        """
        SERVICE  MOVE  STARTED               KIND        FROM  TO  EPOCH  DETECTED     TOOK  HELD  REPLAYED  FAILED  OUTCOME  BY     REASON
        app         1  2026-03-01T11:59:00Z  switchover  a     b       4    0.0 ms  71.5 ms    16         4       0  done     alice  maintenance of a
        """);
  }

  @Test
  void auditTellsWhoChangedWhat() {
    movesEnd("done");
    assertThat(baton("move", "--yes", "--to", "b")).isEqualTo(0);
    out.getBuffer().setLength(0);
    assertThat(baton("audit", "--action", "start-move")).isEqualTo(0);
    assertThat(out.toString().lines().toList().get(1))
        .matches(
            "2026-03-01T12:00:00Z +a +1 +alice +admin +127.0.0.1:[0-9]+ +start-move +begun +"
                + "move 7 of app: switchover from a to b *");
  }

  @Test
  void aBrokenAuditLogIsStatusOne() {
    assertThat(baton("audit", "--verify")).isEqualTo(0);
    expect(
        """
        a: intact, lines 1 to 2
          anchor a:2:%s
        """
            .formatted("f".repeat(64)));
    source.audit.problem = "line 2 does not follow";
    assertThat(baton("audit", "--verify")).isEqualTo(1);
    assertThat(out.toString()).contains("a: NOT INTACT: line 2 does not follow");
    assertThat(baton("audit", "--verify", "--directory", folder.toString())).isEqualTo(0);
    assertThat(baton("audit", "--verify", "--directory", folder.toString(), "--anchor", "a:1"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("--anchor: a host, a colon");
  }

  @Test
  void aDrillIsShownConfirmedFollowedAndReported() throws IOException {
    Path page = folder.resolve("report.html");
    assertThat(
            baton("drill", "kill-database", "app", "--confirm", "app", "--html", page.toString()))
        .isEqualTo(0);
    expect(
        """
        drill a-1: kill-database of app at a, b is expected to take over
                WHAT MUST HOLD  IS   WHY
          pass  armed           yes
          touches 16 clients, 4 open transactions; closes 1 sessions; expected stall 60.0 ms
          app is without a standby meanwhile
          taken back by itself after 60 s at the latest
          2026-03-01T12:00:00Z  the main process 4711 was killed
        drill a-1: passed: all went as <expected>
              WHAT             EXPECTED      SEEN
          ok  home             b             b
          NO  protected again  within 300 s  nothing
        """);
    assertThat(source.asked)
        .containsExactly("alice: drill kill-database app", "alice: run a-1 confirmed app");
    assertThat(Files.readString(page)).startsWith("<!doctype html>");
    source.drills.outcome = "failed";
    assertThat(baton("drill", "kill-database", "app", "--confirm", "app")).isEqualTo(1);
  }

  @Test
  void aDryRunDoesNothing() {
    assertThat(baton("drill", "kill-database", "app", "--dry-run")).isEqualTo(0);
    source.drills.armed = false;
    assertThat(baton("drill", "kill-database", "app", "--dry-run")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "baton: not run: armed is no, needed is yes; set drillsArmed: true");
    assertThat(source.asked).noneMatch(asked -> asked.contains("run"));
  }

  @Test
  void aDrillNeedsTheServicesName() {
    assertThat(baton("drill", "kill-database", "app")).isEqualTo(1);
    assertThat(err.toString()).contains("not run: this needs --confirm app");
    assertThat(baton("drill", "kill-database", "app", "--confirm", "shop")).isEqualTo(1);
    assertThat(baton("drill", "rm-rf", "app")).isEqualTo(2);
    assertThat(err.toString()).contains("rm-rf");
    assertThat(source.asked).noneMatch(asked -> asked.contains("run"));
  }

  @Test
  void drillsAreListedAndBrokenOff() {
    assertThat(baton("drill")).isEqualTo(0);
    assertThat(out.toString()).contains("a-1    kill-database  app      a");
    assertThat(baton("drill", "--abort", "a-1")).isEqualTo(0);
    assertThat(source.asked).containsExactly("alice: abort a-1 ()");
  }

  @Test
  void aPlanShowsWhatSpeaksAgainstIt() {
    source.plan = FakeControlSource.plan(null, Verdict.WARN);
    assertThat(baton("plan", "app", "--to", "b", "--reason", "disk")).isEqualTo(0);
    expect(
        """
        switchover of app from a to b   epoch 3 -> 4   plan p-1, good until 2026-03-01T12:01:00Z
                GUARDRAIL        NOW       THRESHOLD       WHY
          pass  standby in sync  in-sync   in-sync         b has all commits
          WARN  replay lag       88 bytes  16777216 bytes  what is not replayed makes the take-over longer; remedy: wait, or end the long query on b
          lost if the source died now: nothing: every acknowledged commit is in the memory of b
          16 clients to hold, 4 open transactions, 1 sessions not movable, expected stall 60.0 ms
        """);
    assertThat(source.asked).containsExactly("alice: plan app null -> b (disk)");
  }

  @Test
  void aMoveIsShownConfirmedAndFollowedToItsEnd() {
    movesEnd("done");
    assertThat(baton("move", "--yes", "--to", "b", "--reason", "maintenance of a")).isEqualTo(0);
    expect(
        """
        switchover of app from a to b   epoch 3 -> 4   plan p-1, good until 2026-03-01T12:01:00Z
                GUARDRAIL        NOW       THRESHOLD       WHY
          pass  standby in sync  in-sync   in-sync         b has all commits
          pass  replay lag       88 bytes  16777216 bytes  what is not replayed makes the take-over longer
          lost if the source died now: nothing: every acknowledged commit is in the memory of b
          16 clients to hold, 4 open transactions, 1 sessions not movable, expected stall 60.0 ms
          plan                         1.5 ms
          catch-up                    20.0 ms
          open-target                 50.0 ms
        move 7 of app from a to b: done
          took 71.5 ms (detected in 0.0 ms), 16 clients held, 4 transactions and 9 requests replayed, 2 keep-alives, 0 clients failed
        """);
    assertThat(source.asked)
        .containsExactly(
            "alice: plan app switchover -> b (maintenance of a)",
            "alice: move p-1 confirmed null (maintenance of a)");
  }

  @Test
  void aPersonSeesEachPhaseGrow() {
    person = true;
    movesEnd("done");
    assertThat(baton("move", "--yes")).isEqualTo(0);
    assertThat(out.toString())
        .contains("  [x] catch-up                 20.0 ms  ############")
        .contains("  [>] open-target              50.0 ms  ##############################")
        .contains("\u001b[10A\u001b[J")
        .contains("  [x] open-target              50.0 ms")
        .contains("  [-] hold")
        .contains("  [ ] rejoin");
    assertThat(out.toString().indexOf("[>] open-target"))
        .isLessThan(out.toString().indexOf("[x] open-target"));
  }

  @Test
  void shellsAreTaughtCommandsOptionsAndValues() {
    assertThat(baton("completion")).isEqualTo(0);
    assertThat(out.toString())
        .contains("function _picocli_baton_drill()")
        .contains("--token-file")
        .contains("freeze-database");
  }

  @Test
  void aMoveThatFailsEndsWithOne() {
    movesEnd("failed");
    assertThat(baton("move", "-y")).isEqualTo(1);
    assertThat(out.toString()).contains("move 7 of app from a to b: failed");
  }

  @Test
  void jsonIsTheAnswerItself() {
    assertThat(baton("status", "--json")).isEqualTo(0);
    assertThat(Json.MAPPER.readValue(out.toString(), StatusView.class))
        .isEqualTo(source.status().toCompletableFuture().join());
  }

  @Test
  void jsonOfAMoveIsTheMoveAlone() {
    movesEnd("done");
    assertThat(baton("move", "--yes", "--json")).isEqualTo(0);
    assertThat(Json.MAPPER.readTree(out.toString()).get("outcome").asString()).isEqualTo("done");
  }

  @Test
  void aBlockedPlanMovesNothing() {
    source.plan = FakeControlSource.plan(null, Verdict.BLOCK);
    assertThat(baton("move", "--yes")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "baton: not moved: replay lag is 88 bytes, needed is 16777216 bytes; wait, or end the"
                + " long query on b");
    assertThat(source.asked).hasSize(1);
    assertThat(baton("plan")).isEqualTo(1);
  }

  @Test
  void aForcedFailoverNeedsTheTargetsName() {
    source.plan = FakeControlSource.plan("b", Verdict.PASS);
    movesEnd("done");
    assertThat(baton("failover", "--yes")).isEqualTo(1);
    assertThat(err.toString()).contains("needs --confirm b");
    assertThat(baton("failover", "--confirm", "a")).isEqualTo(1);
    assertThat(err.toString()).contains("'a' is not 'b'");
    assertThat(source.asked).noneMatch(asked -> asked.contains(": move "));
    assertThat(baton("failover", "--confirm", "b")).isEqualTo(0);
    assertThat(source.asked).contains("alice: move p-1 confirmed b (null)");
  }

  @ParameterizedTest
  @CsvSource({"y, 0", "YES, 0", "n, 1", "'', 1", "b, 1"})
  void aPersonIsAsked(String answer, int status) {
    person = true;
    typed = answer;
    movesEnd("done");
    assertThat(baton("move")).isEqualTo(status);
    assertThat(out.toString()).contains("Move app to b now? [y/N] ");
    assertThat(source.asked.stream().filter(asked -> asked.contains(": move ")).count())
        .isEqualTo(1 - status);
  }

  @Test
  void aPersonTypesTheTargetsName() {
    person = true;
    typed = "b\n";
    source.plan = FakeControlSource.plan("b", Verdict.PASS);
    movesEnd("done");
    assertThat(baton("failover")).isEqualTo(0);
    assertThat(out.toString()).contains("Type b to go on: ");
  }

  @Test
  void nobodyIsAskedWhereNobodyIs() {
    assertThat(baton("move")).isEqualTo(1);
    assertThat(err.toString()).contains("add --yes");
    assertThat(source.asked).hasSize(1);
  }

  @Test
  void refusalsAreSentencesAndForProgramsProblems() {
    source.refusal = Refused.changed("b is no longer in sync; make a new plan");
    assertThat(baton("plan", "--json")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("baton: plan changed: b is no longer in sync; make a new plan");
    assertThat(Json.MAPPER.readValue(out.toString(), Problem.class).status()).isEqualTo(409);
  }

  @Test
  void withoutATokenItSaysWhereToGiveOne() {
    assertThat(batonWith(Map.of("BATON_CONTROL", server.url()), "move", "-y")).isEqualTo(1);
    assertThat(err.toString()).contains("token needed").contains("--token-file");
  }

  @Test
  void triesTheNextAgentWhenOneIsGone() {
    String gone = "http://127.0.0.1:1";
    assertThat(baton("status", "--connect", gone, "--connect", server.url())).isEqualTo(0);
    assertThat(baton("status", "--connect", gone)).isEqualTo(1);
    assertThat(err.toString()).contains("no agent answers at " + gone + "; start one");
  }

  @Test
  void aDemoTellsAddressesAndToken() throws IOException {
    Files.writeString(
        folder.resolve("demo.json"),
        Json.MAPPER.writeValueAsString(
            Map.of(
                "hosts",
                Map.of(
                    "a", Map.of("controlUrl", "http://127.0.0.1:1"),
                    "b", Map.of("controlUrl", server.url())),
                "operatorTokenFile",
                token.toString())));
    movesEnd("done");
    assertThat(batonWith(Map.of(), "move", "--yes", "--demo", folder.toString())).isEqualTo(0);
    assertThat(batonWith(Map.of(), "status", "--demo", folder.toString(), "--host", "b"))
        .isEqualTo(0);
    assertThat(batonWith(Map.of(), "status", "--demo", folder.toString(), "--host", "c"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("has no host 'c'");
  }

  @Test
  void watchingGoesOnWhileAnAgentIsAway() {
    List<Integer> looks = new ArrayList<>();
    pause =
        _ -> {
          looks.add(1);
          server.close();
        };
    assertThat(baton("status", "--watch", "--times", "3")).isEqualTo(0);
    assertThat(looks).hasSize(2);
    assertThat(out.toString()).contains("cluster demo").contains("! no agent answers");
  }

  @ParameterizedTest
  @CsvSource({
    "'', no command given",
    "stauts, Unmatched argument",
    "status --colour, Unknown option",
    "sessions --limit many, Invalid value",
    "plan --kind swap, Invalid value",
    "agent, Missing required option",
  })
  void wrongUsageIsTwo(String line, String message) {
    assertThat(baton(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(message).contains("--help");
  }

  @Test
  void whatAClientCallsItselfCannotDrawOnTheTerminal() {
    source.sessions =
        List.of(
            FakeControlSource.session(
                "w-1", "\u001b[2Jroot\u202e", "idle", dev.baton.model.Movability.MOVABLE));
    assertThat(baton("sessions")).isEqualTo(0);
    assertThat(out.toString()).contains("?[2Jroot?").doesNotContain("\u001b");
  }

  @Test
  void helpNamesEveryCommand() {
    assertThat(baton("--help")).isEqualTo(0);
    assertThat(out.toString())
        .contains(
            "agent",
            "status",
            "positions",
            "sessions",
            "memory",
            "history",
            "plan",
            "move",
            "failover");
  }

  @Test
  void whyTellsWhatStandsInTheWay() {
    assertThat(baton("why", "app")).isEqualTo(0);
    expect(
        """
        app   home a   policy observe
          if the home failed now: b would take over; no acknowledged commit would be lost
          the processor of a is used to 95%: not moved, since b: lag is 9 bytes
          need: source-load since 2026-03-01T12:00:00Z: the processor of a is used to 95%, high from 85% on
          IN THE WAY  OF HOST  IS       WANTED           WHAT TO DO
          lag         b        9 bytes  at most 8 bytes  wait until caught up
        """);
  }

  @Test
  void aPolicyIsShownAndChanged() {
    assertThat(baton("policy")).isEqualTo(0);
    assertThat(out.toString()).contains("app   observe   version 0, the default");
    assertThat(baton("policy", "app", "--mode", "automatic", "--high", "70"))
        .as(err.toString())
        .isEqualTo(0);
    assertThat(out.toString()).contains("app   automatic   version 1 by alice");
    assertThat(out.toString()).contains("loaded from 70%");
    assertThat(source.asked).containsExactly("alice: policy of app automatic");
    assertThat(baton("policy", "--mode", "manual")).isEqualTo(1);
    assertThat(err.toString()).contains("name the service");
    assertThat(baton("policy", "nope", "--mode", "manual")).isEqualTo(1);
    assertThat(err.toString()).contains("there is no service 'nope'");
    assertThat(baton("policy", "app", "--mode", "auto")).isEqualTo(1);
    assertThat(err.toString()).contains("manual, observe or automatic");
  }

  @Test
  void maintenanceIsAnnouncedAndEnded() {
    assertThat(baton("maintenance")).isEqualTo(0);
    assertThat(baton("maintenance", "a", "--until", "2026-03-02T12:00:00Z", "--reason", "disk"))
        .isEqualTo(0);
    assertThat(baton("maintenance", "a", "--end")).isEqualTo(0);
    expect(
        """
        no maintenance is announced
        HOST  FROM                  UNTIL                 BY     WHY
        a     2026-03-01T12:00:00Z  2026-03-02T12:00:00Z  alice  disk
        no maintenance is announced
        """);
    assertThat(baton("maintenance", "a", "--until", "tomorrow")).isEqualTo(2);
    assertThat(err.toString()).contains("2026-03-01T22:00:00Z");
  }
}
