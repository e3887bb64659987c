package dev.baton.engine.postgres.session;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;

/// Errors and notices, settings, limits of time, the end of a backend.
final class SessionScripts {
  private SessionScripts() {}

  static void errors(DriverStage stage) throws Exception {
    try (Connection c = stage.connect()) {
      stage.run(c, "CREATE DOMAIN positive AS int CHECK (VALUE > 0)");
      stage.run(
          c,
          "CREATE TABLE e (id positive PRIMARY KEY, v text NOT NULL,"
              + " r int REFERENCES e DEFERRABLE INITIALLY DEFERRED, CONSTRAINT short"
              + " CHECK (length(v) < 5))");
      for (String wrong :
          List.of(
              "INSERT INTO e VALUES (-1, 'a')",
              "INSERT INTO e VALUES (1, NULL)",
              "INSERT INTO e VALUES (1, 'too long')",
              "INSERT INTO e VALUES (1, 'a'), (1, 'b')",
              "INSERT INTO e VALUES (1, 'a', 99)",
              "INSERT INTO e VALUES (1, 'a', 99) RETURNING id",
              "SELECT * FROM nowhere",
              "SELECT\n\n  missing FROM e",
              "SELECT 1 +",
              "SELECT 'unclosed",
              "SELECT $1",
              "SELECT pg_catalog.lower(1, 2)",
              "SELECT 1 / 0",
              "SELECT '9999999999'::int",
              "SELECT '\\xzz'::bytea",
              "DO $$ BEGIN RAISE EXCEPTION 'all' USING ERRCODE = 'ZZ123', DETAIL = 'd', HINT = 'h',"
                  + " COLUMN = 'c', CONSTRAINT = 'k', DATATYPE = 't', TABLE = 'e', SCHEMA = 's';"
                  + " END $$",
              "DO $$ BEGIN PERFORM nothing(); END $$",
              "SELECT set_config('work_mem', 'much', false)",
              "SET nonsense = 1",
              "COMMIT PREPARED 'nothing'",
              "ROLLBACK TO nothing",
              "FETCH nothing",
              "EXECUTE nothing",
              "DEALLOCATE nothing",
              "LOCK TABLE e",
              "TABLE e")) {
        stage.run(c, wrong);
      }
      c.setAutoCommit(false);
      stage.run(c, "INSERT INTO e VALUES (5, 'a', 99)");
      try {
        c.commit();
      } catch (SQLException e) {
        stage.tell(DriverStage.told(e));
      }
      stage.run(c, "SELECT count(*) FROM e");
    }
  }

  static void notices(DriverStage stage) throws Exception {
    try (Connection c = stage.connect()) {
      stage.run(c, "SET client_min_messages = debug1");
      stage.run(
          c,
          "DO $$ BEGIN RAISE DEBUG 'd'; RAISE LOG 'l'; RAISE INFO 'i'; RAISE NOTICE 'n %', 1"
              + " USING HINT = 'h', DETAIL = 'x'; RAISE WARNING 'w'; END $$");
      stage.run(c, "SET client_min_messages = notice");
      stage.run(c, "DROP TABLE IF EXISTS nothing; CREATE TABLE IF NOT EXISTS n (id int)");
      stage.run(c, "CREATE TABLE IF NOT EXISTS n (id int); SELECT 1; ROLLBACK");
      stage.run(c, "BEGIN; BEGIN; COMMIT; COMMIT");
    }
  }

  static void settings(DriverStage stage) throws Exception {
    try (Connection c =
        stage.connect(
            "options",
            "-c work_mem=5MB -c app.tenant=seven\\ and\\ a\\ half",
            "ApplicationName",
            "parity",
            "currentSchema",
            "pg_catalog,public")) {
      stage.run(c, "SHOW work_mem");
      stage.run(c, "SHOW app.tenant");
      stage.run(c, "SHOW search_path");
      stage.run(c, "SHOW application_name");
      stage.run(c, "SET TIME ZONE 'Asia/Tokyo'");
      stage.run(c, "SET application_name = 'other ü'");
      stage.run(c, "SET work_mem = '6MB'; SET LOCAL work_mem = '7MB'; RESET work_mem");
      stage.run(c, "SHOW work_mem");
      stage.run(c, "BEGIN; SET LOCAL TIME ZONE 'UTC'; SHOW TimeZone; ROLLBACK; SHOW TimeZone");
      Map<String, String> statuses =
          new java.util.TreeMap<>(c.unwrap(PGConnection.class).getParameterStatuses());
      stage.tell(statuses);
      stage.run(c, "SET client_encoding = 'LATIN1'");
      stage.run(c, "RESET ALL");
      stage.run(c, "SHOW TimeZone");
      stage.run(
          c, "CREATE ROLE parity_role; SET ROLE parity_role; SELECT current_user <> session_user");
      stage.run(c, "CREATE TABLE public.mine (id int)");
      stage.run(c, "RESET ROLE; DROP ROLE parity_role");
      stage.run(c, "SET SESSION AUTHORIZATION nobody");
    }
    try (Connection c = stage.connect("options", "-c nonsense=1")) {
      stage.tell(c.isValid(1));
    } catch (SQLException e) {
      stage.tell(DriverStage.told(e));
    }
  }

