package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.instance.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/// What a session can be beyond its login, and what becomes of each in a move. The table in
/// docs/sessions.md is made of this list, and [SessionStatesIT] shows that it is true.
final class SessionStates {
  private SessionStates() {}

  /// What becomes of a state.
  sealed interface Outcome {
    /// The client notices nothing.
    record Moved() implements Outcome {
      @Override
      public String toString() {
        return "moved";
      }
    }

    /// The session says so before, and is closed with 57P01.
    record NotMovable(String reason) implements Outcome {
      @Override
      public String toString() {
        return "not movable: " + reason;
      }
    }

    /// The client's next request is answered with 40001.
    record RolledBack() implements Outcome {
      @Override
      public String toString() {
        return "40001";
      }
    }
  }

  private static final Outcome MOVED = new Outcome.Moved();
  private static final Outcome ROLLED_BACK = new Outcome.RolledBack();

  @FunctionalInterface
  interface Work {
    void run(Connection client) throws SQLException;
  }

  @FunctionalInterface
  interface Question {
    String ask(Connection client) throws SQLException;
  }

  /// @param expected answer to the question, before a move as after it
  record State(
      String name,
      Work before,
      Question question,
      String expected,
      Outcome planned,
      Outcome failover) {
    @Override
    public String toString() {
      return name;
    }
  }

  /// What the states need to be there.
  static void prepare(TestServer server) throws SQLException {
    for (String sql :
        List.of(
            "create table plain (n int)",
            "create schema other",
            "create role reader",
            "grant usage on schema other to reader",
            "select lo_from_bytea(4711, 'abcdef')",
            "create function locks(n int) returns void language sql as"
                + " 'select pg_advisory_lock(n)'",
            "create function tenant(t text) returns void language plpgsql as"
                + " 'begin perform set_config(''app.tenant'', t, false); end'",
            "create function log_in(t text) returns void language sql as 'select tenant(t)'",
            "create function any_parameter(n text) returns void language sql as"
                + " $$select set_config(n, 'x', false)$$",
            "create function table_of() returns void language plpgsql as"
                + " 'begin create temp table made (n int); end'",
            "create function fires() returns trigger language plpgsql as"
                + " 'begin return new; end'")) {
      server.ask(sql);
    }
  }

  static List<State> all() {
    List<State> states = new ArrayList<>();
    states.addAll(settings());
    states.addAll(transactions());
    states.addAll(locks());
    states.addAll(temporary());
    states.addAll(cursors());
    return states;
  }

  private static List<State> settings() {
    return List.of(
        moved(
            "`SET`, `SET TIME ZONE`", "set time zone 'Asia/Tokyo'", "show time zone", "Asia/Tokyo"),
        moved("`SET search_path`", "set search_path = other", "select current_schema()", "other"),
        moved("`SET ROLE`", "set role reader", "select current_user", "reader"),
        moved(
            "`SET SESSION AUTHORIZATION`",
            "set session authorization reader",
            "select session_user",
            "reader"),
        moved(
            "`SET` taken back by `ROLLBACK TO`",
            "set work_mem = '6MB'; begin; savepoint s; set work_mem = '7MB'; rollback to s; commit",
            "show work_mem",
            "6MB"),
        moved("`RESET ALL`", "set work_mem = '6MB'; reset all", "show work_mem", "4MB"),
        moved(
            "`DISCARD ALL`",
            "set work_mem = '6MB'; create temp table gone (n int);"
                + " select pg_advisory_lock(9); discard all",
            "select current_setting('work_mem') || (select count(*) from pg_locks"
                + " where locktype = 'advisory')",
            "4MB0"),
        moved("custom parameter by `SET`", "set app.tenant = 'y'", "show app.tenant", "y"),
        moved(
            "custom parameter by `SELECT set_config('name', …, false)`",
            "select set_config('app.tenant', 'a''b\\c', false)",
            "show app.tenant",
            "a'b\\c"),
        new State(
            "custom parameter by `set_config`, its value bound",
            client -> {
              try (PreparedStatement set =
                  client.prepareStatement("select set_config('app.tenant', ?, false)")) {
                set.setString(1, "bound");
                set.execute();
              }
            },
            query("show app.tenant"),
            "bound",
            MOVED,
            MOVED),
        moved(
            "custom parameter set inside a function, or a function that calls it",
            "select log_in('inner')",
            "show app.tenant",
            "inner"),
        never(
            "custom parameter whose name is computed inside a function",
            "select any_parameter('app.any')",
            "it called set_config() in a way that does not show which parameter got which value"),
        never(
            "custom parameter whose name is computed",
            "select set_config('app.' || 'hidden', 'x', false)",
            "it called set_config() in a way that does not show which parameter got which value"),
        moved("`PREPARE`", "prepare p as select 41 + 1", "execute p", "42"),
        new State(
            "`LISTEN`; that a notification may be missed is told by a WARNING",
            sql("listen news"),
            client -> {
              try (Statement statement = client.createStatement()) {
                statement.execute("select 1");
                String warning = String.valueOf(statement.getWarnings());
                statement.execute("notify news, 'later'");
                var told = client.unwrap(PGConnection.class).getNotifications(10_000);
                return warning.contains("may have been missed") + told[0].getParameter();
              }
            },
            "truelater",
            MOVED,
            MOVED));
  }

