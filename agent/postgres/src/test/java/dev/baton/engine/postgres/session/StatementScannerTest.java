package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.session.Script.Feature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StatementScannerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          select 1                                     | WORK
          (select 1)                                   | WORK
          /* a /* nested */ comment */ -- more\\nBegin  | BEGIN
          start transaction read only                  | BEGIN
          end                                          | COMMIT
          commit and chain                             | COMMIT
          commit prepared 'x'                          | TWO_PHASE
          prepare transaction 'x'                      | TWO_PHASE
          prepare x as select 1                        | SESSION
          rollback                                     | ROLLBACK
          rollback work to savepoint a                 | SAVEPOINT
          rollback to a                                | SAVEPOINT
          release a                                    | SAVEPOINT
          set local x = 1                              | SESSION
          lock table t                                 | SESSION
          copy t from stdin                            | COPY
          do $$ begin commit; end $$                   | PROCEDURE
          call p()                                     | PROCEDURE
          vacuum full t                                | MAINTENANCE
          create index concurrently i on t (a)         | ALONE
          create unique index concurrently i on t (a)  | ALONE
          create index i on t (a)                      | WORK
          drop database x                              | ALONE
          alter database x set work_mem = 1            | WORK
          alter database x set tablespace y            | ALONE
          alter table t detach partition p concurrently| ALONE
          refresh materialized view concurrently m     | WORK
          explain analyze delete from t                | WORK
          begin1                                       | WORK
          """)
  void tellsTheKindOfAStatement(String sql, StatementKind kind) {
    assertThat(scan(sql.replace("\\n", "\n")).only()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ;; -- nothing                                              | 0
          select ';'                                                 | 1
          select 'it''s;'; select 2                                  | 2
          select e'\\';' ; select 2                                  | 2
          select E'\\\\'; select 2                                   | 2
          select '\\'; select 2                                      | 2
          select "a;b"                                               | 1
          select $$;$$, $a$ $$;$b$; $a$                              | 1
          select $1; select $2                                       | 2
          select a$b$;                                               | 1
          create rule r as on insert to t do also (a; b); select 1   | 2
          create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3 | 2
          create or replace procedure f() begin atomic select 1; end | 1
          begin; select 1; end                                       | 3
          select 'unterminated; select 2                             | 1
          /* unterminated ; select 1                                 | 0
          """)
  void splitsAsTheServerDoes(String sql, int statements) {
    assertThat(scan(sql).statements()).hasSize(statements);
  }

  @Test
  void backslashEscapesInPlainStringsWhenTheSessionHasThem() {
    assertThat(StatementScanner.scan("select '\\'; select 2'", false).statements()).hasSize(1);
  }

  @Test
  void findsWhatBindsASessionToItsBackend() {
    assertThat(scan("create temp table t (a int)").features()).containsExactly(Feature.TEMPORARY);
    assertThat(scan("select 1 into temporary t").features()).containsExactly(Feature.TEMPORARY);
    assertThat(scan("select temp from weather").features()).isEmpty();
    assertThat(scan("select pg_catalog.pg_advisory_lock(1)").features())
        .containsExactly(Feature.ADVISORY_LOCK);
    assertThat(scan("select pg_advisory_xact_lock(1)").features()).isEmpty();
    assertThat(scan("declare c cursor with hold for select 1").features())
        .containsExactly(Feature.HOLD);
    assertThat(scan("select hold from t").features()).isEmpty();
    assertThat(scan("commit and chain").features()).containsExactly(Feature.CHAIN);
    assertThat(scan("commit and no chain").features()).isEmpty();
    assertThat(scan("select 'pg_advisory_lock(1)'").features()).isEmpty();
  }

  @Test
  void aTextWithSeveralStatementsTellsWhatAllOfThemMayDo() {
    Script script = scan("set a = 1; insert into t values (1)");
    assertThat(script.mayWrite()).isTrue();
    assertThat(script.controlsTransaction()).isFalse();
    assertThat(scan("begin; insert into t values (1); commit").controlsTransaction()).isTrue();
  }

  private static Script scan(String sql) {
    return StatementScanner.scan(sql, true);
  }
}
