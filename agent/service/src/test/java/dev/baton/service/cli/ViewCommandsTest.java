package dev.baton.service.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.Json;
import dev.baton.model.view.AlarmView;
import dev.baton.model.view.StatusView;
import dev.baton.service.control.FakeControlSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the commands that only show something print, for people and for programs.
final class ViewCommandsTest extends TerminalStage {
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
  void jsonIsTheAnswerItself() {
    assertThat(baton("status", "--json")).isEqualTo(0);
    assertThat(Json.MAPPER.readValue(out.toString(), StatusView.class))
        .isEqualTo(source.status().toCompletableFuture().join());
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
}