  private static List<State> transactions() {
    return List.of(
        moved("`SET LOCAL`", "begin; set local work_mem = '5MB'", "show work_mem", "5MB"),
        moved(
            "`set_config(…, true)`",
            "begin; select set_config('app.tenant', 'local', true)",
            "show app.tenant",
            "local"),
        moved(
            "isolation level, read-only mode",
            "begin isolation level serializable read only deferrable",
            "select current_setting('transaction_isolation')"
                + " || current_setting('transaction_read_only')"
                + " || current_setting('transaction_deferrable')",
            "serializableonon"),
        moved(
            "savepoints",
            "begin; create temp table kept (n int) on commit drop; insert into kept values (1);"
                + " savepoint a; insert into kept values (2); rollback to a",
            "select sum(n) from kept",
            "1"),
        new State(
            "failed transaction",
            client -> {
              sql("begin").run(client);
              try {
                sql("select 1 / 0").run(client);
              } catch (SQLException expected) {
                // the transaction has failed
              }
            },
            client -> {
              try (Statement statement = client.createStatement()) {
                statement.execute("select 1");
                return "not failed";
              } catch (SQLException e) {
                return String.valueOf(e.getSQLState());
              }
            },
            "25P02",
            MOVED,
            MOVED),
        new State(
            "suspended portal",
            client -> {
              client.setAutoCommit(false);
              Statement statement = client.createStatement();
              statement.setFetchSize(2);
              ResultSet rows = statement.executeQuery("select generate_series(1, 5)");
              rows.next();
              OPEN_ROWS.set(rows);
            },
            client -> {
              ResultSet rows = OPEN_ROWS.get();
              int sum = 0;
              while (rows.next()) {
                sum += rows.getInt(1);
              }
              rows.close();
              return String.valueOf(sum);
            },
            "14",
            MOVED,
            MOVED),
        moved(
            "descriptor of a large object",
            "begin; select lo_open(4711, 262144); select loread(0, 2)",
            "select convert_from(loread(0, 2), 'UTF8')",
            "cd"),
        new State(
            "transaction prepared by `PREPARE TRANSACTION`",
            sql("begin; insert into plain values (1); prepare transaction 'matrix'"),
            client -> {
              sql("commit prepared 'matrix'").run(client);
              return query("select count(*) from pg_prepared_xacts").ask(client);
            },
            "0",
            MOVED,
            MOVED),
        new State(
            "transaction that has shown a time, a process id or a random number",
            sql("begin; select clock_timestamp()"),
            query("select 1"),
            "1",
            ROLLED_BACK,
            ROLLED_BACK),
        new State(
            "transaction that has exported a snapshot",
            sql("begin isolation level repeatable read; select pg_export_snapshot()"),
            query("select 1"),
            "1",
            ROLLED_BACK,
            ROLLED_BACK),
        new State(
            "block that the commit of another one began (`COMMIT AND CHAIN`)",
            sql("begin; insert into plain values (1); commit and chain"),
            query("select 1"),
            "1",
            ROLLED_BACK,
            ROLLED_BACK));
  }

