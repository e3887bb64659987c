package dev.baton.engine.postgres.session;

import java.sql.Array;
import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;

/// Ways of asking, and what comes back.
final class QueryScripts {
  private QueryScripts() {}

  static void cursors(DriverStage stage) throws Exception {
    try (Connection c = stage.connect()) {
      c.setAutoCommit(false);
      try (Statement s = c.createStatement()) {
        s.setFetchSize(7);
        try (ResultSet rows = s.executeQuery("SELECT i, i * i FROM generate_series(1, 100) i")) {
          stage.rows(rows);
        }
        try (ResultSet rows = s.executeQuery("SELECT i FROM generate_series(1, 1000) i")) {
          rows.next();
          stage.tell(rows.getInt(1));
        }
        try (ResultSet rows =
            s.executeQuery("SELECT 10 / (20 - i) FROM generate_series(1, 30) i")) {
          stage.rows(rows);
        } catch (SQLException e) {
          stage.tell(DriverStage.told(e));
        }
        c.rollback();
      }
      try (Statement s =
              c.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY);
          ResultSet rows = s.executeQuery("SELECT i FROM generate_series(1, 10) i")) {
        rows.absolute(5);
        stage.tell(rows.getInt(1));
        rows.last();
        stage.tell(rows.getInt(1));
      }
      stage.run(c, "DECLARE k SCROLL CURSOR FOR SELECT i FROM generate_series(1, 20) i");
      stage.run(c, "FETCH 3 FROM k; MOVE 5 IN k; FETCH BACKWARD 2 FROM k");
      stage.run(c, "CLOSE k; FETCH k");
      c.rollback();
      stage.run(c, "DECLARE h CURSOR WITH HOLD FOR SELECT i FROM generate_series(1, 5) i");
      c.commit();
      stage.run(c, "FETCH ALL FROM h");
      c.commit();
      stage.run(c, "CLOSE ALL");
    }
  }

  static void batches(DriverStage stage) throws Exception {
    for (String rewrite : List.of("false", "true")) {
      try (Connection c = stage.connect("reWriteBatchedInserts", rewrite)) {
        stage.run(
            c, "DROP TABLE IF EXISTS b; CREATE TABLE b (id serial PRIMARY KEY, v int UNIQUE)");
        try (Statement s = c.createStatement()) {
          s.addBatch("INSERT INTO b (v) VALUES (1)");
          s.addBatch("UPDATE b SET v = v + 1");
          s.addBatch("DELETE FROM b");
          stage.tell(Arrays.toString(s.executeBatch()));
        }
        batch(stage, c, 300, -1);
        batch(stage, c, 300, 17);
        c.setAutoCommit(false);
        batch(stage, c, 10, 5);
        c.rollback();
        stage.run(c, "SELECT count(*), sum(v) FROM b");
        c.rollback();
      }
    }
  }

  private static void batch(DriverStage stage, Connection c, int size, int repeated)
      throws SQLException {
    try (PreparedStatement p =
        c.prepareStatement("INSERT INTO b (v) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
      for (int i = 0; i < size; i++) {
        p.setInt(1, i == repeated ? 1_000 : 1_000 + i + size * (repeated + 2));
        p.addBatch();
        if (i == repeated) {
          p.addBatch();
        }
      }
      stage.tell(Arrays.toString(p.executeBatch()));
      int keys = 0;
      try (ResultSet generated = p.getGeneratedKeys()) {
        while (generated.next()) {
          keys++;
        }
      }
      stage.tell(keys + " keys");
    } catch (BatchUpdateException e) {
      stage.tell(Arrays.toString(e.getUpdateCounts()));
      stage.tell(e.getSQLState() + " " + told(String.valueOf(e.getNextException())));
    }
  }

  /// Without the number of the batch's row, which the driver makes up.
  private static String told(String text) {
    return text.lines().findFirst().orElse("");
  }

  static void modes(DriverStage stage, String mode) throws Exception {
    try (Connection c = stage.connect("preferQueryMode", mode, "prepareThreshold", "2")) {
      stage.run(c, "CREATE TABLE m (id serial, v text, n numeric)");
      try (PreparedStatement p =
          c.prepareStatement("INSERT INTO m (v, n) VALUES (?, ?) RETURNING id, v, n")) {
        for (int i = 0; i < 5; i++) {
          p.setString(1, "it's \\ row " + i);
          p.setBigDecimal(2, new java.math.BigDecimal("1234.56"));
          try (ResultSet rows = p.executeQuery()) {
            stage.rows(rows);
          }
        }
      }
      try (PreparedStatement p = c.prepareStatement("SELECT ?::int / ?::int")) {
        p.setInt(1, 1);
        p.setInt(2, 0);
        p.executeQuery().close();
      } catch (SQLException e) {
        stage.tell(DriverStage.told(e));
      }
      stage.run(c, "SELECT 1; SELECT 'two'; UPDATE m SET v = 'x'; SELECT count(*) FROM m");
      stage.run(c, "DEALLOCATE ALL");
      stage.run(c, "SELECT count(*) FROM m");
      stage.run(c, "DISCARD ALL");
      stage.run(c, "SELECT count(*) FROM m");
      stage.run(c, "");
      stage.run(c, ";");
      stage.run(c, "-- nothing");
      stage.run(c, "SELECT");
    }
  }

  static void outParameters(DriverStage stage) throws Exception {
    try (Connection c = stage.connect("escapeSyntaxCallMode", "callIfNoReturn")) {
      stage.run(
          c,
          "CREATE FUNCTION f(a int, OUT b int, OUT c text) LANGUAGE sql"
              + " AS 'SELECT a + 1, ''text '' || a';"
              + "CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql AS 'SELECT a * 2';"
              + "CREATE PROCEDURE p(INOUT a int, b text) LANGUAGE plpgsql"
              + " AS 'BEGIN a := a + length(b); COMMIT; a := a + 1; END';"
              + "CREATE FUNCTION cursors() RETURNS refcursor LANGUAGE plpgsql"
              + " AS 'DECLARE k refcursor := ''named''; BEGIN OPEN k FOR SELECT 1 UNION SELECT 2;"
              + " RETURN k; END'");
      try (CallableStatement call = c.prepareCall("{? = call g(?)}")) {
        call.registerOutParameter(1, Types.INTEGER);
        call.setInt(2, 21);
        call.execute();
        stage.tell(call.getInt(1));
      }
      try (CallableStatement call = c.prepareCall("{call f(?, ?, ?)}")) {
        call.setInt(1, 5);
        call.registerOutParameter(2, Types.INTEGER);
        call.registerOutParameter(3, Types.VARCHAR);
        call.execute();
        stage.tell(call.getInt(2) + " " + call.getString(3));
      } catch (SQLException e) {
        stage.tell(DriverStage.told(e));
      }
      try (CallableStatement call = c.prepareCall("call p(?, ?)")) {
        call.setInt(1, 5);
        call.registerOutParameter(1, Types.INTEGER);
        call.setString(2, "four");
        call.execute();
        stage.tell(call.getInt(1));
      }
      c.setAutoCommit(false);
      try (CallableStatement call = c.prepareCall("{? = call cursors()}")) {
        call.registerOutParameter(1, Types.REF_CURSOR);
        call.execute();
        stage.rows((ResultSet) call.getObject(1));
      }
      stage.run(c, "CALL p(1, 'in a block')");
      c.rollback();
    }
  }

  static void severalStatements(DriverStage stage) throws Exception {
    try (Connection c = stage.connect("preferQueryMode", "simple")) {
      stage.run(c, "CREATE TABLE s (id int PRIMARY KEY)");
      for (String text :
          List.of(
              "SELECT 1; SELECT 2; SELECT 3",
              "INSERT INTO s VALUES (1); INSERT INTO s VALUES (2); SELECT * FROM s",
              "INSERT INTO s VALUES (3); INSERT INTO s VALUES (1); INSERT INTO s VALUES (4)",
              "SELECT count(*) FROM s",
              "BEGIN; INSERT INTO s VALUES (5); COMMIT; INSERT INTO s VALUES (1)",
              "SELECT count(*) FROM s",
              "BEGIN; INSERT INTO s VALUES (6); ROLLBACK; SELECT count(*) FROM s",
              "INSERT INTO s VALUES (7); COMMIT; SELECT count(*) FROM s",
              "INSERT INTO s VALUES (8); ROLLBACK; SELECT count(*) FROM s",
              ";;SELECT 1;;",
              "SELECT 1; SELEC 2; SELECT 3",
              "BEGIN; SELECT 1; COMMIT AND CHAIN; SELECT 2; COMMIT",
              "CREATE TABLE s2 (id int); DROP TABLE s2; SELECT 'x'",
              "VACUUM s; SELECT 1",
              "SELECT 1; VACUUM s",
              "PREPARE k AS SELECT $1::int; EXECUTE k(5); DEALLOCATE k")) {
        stage.run(c, text);
      }
    }
  }

  static void prepared(DriverStage stage) throws Exception {
    try (Connection c = stage.connect("prepareThreshold", "1")) {
      stage.run(c, "CREATE TABLE q (id int, v text)");
      try (PreparedStatement p = c.prepareStatement("SELECT * FROM q WHERE id = ?")) {
        for (int i = 0; i < 3; i++) {
          p.setInt(1, i);
          stage.rows(p.executeQuery());
        }
        stage.run(c, "ALTER TABLE q ADD COLUMN w int");
        p.setInt(1, 1);
        stage.rows(p.executeQuery());
        stage.run(c, "DEALLOCATE ALL");
        stage.rows(p.executeQuery());
        c.setAutoCommit(false);
        stage.run(c, "ALTER TABLE q DROP COLUMN w");
        stage.rows(p.executeQuery());
      } catch (SQLException e) {
        stage.tell(DriverStage.told(e));
      }
      c.rollback();
      c.setAutoCommit(true);
      stage.run(c, "PREPARE own(int) AS INSERT INTO q VALUES ($1) RETURNING *");
      stage.run(c, "EXECUTE own(7); EXECUTE own(8)");
      stage.run(c, "EXECUTE own('x')");
      stage.run(c, "SELECT name, statement FROM pg_prepared_statements WHERE from_sql");
      stage.run(
          c,
          "CREATE FUNCTION clear() RETURNS void LANGUAGE plpgsql"
              + " AS 'BEGIN EXECUTE ''DEALLOCATE ALL''; END'");
      try (PreparedStatement p = c.prepareStatement("INSERT INTO q VALUES (?)")) {
        for (int i = 0; i < 3; i++) {
          p.setInt(1, 100 + i);
          stage.tell(p.executeUpdate());
          stage.run(c, "SELECT clear()");
        }
      } catch (SQLException e) {
        stage.tell(DriverStage.told(e));
      }
      stage.run(c, "SELECT count(*) FROM q");
    }
  }

  static void types(DriverStage stage) throws Exception {
    try (Connection c = stage.connect("prepareThreshold", "-1")) {
      stage.run(c, "CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE TYPE pair AS (a int, b text)");
      stage.run(
          c,
          "SELECT 'glad'::mood, ROW(1, 'x y')::pair, ARRAY[1, NULL, 3], ARRAY[['a'], ['b']],"
              + " '{\"k\": [1]}'::jsonb, '[1,5)'::int4range, 'infinity'::timestamptz,"
              + " '-infinity'::date, 'NaN'::numeric, 1e300::float8,"
              + " '00000000-0000-0000-0000-000000000001'::uuid, '1 year 2 mons'::interval, B'101',"
              + " '10.0.0.0/8'::cidr, '(1,2)'::point, NULL::xml, true, 'x'::\"char\", 12.5::money,"
              + " '12:00+02'::timetz");
      try (PreparedStatement p =
          c.prepareStatement("SELECT ?::int[], ?::mood, ?::timestamptz, ?::bytea, ?::uuid")) {
        Array array = c.createArrayOf("int4", new Object[] {1, 2, null});
        p.setArray(1, array);
        p.setObject(2, "sad", Types.OTHER);
        p.setObject(3, java.time.OffsetDateTime.parse("2020-02-29T12:00:00+01:00"));
        p.setBytes(4, new byte[] {0, 1, -1});
        p.setObject(5, new java.util.UUID(1, 2));
        try (ResultSet rows = p.executeQuery()) {
          stage.rows(rows);
        }
      }
    }
  }

  static void metadata(DriverStage stage) throws Exception {
    try (Connection c = stage.connect()) {
      stage.run(c, "CREATE TABLE d (id bigserial PRIMARY KEY, v varchar(10) NOT NULL DEFAULT 'x')");
      stage.run(c, "COMMENT ON TABLE d IS 'commented'");
      stage.tell(c.getMetaData().getDatabaseProductVersion());
      try (ResultSet tables = c.getMetaData().getTables(null, "public", "%", null)) {
        while (tables.next()) {
          stage.tell(tables.getString("TABLE_NAME") + " " + tables.getString("REMARKS"));
        }
      }
      try (ResultSet columns = c.getMetaData().getColumns(null, "public", "d", null)) {
        while (columns.next()) {
          stage.tell(
              columns.getString("COLUMN_NAME")
                  + " "
                  + columns.getString("COLUMN_DEF")
                  + " "
                  + columns.getString("TYPE_NAME"));
        }
      }
      try (PreparedStatement p = c.prepareStatement("INSERT INTO d VALUES (?, ?)")) {
        stage.tell(p.getParameterMetaData().getParameterTypeName(2));
        stage.tell(p.getMetaData());
      }
      try (Statement s =
          c.createStatement(ResultSet.TYPE_SCROLL_SENSITIVE, ResultSet.CONCUR_UPDATABLE)) {
        s.executeUpdate("INSERT INTO d (v) VALUES ('a')", Statement.RETURN_GENERATED_KEYS);
        stage.rows(s.getGeneratedKeys());
        try (ResultSet rows = s.executeQuery("SELECT id, v FROM d")) {
          rows.next();
          rows.updateString("v", "changed");
          rows.updateRow();
          rows.moveToInsertRow();
          rows.updateLong("id", 50);
          rows.updateString("v", "new");
          rows.insertRow();
        }
        stage.run(c, "SELECT * FROM d ORDER BY id");
      }
    }
  }
}