  static void timeOut(DriverStage stage) throws Exception {
    try (Connection c = stage.connect();
        Statement s = c.createStatement()) {
      s.setQueryTimeout(1);
      stage.run(s, "SELECT pg_sleep(30)");
      stage.run(c, "SELECT 'goes on'");
      c.setAutoCommit(false);
      stage.run(c, "CREATE TABLE z (id int)");
      stage.run(s, "INSERT INTO z SELECT 1 FROM pg_sleep(30)");
      stage.run(c, "SELECT 'failed transaction'");
      c.rollback();
      stage.run(c, "SELECT 'after it'");
      c.commit();
      s.setQueryTimeout(0);
      stage.run(c, "SET statement_timeout = 300");
      stage.run(s, "SELECT pg_sleep(30)");
      c.rollback();
    }
  }

  static void ownBackend(DriverStage stage) throws Exception {
    try (Connection c = stage.connect()) {
      stage.run(c, "CREATE TEMP TABLE k (id int) ON COMMIT DROP");
      stage.run(c, "CREATE TEMP TABLE k (id int); INSERT INTO k VALUES (1)");
      stage.run(c, "SELECT * FROM k");
      stage.run(c, "SELECT pg_advisory_lock(5), pg_try_advisory_lock(6), pg_advisory_unlock(5)");
      stage.run(
          c,
          "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()");
      stage.run(c, "CREATE SEQUENCE q; SELECT nextval('q'), nextval('q'), currval('q'), lastval()");
      stage.run(c, "SELECT setval('q', 50); SELECT nextval('q')");
      stage.run(c, "DISCARD TEMP; SELECT * FROM k");
      stage.run(c, "DISCARD ALL");
      stage.run(
          c,
          "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()");
      stage.tell(
          pid(c) == c.unwrap(PGConnection.class).getBackendPID() ? "the process id is true" : "");
    }
    try (Connection c = stage.connect();
        Connection other = stage.connect()) {
      stage.run(other, "SELECT pg_terminate_backend(" + pid(c) + ", 5000)");
      stage.run(c, "SELECT 1");
      stage.tell(c.isClosed());
    }
  }

  private static int pid(Connection c) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet rows = s.executeQuery("SELECT pg_backend_pid()")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  static void timeLimits(DriverStage stage) throws Exception {
    try (Connection c = stage.connect();
        Connection other = stage.connect()) {
      stage.run(c, "CREATE TABLE w (id int)");
      other.setAutoCommit(false);
      stage.run(other, "LOCK TABLE w");
      stage.run(c, "SET lock_timeout = 200");
      stage.run(c, "SELECT * FROM w");
      stage.run(c, "LOCK TABLE w NOWAIT");
      other.rollback();
      stage.run(c, "SELECT * FROM w");
      other.setAutoCommit(true);
      stage.run(other, "SET idle_in_transaction_session_timeout = 200");
      other.setAutoCommit(false);
      int gone = pid(other);
      stage.run(c, "SET lock_timeout = 0");
      stage.run(
          c,
          "DO $$BEGIN WHILE EXISTS (SELECT FROM pg_stat_activity WHERE pid = "
              + gone
              + ") LOOP PERFORM pg_sleep(0.05), pg_stat_clear_snapshot(); END LOOP;"
              + " PERFORM pg_sleep(0.5); END$$");
      stage.run(other, "SELECT 2");
      stage.tell(other.isClosed());
    }
  }
}
