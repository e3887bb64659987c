package dev.baton.engine.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.model.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The log of a real server, in many shapes, against what the server itself reads in it
/// (`pg_walinspect`).
class WalDecoderIT {
  private final List<String> records = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();
  private int segmentBytes;

  @Test
  void readsWhatTheServerReads() throws Exception {
    try (TestServer server =
        TestServer.start("a", Map.of("max_prepared_transactions", "10", "autovacuum", "off"))) {
      server.ask("CREATE EXTENSION pg_walinspect");
      server.ask("CHECKPOINT");
      segmentBytes =
          Integer.parseInt(
              server.ask("SELECT setting FROM pg_settings WHERE name = 'wal_segment_size'"));
      LogPosition from =
          WalFormat.segmentStart(
              LogPosition.parse(server.ask("SELECT pg_current_wal_lsn()")), segmentBytes);
      writeManyShapes(server);
      LogPosition end = LogPosition.parse(server.ask("SELECT pg_current_wal_flush_lsn()"));
      byte[] log = read(server, from, end);
      decode(log, from, new int[] {log.length});
      List<String> wholeRecords = List.copyOf(records);
      List<String> wholeEnds = List.copyOf(ends);

      List<String> expected = inspect(server, from, end);
      assertThat(wholeRecords.size()).isGreaterThan(3000);
      assertThat(wholeRecords).endsWith(expected.toArray(String[]::new));
      assertThat(wholeEnds)
          .filteredOn(line -> line.contains("COMMIT"))
          .containsAll(inspectCommits(server, from, end));

      Random random = new Random(4);
      for (int run = 0; run < 5; run++) {
        decode(log, from, random.ints(log.length / 50, 1, 5000).toArray());
        assertThat(records).isEqualTo(wholeRecords);
        assertThat(ends).isEqualTo(wholeEnds);
      }
    }
  }

