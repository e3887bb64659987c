package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

/// What a session is beyond its transaction comes along in a move, or the session says beforehand
/// that it does not.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SessionStateIT {
  private static MovedSessions moved;

  @BeforeAll
  static void start() throws Exception {
    moved = MovedSessions.start();
    moved.server.ask("create table plain (n int)");
  }

  @AfterAll
  static void stop() throws Exception {
    moved.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "select set_config('app.tenant', 'a''b\\c', false) | show app.tenant | a'b\\c",
        "select pg_catalog.set_config('App.Tenant', upper('x'), false) as v | show app.tenant | X",
        "set app.tenant = 'y' | show app.tenant | y",
        "begin; select set_config('app.tenant', 'z', false); rollback; select 1"
            + " | select coalesce(current_setting('app.tenant', true), '') | ##",
        "begin; select set_config('app.tenant', 'local', true) | show app.tenant | local",
        "begin; set local work_mem = '5MB' | show work_mem | 5MB",
        "set work_mem = '6MB'; begin; savepoint s; set work_mem = '7MB'; rollback to savepoint s;"
            + " commit | show work_mem | 6MB",
        "set work_mem = '6MB'; begin; savepoint s; set work_mem = '7MB'; rollback to s"
            + " | show work_mem | 6MB",
        "begin; create temp table mine (n int); insert into mine values (8)"
            + " | select sum(n) from mine | 8",
        "begin; create temp table dropped (n int) on commit drop; commit"
            + " | select to_regclass('dropped') is null | t",
        "create temp table mine (n int); drop table if exists mine"
            + " | select to_regclass('mine') is null | t",
        "begin; create temp table mine (n int); rollback | select to_regclass('mine') is null | t",
        "declare kept cursor with hold for select 9; close kept"
            + " | select count(*) from pg_cursors where is_holdable | 0",
        "begin; declare kept cursor with hold for select generate_series(1, 5); fetch 2 from kept"
            + " | fetch 1 from kept | 3",
        "begin; declare scrolled scroll cursor for select generate_series(1, 5);"
            + " fetch last from scrolled | fetch prior from scrolled | 4",
        "begin; select pg_advisory_xact_lock(1); savepoint a; insert into plain values (1)"
            + " | select count(*) from pg_locks where locktype = 'advisory' and pid ="
            + " pg_backend_pid() | 1",
        "select pg_advisory_lock(2); select pg_advisory_unlock_all() | select 1 | 1",
        "begin isolation level repeatable read read only | show transaction_isolation"
            + " | repeatable read",
      })
  void whatASessionIsComesAlong(String before, String question, String expected) throws Exception {
    for (String mode : List.of("preferQueryMode=simple", "prepareThreshold=1")) {
      try (Connection client = moved.connect(mode);
          Statement statement = client.createStatement()) {
        for (String sql : before.split(";")) {
          statement.execute(sql);
        }
        moved.move();
        assertThat(first(statement, question)).as(mode).isEqualTo(expected);
      }
    }
  }

  @Test
  void aParameterWhoseValueIsBoundComesAlong() throws Exception {
    try (Connection client = moved.connect();
        PreparedStatement set =
            client.prepareStatement("select set_config('app.tenant', ?, false)");
        Statement statement = client.createStatement()) {
      set.setString(1, "bound");
      set.execute();
      moved.move();
      assertThat(first(statement, "show app.tenant")).isEqualTo("bound");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create temp table stays (n int); drop table if exists public.stays",
        "create temp table stays (n int); begin; drop table stays; rollback",
        "create temp view stays as select 1; drop view stays",
        "declare stays cursor with hold for select 1; begin; rollback",
        "select set_config('app.' || 'hidden', 'x', false)",
        "select set_config('app.tenant', 'x', false), set_config('app.other', 'x', false)",
        "begin; select pg_advisory_lock(3); rollback",
      })
  void whatCannotComeAlongIsSaidBeforehandAndEndsTheSession(String before) throws Exception {
    try (Connection client = moved.connect();
        Statement statement = client.createStatement()) {
      for (String sql : before.split(";")) {
        statement.execute(sql);
      }
      statement.execute("select 1");
      moved.move();
      assertThatThrownBy(() -> first(statement, "select 1"))
          .isInstanceOfSatisfying(
              PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P01"));
    }
  }

  @Test
  void aListenerIsToldThatItMayHaveMissedSomethingAndGoesOnListening() throws Exception {
    try (Connection client = moved.connect();
        Statement statement = client.createStatement()) {
      statement.execute("listen news");
      moved.move();
      statement.execute("select 1");
      assertThat(String.valueOf(statement.getWarnings())).contains("may have been missed");
      moved.server.ask("select pg_notify('news', 'later')");
      var told = client.unwrap(PGConnection.class).getNotifications(10_000);
      assertThat(told).extracting(notification -> notification.getParameter()).contains("later");
    }
  }

  private static String first(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return String.valueOf(rows.getString(1));
    }
  }
}