  /// Between the two halves of one story.
  private static final ThreadLocal<ResultSet> OPEN_ROWS = new ThreadLocal<>();

  private static final String LOCKS =
      "select coalesce(string_agg(concat_ws('/', mode, classid, objid, objsubid), ' '"
          + " order by mode, objid), '') from pg_locks"
          + " where locktype = 'advisory' and pid = pg_backend_pid()";

  private static List<State> locks() {
    String inTransaction = "its open transaction takes or releases session-level advisory locks";
    return List.of(
        moved(
            "session-level advisory locks",
            "select pg_advisory_lock(-3); select pg_try_advisory_lock_shared(1, -2);"
                + " select pg_advisory_lock(hashtext('a'))",
            LOCKS + " and objid <> hashtext('a')::bigint::bit(32)::bigint::oid",
            "ExclusiveLock/4294967295/4294967293/1 ShareLock/1/4294967294/2"),
        moved(
            "the same lock twice",
            "select pg_advisory_lock(5); select pg_try_advisory_lock(5)",
            "select concat(pg_advisory_unlock(5), pg_advisory_unlock(5), pg_advisory_unlock(5))",
            "ttf"),
        moved(
            "session-level advisory locks, released",
            "select pg_advisory_lock(6); select pg_advisory_lock(7);"
                + " select pg_advisory_unlock_all()",
            LOCKS,
            ""),
        new State(
            "advisory lock taken inside a function",
            sql("select locks(8)"),
            query(LOCKS),
            "ExclusiveLock/0/8/1",
            MOVED,
            MOVED),
        never(
            "several advisory locks by one statement",
            "select pg_advisory_lock(n) from generate_series(1, 2) n",
            "it holds session-level advisory locks, and its statements do not show how often each"),
        never(
            "session-level advisory lock taken in the open transaction",
            "begin; select pg_advisory_lock(3)",
            inTransaction),
        moved(
            "transaction-level advisory locks",
            "begin; select pg_advisory_xact_lock(1)",
            LOCKS,
            "ExclusiveLock/0/1/1"));
  }

  private static final String CONTENTS =
      "it has temporary tables or sequences, whose contents are on its own backend only";

  private static List<State> temporary() {
    String hidden = "its statements do not show how it made one of its temporary tables or views";
    String special = "a temporary table of it has triggers, rules, policies, parents or partitions";
    return List.of(
        planned(
            "temporary table",
            "create temp table mine (id serial primary key, t text, d numeric default 1.5); create"
                + " index on mine (t); alter table mine add column more int; insert into mine (t)"
                + " values ('a'), (null), ('c'); delete from mine where id = 2",
            "with n as (insert into mine (t) values ('new') returning id)"
                + " select string_agg(concat(id, t, d), ',' order by id) || (select id from n)"
                + " from mine",
            "1a1.5,3c1.54",
            CONTENTS),
        planned(
            "temporary table by `CREATE TABLE AS`",
            "create temp table mine as select n, n::text as t from generate_series(1, 3) n",
            "select sum(n) || max(t) from mine",
            "63",
            CONTENTS),
        moved(
            "temporary table `ON COMMIT DELETE ROWS`",
            "create temp table mine (n int) on commit delete rows; insert into mine values (1)",
            "with n as (insert into mine values (2) returning n) select n from n",
            "2"),
        moved(
            "temporary table of the open transaction, or `ON COMMIT DROP`",
            "begin; create temp table mine (n int); insert into mine values (8)",
            "select sum(n) from mine",
            "8"),
        moved(
            "temporary table, dropped",
            "create temp table mine (n int); drop table if exists public.mine; drop table mine",
            "select to_regclass('mine') is null",
            "t"),
        moved(
            "temporary view",
            "create or replace temp view seen as select 7 as n",
            "select n from seen",
            "7"),
        planned(
            "temporary sequence",
            "create temp sequence counts increment 3; select nextval('counts')",
            "select nextval('counts')",
            "4",
            CONTENTS),
        never("temporary table made inside a function", "select table_of()", hidden),
        never("temporary table by `SELECT INTO`", "select 1 as n into temp mine", hidden),
        never(
            "temporary table with a trigger, rule, policy, parent or partition",
            "create temp table mine (n int);"
                + " create trigger t before insert on mine for each row execute function fires()",
            special),
        never(
            "temporary function or type",
            "create type pg_temp.mood as enum ('ok')",
            "it has temporary functions or types"));
  }

