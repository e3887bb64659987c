package dev.baton.engine.postgres.session;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;
import org.postgresql.util.PSQLException;

/// Data that streams to the driver and from it.
final class StreamScripts {
  private static final int LARGE = 1 << 20;

  private StreamScripts() {}

  static void copy(DriverStage stage) throws Exception {
    try (Connection c = stage.connect()) {
      stage.run(c, "CREATE TABLE t (id int PRIMARY KEY, v text)");
      CopyManager copy = c.unwrap(PGConnection.class).getCopyAPI();
      stage.tell(copy.copyIn("COPY t FROM STDIN", new StringReader("1\ta\n2\t\\N\n3\tü\n")));
      stage.tell(copy.copyIn("COPY t FROM STDIN (FORMAT csv)", new StringReader("4,\"x,y\"\n")));
      StringBuilder many = new StringBuilder();
      for (int i = 10; i < 6_000; i++) {
        many.append(i).append('\t').append("value of a row ".repeat(20)).append(i).append('\n');
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
          stage.tell(DriverStage.told(e));
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

  static void largeObjects(DriverStage stage) throws Exception {
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

  static void notifications(DriverStage stage) throws Exception {
    try (Connection c = stage.connect();
        Connection other = stage.connect()) {
      PGConnection listener = c.unwrap(PGConnection.class);
      stage.run(c, "LISTEN news; LISTEN \"Other News\"");
      stage.run(other, "NOTIFY news, 'from outside'");
      stage.run(other, "SELECT pg_notify('Other News', repeat('x', 7000))");
      stage.run(c, "BEGIN; NOTIFY news, 'own'; NOTIFY news, 'own'; NOTIFY news; COMMIT");
      int got = 0;
      while (got < 4) {
        PGNotification[] notifications = listener.getNotifications(60_000);
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

  static void wideAndLarge(DriverStage stage) throws Exception {
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
}
