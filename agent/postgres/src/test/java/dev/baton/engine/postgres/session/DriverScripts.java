package dev.baton.engine.postgres.session;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/// What a driver can be made to do, each with a transcript of what it is told. Nothing in a
/// transcript depends on the moment or on the database.
final class DriverScripts {
  private static final int LARGE = 1 << 20;

  private DriverScripts() {}

  @FunctionalInterface
  interface Script {
    void run(Stage stage) throws Exception;
  }

  /// Where a script runs.
  record Stage(String url, Properties properties, List<String> told) {
    Connection connect(String... settings) throws SQLException {
      Properties all = new Properties();
      all.putAll(properties);
      for (int i = 0; i < settings.length; i += 2) {
        all.setProperty(settings[i], settings[i + 1]);
      }
      return DriverManager.getConnection(url, all);
    }

    void tell(@Nullable Object what) {
      told.add(shortened(String.valueOf(what)));
    }

    /// Runs one text and tells all of its results, warnings, or its error.
    void run(Connection connection, String sql) {
      try (Statement statement = connection.createStatement()) {
        run(statement, sql);
      } catch (SQLException e) {
        tell(DriverScripts.told(e));
      }
    }

    void run(Statement statement, String sql) {
      try {
        boolean rows = statement.execute(sql);
        while (rows || statement.getUpdateCount() >= 0) {
          if (rows) {
            rows(statement.getResultSet());
          } else {
            tell("count " + statement.getUpdateCount());
          }
          rows = statement.getMoreResults();
        }
      } catch (SQLException e) {
        tell(DriverScripts.told(e));
      }
      warnings(statement);
    }

    void rows(ResultSet rows) throws SQLException {
      ResultSetMetaData columns = rows.getMetaData();
      StringBuilder head = new StringBuilder("columns");
      for (int i = 1; i <= Math.min(columns.getColumnCount(), 20); i++) {
        head.append(' ').append(columns.getColumnLabel(i));
        head.append(':').append(columns.getColumnTypeName(i));
      }
      tell(head);
      int count = 0;
      while (rows.next()) {
        StringBuilder row = new StringBuilder("row");
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          boolean bytes = columns.getColumnTypeName(i).equals("bytea");
          row.append(" | ").append(bytes ? Arrays.toString(rows.getBytes(i)) : rows.getString(i));
        }
        if (count++ < 50) {
          tell(row);
        }
      }
      tell(count + " rows");
    }