  private static List<State> cursors() {
    String held = "it has a cursor WITH HOLD, whose rows lie on its own backend";
    return List.of(
        moved(
            "cursor of the open transaction, scrolled",
            "begin; declare scrolled scroll cursor for select generate_series(1, 5);"
                + " fetch last from scrolled",
            "fetch prior from scrolled",
            "4"),
        moved(
            "cursor `WITH HOLD` of the open transaction",
            "begin; declare kept cursor with hold for select generate_series(1, 5);"
                + " fetch 2 from kept",
            "fetch 1 from kept",
            "3"),
        planned(
            "cursor `WITH HOLD` after its transaction",
            "declare kept no scroll cursor with hold for"
                + " select n, null::date, 0.1::float8 as f from generate_series(1, 5) n;"
                + " fetch 2 from kept",
            "fetch 1 from kept",
            "3",
            held),
        planned(
            "cursor `WITH HOLD`, scrolled",
            "declare kept scroll cursor with hold for select generate_series(1, 5) as n;"
                + " fetch 4 from kept",
            "fetch prior from kept",
            "3",
            held),
        moved(
            "cursor `WITH HOLD`, closed",
            "declare kept cursor with hold for select 9; close kept",
            "select count(*) from pg_cursors where is_holdable",
            "0"),
        never(
            "cursor `WITH HOLD`, `BINARY`",
            "declare kept binary cursor with hold for select 9",
            "it has a BINARY cursor WITH HOLD"));
  }

  private static State moved(String name, String before, String question, String expected) {
    return new State(name, sql(before), query(question), expected, MOVED, MOVED);
  }

  private static State planned(
      String name, String before, String question, String expected, String reason) {
    return new State(
        name, sql(before), query(question), expected, MOVED, new Outcome.NotMovable(reason));
  }

  private static State never(String name, String before, String reason) {
    Outcome not = new Outcome.NotMovable(reason);
    return new State(name, sql(before), query("select 1"), "1", not, not);
  }

  private static Work sql(String text) {
    return client -> {
      try (Statement statement = client.createStatement()) {
        for (String sql : text.split(";")) {
          statement.execute(sql);
        }
      }
    };
  }

  private static Question query(String sql) {
    return client -> {
      try (Statement statement = client.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        return rows.next() ? String.valueOf(rows.getString(1)) : "no row";
      }
    };
  }

  /// The table of docs/sessions.md.
  static String table() {
    StringBuilder table = new StringBuilder("| state | planned move | failover |\n|---|---|---|\n");
    for (State state : all()) {
      table
          .append("| ")
          .append(state.name())
          .append(" | ")
          .append(state.planned())
          .append(" | ")
          .append(
              state.failover().equals(state.planned()) && !state.planned().equals(MOVED)
                  ? "the same"
                  : state.failover())
          .append(" |\n");
    }
    return table.toString();
  }
}