  private static void writeManyShapes(TestServer server) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (n int PRIMARY KEY, filler text)");
      for (int i = 0; i < 300; i++) {
        statement.execute("INSERT INTO t VALUES (" + i + ", repeat('x', " + i * 7 + "))");
      }
      for (int i = 0; i < 20; i++) {
        statement.execute("BEGIN");
        for (int j = 0; j < i * 5; j++) {
          statement.execute("SAVEPOINT s");
          statement.execute("UPDATE t SET filler = 'y' WHERE n = " + j);
          statement.execute(j % 3 == 0 ? "ROLLBACK TO s" : "RELEASE s");
        }
        statement.execute(i % 4 == 0 ? "ROLLBACK" : "COMMIT");
      }
      for (int i = 0; i < 8; i++) {
        statement.execute("BEGIN");
        statement.execute("CREATE TABLE p" + i + " (n int PRIMARY KEY)");
        statement.execute("SAVEPOINT s");
        statement.execute("INSERT INTO p" + i + " VALUES (1)");
        if (i % 2 == 0) {
          statement.execute("CREATE TABLE dropped (n int)");
          statement.execute("DROP TABLE dropped");
        }
        statement.execute("PREPARE TRANSACTION 'g" + i + "'");
        statement.execute((i % 3 == 0 ? "ROLLBACK" : "COMMIT") + " PREPARED 'g" + i + "'");
      }
      statement.execute("SELECT pg_switch_wal()");
      statement.execute("SELECT pg_logical_emit_message(false, 'big', repeat('z', 20000000))");
      statement.execute("DROP TABLE t, p1");
      statement.execute("CREATE TABLE t AS SELECT generate_series(1, 20000) n");
      statement.execute("CREATE INDEX ON t (n)");
      statement.execute("CHECKPOINT");
    }
  }

  private byte[] read(TestServer server, LogPosition from, LogPosition end) throws IOException {
    Path folder = server.settings().dataDirectory().resolve("pg_wal");
    ByteBuffer bytes = ByteBuffer.allocate((int) end.bytesSince(from));
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> segments =
          files
              .filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}"))
              .sorted()
              .toList();
      for (Path segment : segments) {
        String name = segment.getFileName().toString();
        long number = Long.parseLong(name.substring(8, 16), 16) * ((1L << 32) / segmentBytes);
        number += Long.parseLong(name.substring(16), 16);
        long at = number * segmentBytes;
        if (at >= from.bits() && at < end.bits()) {
          bytes.position((int) (at - from.bits()));
          byte[] content = Files.readAllBytes(segment);
          bytes.put(content, 0, Math.min(content.length, bytes.remaining()));
        }
      }
    }
    byte[] log = new byte[bytes.position()];
    bytes.get(0, log);
    return log;
  }

  private void decode(byte[] log, LogPosition from, int[] pieces) throws WalFormatException {
    records.clear();
    ends.clear();
    long system = ByteBuffer.wrap(log).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong(24);
    WalDecoder decoder = WalDecoder.atSegmentStart(from, segmentBytes, system, new Recorder());
    int at = 0;
    int piece = 0;
    while (at < log.length) {
      int length = Math.min(piece < pieces.length ? pieces[piece++] : log.length, log.length - at);
      decoder.feed(from.plus(at), ByteBuffer.wrap(log, at, length));
      at += length;
    }
  }

  private final class Recorder implements WalRecords {
    private final CommitIndexer indexer = new CommitIndexer(new Lines());

    @Override
    public boolean wantsBody(int resourceManager, int info) {
      return indexer.wantsBody(resourceManager, info);
    }

    @Override
    public void record(
        WalFormat format, int manager, int info, long id, int bytes, ByteBuffer body, long end)
        throws WalFormatException {
      boolean logSwitch = manager == 0 && (info & 0xF0) == 0x40;
      records.add(id + " " + bytes + (logSwitch ? " switch" : " " + LogPosition.of(end)));
      indexer.record(format, manager, info, id, bytes, body, end);
    }

    @Override
    public void complete(long end) {}
  }

  private final class Lines implements dev.baton.core.memory.CommitSink {
    @Override
    public void committed(long[] transactions, LogPosition end) {
      ends.add("COMMIT " + subtransactions(transactions) + " " + end);
    }

    @Override
    public void aborted(long[] transactions, LogPosition end) {
      ends.add("ABORT " + subtransactions(transactions) + " " + end);
    }

    @Override
    public void complete(LogPosition end) {}

    private String subtransactions(long[] transactions) {
      return java.util.Arrays.toString(transactions);
    }
  }

  private static List<String> inspect(TestServer server, LogPosition from, LogPosition end)
      throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query(from, end))) {
      while (rows.next()) {
        boolean logSwitch = rows.getString("record_type").equals("SWITCH");
        found.add(
            rows.getLong("xid")
                + " "
                + rows.getLong("record_length")
                + (logSwitch ? " switch" : " " + LogPosition.parse(rows.getString("end_lsn"))));
      }
    }
    return found;
  }

  /// From the server's own descriptions: `...; subxacts: 5 6`, and for a prepared transaction the
  /// id that begins them.
  private static List<String> inspectCommits(TestServer server, LogPosition from, LogPosition end)
      throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query(from, end))) {
      while (rows.next()) {
        String type = rows.getString("record_type");
        String text = rows.getString("description");
        if (!rows.getString("resource_manager").equals("Transaction")
            || !type.startsWith("COMMIT")) {
          continue;
        }
        List<Long> ids = new ArrayList<>();
        ids.add(
            type.equals("COMMIT_PREPARED")
                ? Long.parseLong(text.substring(0, text.indexOf(':')).strip())
                : rows.getLong("xid"));
        java.util.regex.Matcher sub =
            java.util.regex.Pattern.compile("subxacts:((?: \\d+)+)").matcher(text);
        if (sub.find()) {
          for (String id : sub.group(1).strip().split(" ")) {
            ids.add(Long.parseLong(id));
          }
        }
        if (ids.getFirst() != 0) {
          found.add("COMMIT " + ids + " " + LogPosition.parse(rows.getString("end_lsn")));
        }
      }
    }
    return found;
  }

  private static String query(LogPosition from, LogPosition end) {
    return "SELECT * FROM pg_get_wal_records_info('" + from.plus(40) + "', '" + end + "')";
  }
}