    private void warnings(Statement statement) {
      try {
        for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
          tell("warning " + DriverScripts.told(w));
        }
      } catch (SQLException e) {
        tell("no warnings: " + DriverScripts.told(e));
      }
    }
  }

  private static String shortened(String text) {
    return text.length() <= 300
        ? text
        : text.substring(0, 100) + "… " + text.length() + " chars, hash " + text.hashCode();
  }

  /// Every field that the server has sent.
  static String told(Throwable e) {
    ServerErrorMessage fields =
        switch (e) {
          case PSQLException error -> error.getServerErrorMessage();
          case PSQLWarning warning -> warning.getServerErrorMessage();
          default -> null;
        };
    if (fields == null) {
      return e instanceof SQLException sql
          ? e.getClass().getSimpleName() + " " + sql.getSQLState() + " " + e.getMessage()
          : e.toString();
    }
    return String.join(
        " ¦ ",
        Arrays.asList(
            "" + fields.getSeverity(),
            "" + fields.getSQLState(),
            "" + fields.getMessage(),
            "" + fields.getDetail(),
            "" + fields.getHint(),
            "" + fields.getPosition(),
            "" + fields.getInternalQuery(),
            "" + fields.getInternalPosition(),
            "" + fields.getWhere(),
            "" + fields.getSchema(),
            "" + fields.getTable(),
            "" + fields.getColumn(),
            "" + fields.getDatatype(),
            "" + fields.getConstraint(),
            "" + fields.getFile(),
            "" + fields.getLine(),
            "" + fields.getRoutine()));
  }

  static SequencedMap<String, Script> all() {
    SequencedMap<String, Script> scripts = new LinkedHashMap<>();
    scripts.put("copy", DriverScripts::copy);
    scripts.put("large objects", DriverScripts::largeObjects);
    scripts.put("notifications", DriverScripts::notifications);
    scripts.put("cursors", DriverScripts::cursors);
    scripts.put("batches", DriverScripts::batches);
    scripts.put("autosave", DriverScripts::autosave);
    for (String mode :
        List.of("simple", "extended", "extendedForPrepared", "extendedCacheEverything")) {
      scripts.put("mode " + mode.toLowerCase(java.util.Locale.ROOT), stage -> modes(stage, mode));
    }
    scripts.put("time out", DriverScripts::timeOut);
    scripts.put("out parameters", DriverScripts::outParameters);
    scripts.put("wide and large", DriverScripts::wideAndLarge);
    scripts.put("errors", DriverScripts::errors);
    scripts.put("notices", DriverScripts::notices);
    scripts.put("several statements", DriverScripts::severalStatements);
    scripts.put("transactions", DriverScripts::transactions);
    scripts.put("prepared", DriverScripts::prepared);
    scripts.put("outside of blocks", DriverScripts::outsideOfBlocks);
    scripts.put("settings", DriverScripts::settings);
    scripts.put("types", DriverScripts::types);
    scripts.put("metadata", DriverScripts::metadata);
    scripts.put("own backend", DriverScripts::ownBackend);
    scripts.put("time limits", DriverScripts::timeLimits);
    return scripts;
  }

  private static void copy(Stage stage) throws Exception {
    try (Connection c = stage.connect()) {
      stage.run(c, "CREATE TABLE t (id int PRIMARY KEY, v text)");
      CopyManager copy = c.unwrap(PGConnection.class).getCopyAPI();
      stage.tell(copy.copyIn("COPY t FROM STDIN", new StringReader("1\ta\n2\t\\N\n3\tü\n")));
      stage.tell(copy.copyIn("COPY t FROM STDIN (FORMAT csv)", new StringReader("4,\"x,y\"\n")));
      StringBuilder many = new StringBuilder();
      for (int i = 10; i < 60_000; i++) {
        many.append(i).append("\tvalue of row number ").append(i).append('\n');
      }
      stage.tell(copy.copyIn("COPY t FROM STDIN", new StringReader(many.toString())));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      stage.tell(copy.copyOut("COPY (SELECT * FROM t ORDER BY id) TO STDOUT", out));
      stage.tell(out.toString(StandardCharsets.UTF_8));
      ByteArrayOutputStream binary = new ByteArrayOutputStream();
      stage.tell(copy.copyOut("COPY (SELECT 1, 'x'::text) TO STDOUT (FORMAT binary)", binary));
      stage.tell(Arrays.toString(binary.toByteArray()));
      for (String wrong : List.of("x\ty\n", "1\tagain\n", "1\n", "70000\ta\tb\n")) {
        try {
          stage.tell(copy.copyIn("COPY t FROM STDIN", new StringReader(wrong)));
        } catch (SQLException e) {
          stage.tell(told(e));
        }
      }
      CopyIn given = copy.copyIn("COPY t FROM STDIN");
      given.writeToCopy("80000\tgone\n".getBytes(StandardCharsets.UTF_8), 0, 11);
      given.cancelCopy();
      stage.run(c, "SELECT count(*), max(id) FROM t");
      stage.run(c, "COPY t FROM STDIN");
      stage.run(c, "COPY t TO STDOUT");
      c.setAutoCommit(false);
      stage.tell(copy.copyIn("COPY t FROM STDIN", new StringReader("90000\tx\n")));
      stage.run(c, "SELECT v FROM t WHERE id = 90000");
      c.rollback();
      stage.run(c, "SELECT v FROM t WHERE id = 90000");
    }
  }

  private static void largeObjects(Stage stage) throws Exception {
    try (Connection c = stage.connect()) {
      c.setAutoCommit(false);
      LargeObjectManager objects = c.unwrap(PGConnection.class).getLargeObjectAPI();
      long id = objects.createLO();
      byte[] data = new byte[LARGE];
      Arrays.fill(data, (byte) 'x');
      try (LargeObject object = objects.open(id)) {
        object.write(data);
        object.seek(1000);
        object.write("in the middle".getBytes(StandardCharsets.UTF_8));
        stage.tell(object.tell() + " of " + object.size());
        object.seek(995);
        stage.tell(new String(object.read(30), StandardCharsets.UTF_8));
        object.truncate(1005);
        stage.tell(object.size());
      }
      c.commit();
      try (LargeObject object = objects.open(id, LargeObjectManager.READ)) {
        object.write(data, 0, 5);
      } catch (SQLException e) {
        stage.tell(e.getSQLState()); // its text has the object's id
      }
      c.rollback();
      objects.delete(id);
      c.commit();
      try {
        objects.open(id).close();
      } catch (SQLException e) {
        stage.tell(((PSQLException) e).getSQLState());
      }
      c.rollback();
      c.setAutoCommit(true);
      stage.run(c, "SELECT lo_from_bytea(0, 'abc') > 0");
    }
  }

  private static void notifications(Stage stage) throws Exception {
    try (Connection c = stage.connect();
        Connection other = stage.connect()) {
      PGConnection listener = c.unwrap(PGConnection.class);
      stage.run(c, "LISTEN news; LISTEN \"Other News\"");
      stage.run(other, "NOTIFY news, 'from outside'");
      stage.run(other, "SELECT pg_notify('Other News', repeat('x', 7000))");
      stage.run(c, "BEGIN; NOTIFY news, 'own'; NOTIFY news, 'own'; NOTIFY news; COMMIT");
      int got = 0;
      while (got < 4) {
        PGNotification[] notifications = listener.getNotifications(5_000);
        if (notifications == null || notifications.length == 0) {
          stage.tell("no more after " + got);
          return;
        }
        for (PGNotification n : notifications) {
          got++;
          stage.tell(n.getName() + " " + (n.getPID() == listener.getBackendPID()));
          stage.tell(n.getParameter());
        }
      }
      stage.run(c, "UNLISTEN *");
      stage.run(c, "NOTIFY news, 'nobody listens'");
      stage.run(c, "SELECT count(*) FROM pg_listening_channels()");
      stage.tell(Arrays.toString(listener.getNotifications()));
    }
  }

  private static void cursors(Stage stage) throws Exception {
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
          stage.tell(told(e));
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

  private static void batches(Stage stage) throws Exception {
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

  private static void batch(Stage stage, Connection c, int size, int repeated) throws SQLException {
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

  private static void autosave(Stage stage) throws Exception {
    for (String cleanup : List.of("false", "true")) {
      try (Connection c = stage.connect("autosave", "always", "cleanupSavepoints", cleanup)) {
        c.setAutoCommit(false);
        stage.run(c, "CREATE TABLE a (id int PRIMARY KEY)");
        stage.run(c, "INSERT INTO a VALUES (1)");
        stage.run(c, "INSERT INTO a VALUES (1)");
        stage.run(c, "SELECT 1 / 0");
        stage.run(c, "SELECT nonsense");
        stage.run(c, "INSERT INTO a VALUES (2)");
        stage.run(c, "SELECT * FROM a");
        c.commit();
        stage.run(c, "DROP TABLE a");
        c.commit();
      }
    }
  }

  private static void modes(Stage stage, String mode) throws Exception {
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
        stage.tell(told(e));
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

  private static void timeOut(Stage stage) throws Exception {
    try (Connection c = stage.connect();
        Statement s = c.createStatement()) {
      s.setQueryTimeout(1);
      stage.run(s, "SELECT pg_sleep(30)");
      stage.run(s, "SELECT 'goes on'");
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

  private static void outParameters(Stage stage) throws Exception {
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
        stage.tell(told(e));
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

  private static void wideAndLarge(Stage stage) throws Exception {
    try (Connection c = stage.connect()) {
      StringBuilder wide = new StringBuilder("SELECT 0 AS c0");
      for (int i = 1; i < 1600; i++) {
        wide.append(", ").append(i).append(" AS c").append(i);
      }
      stage.run(c, wide.toString());
      stage.run(c, wide + ", 1 AS many, " + "2, ".repeat(100) + "3");
      stage.run(c, "CREATE TABLE l (t text, b bytea)");
      for (int size : new int[] {LARGE - 100, LARGE, 3 * LARGE}) {
        try (PreparedStatement p =
            c.prepareStatement("INSERT INTO l VALUES (?, ?) RETURNING length(t), md5(t)")) {
          p.setString(1, "ä".repeat(size / 2));
          p.setBinaryStream(2, new ByteArrayInputStream(new byte[size]), size);
          try (ResultSet rows = p.executeQuery()) {
            stage.rows(rows);
          }
        }
        stage.run(c, "SELECT t, length(b) FROM l");
        stage.run(c, "DELETE FROM l");
      }
      stage.run(c, "SELECT repeat('x', " + LARGE + ") FROM generate_series(1, 5)");
      stage.run(c, "SELECT '" + "y".repeat(3 * LARGE) + "'");
    }
  }

  private static void errors(Stage stage) throws Exception {
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
        stage.tell(told(e));
      }
      stage.run(c, "SELECT count(*) FROM e");
    }
  }

  private static void notices(Stage stage) throws Exception {
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

  private static void severalStatements(Stage stage) throws Exception {
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

  private static void transactions(Stage stage) throws Exception {
    try (Connection c = stage.connect()) {
      stage.run(c, "CREATE TABLE x (id int)");
      for (int level :
          new int[] {
            Connection.TRANSACTION_READ_COMMITTED,
            Connection.TRANSACTION_REPEATABLE_READ,
            Connection.TRANSACTION_SERIALIZABLE
          }) {
        c.setTransactionIsolation(level);
        c.setAutoCommit(false);
        stage.run(c, "SHOW transaction_isolation");
        stage.run(c, "INSERT INTO x VALUES (1)");
        Savepoint point = c.setSavepoint("p");
        stage.run(c, "INSERT INTO x VALUES (2)");
        stage.run(c, "SELECT broken");
        stage.run(c, "SELECT 'still failed'");
        c.rollback(point);
        stage.run(c, "SELECT * FROM x");
        c.releaseSavepoint(point);
        c.commit();
        c.setAutoCommit(true);
      }
      c.setReadOnly(true);
      stage.run(c, "INSERT INTO x VALUES (3)");
      c.setAutoCommit(false);
      stage.run(c, "INSERT INTO x VALUES (3)");
      c.rollback();
      c.setAutoCommit(true);
      c.setReadOnly(false);
      stage.run(c, "BEGIN");
      stage.run(c, "SELECT broken");
      stage.run(c, "COMMIT");
      stage.run(c, "ABORT");
      stage.run(c, "PREPARE TRANSACTION 'x'");
      stage.run(c, "SELECT count(*) FROM x");
    }
  }

  private static void prepared(Stage stage) throws Exception {
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
        stage.tell(told(e));
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
        stage.tell(told(e));
      }
      stage.run(c, "SELECT count(*) FROM q");
    }
  }

  private static void outsideOfBlocks(Stage stage) throws Exception {
    try (Connection c = stage.connect()) {
      stage.run(c, "CREATE TABLE o (id int)");
      for (String text :
          List.of(
              "VACUUM o",
              "VACUUM ANALYZE",
              "ANALYZE o",
              "CREATE INDEX CONCURRENTLY i ON o (id)",
              "REINDEX TABLE CONCURRENTLY o",
              "DROP INDEX CONCURRENTLY i",
              "CLUSTER",
              "CHECKPOINT",
              "DO $$ BEGIN INSERT INTO o VALUES (1); COMMIT; INSERT INTO o VALUES (2); ROLLBACK;"
                  + " END $$",
              "SELECT * FROM o",
              "EXPLAIN (COSTS off) SELECT * FROM o",
              "CREATE RULE r AS ON INSERT TO o DO INSTEAD SELECT 'by rule'",
              "INSERT INTO o VALUES (5)",
              "ALTER SYSTEM RESET ALL",
              "SELECT pg_reload_conf()")) {
        stage.run(c, text);
      }
      c.setAutoCommit(false);
      stage.run(c, "VACUUM o");
      c.rollback();
      stage.run(c, "CREATE INDEX CONCURRENTLY i ON o (id)");
      c.rollback();
    }
  }

  private static void settings(Stage stage) throws Exception {
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
      stage.tell(told(e));
    }
  }

  private static void types(Stage stage) throws Exception {
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

  private static void metadata(Stage stage) throws Exception {
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

  private static void ownBackend(Stage stage) throws Exception {
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

  private static void timeLimits(Stage stage) throws Exception {
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
      stage.run(other, "SELECT 1");
      stage.run(c, "SET lock_timeout = 0; SELECT pg_sleep(1)");
      stage.run(other, "SELECT 2");
      stage.tell(other.isClosed());
    }
  }
}
