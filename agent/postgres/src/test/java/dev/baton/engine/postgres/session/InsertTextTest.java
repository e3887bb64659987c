package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where a value is written into an INSERT that leaves it to the database.
final class InsertTextTest {
  private static final InsertText.Column ID = new InsertText.Column("id", 0, false);
  private static final InsertText.Column ALWAYS = new InsertText.Column("id", 0, true);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "insert into t (w) values ('x') returning id"
            + " | insert into t (w, \"id\") values ('x', 7) returning id",
        "INSERT INTO s.\"T t\" AS a (w, v) VALUES ($1, f(1, 2)) RETURNING a.id"
            + " | INSERT INTO s.\"T t\" AS a (w, v, \"id\") VALUES ($1, f(1, 2), 7) RETURNING a.id",
        "insert into t values (DEFAULT, 'x') returning *"
            + " | insert into t values (7, 'x') returning *",
        "insert into t (w, ID) values (1, pg_catalog.nextval('s'::regclass)) returning id"
            + " | insert into t (w, ID) values (1, 7) returning id",
        "insert into t (w) values (')--') /* (( */ on conflict (w) do nothing returning id"
            + " | insert into t (w, \"id\") values (')--', 7) /* (( */ on conflict (w) do nothing"
            + " returning id",
        "insert into t default values returning id"
            + " | insert into t (\"id\") VALUES (7) returning id",
      })
  void theValueStandsWhereTheDatabaseWouldMakeOne(String sql, String expected) {
    assertThat(rewritten(sql, ID, "7")).hasValue(expected.strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "insert into t (w) values (1) returning id"
            + " | insert into t (w, \"id\") OVERRIDING SYSTEM VALUE values (1, 7) returning id",
        "insert into t (w) overriding system value values (1) returning id"
            + " | insert into t (w, \"id\") overriding system value values (1, 7) returning id",
        "insert into t default values returning id"
            + " | insert into t (\"id\") OVERRIDING SYSTEM VALUE VALUES (7) returning id",
      })
  void anIdentityThatIsAlwaysGeneratedIsOverridden(String sql, String expected) {
    assertThat(rewritten(sql, ALWAYS, "7")).hasValue(expected.strip());
  }

  @Test
  void withoutAColumnListTheNextColumnIsAdded() {
    InsertText.Column third = new InsertText.Column("id", 2, false);
    assertThat(rewritten("insert into t values (1, 2) returning id", third, "7"))
        .hasValue("insert into t values (1, 2, 7) returning id");
    assertThat(rewritten("insert into t values (1) returning id", third, "7")).isEmpty();
  }

  @Test
  void eachRowHasItsOwn() {
    assertThat(rewritten("insert into t (w) values ('a'), ('b') returning id", ID, "7", "9"))
        .hasValue("insert into t (w, \"id\") values ('a', 7), ('b', 9) returning id");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into t (w) select 1 returning id",
        "insert into t (select 1) returning id",
        "insert into t (id) values (1 + nextval('s')) returning id",
        "insert into t (id) values ((select max(id) from t)) returning id",
        "insert into t (w) values (1) union values (2) returning id",
        "insert into t (a.b) values (1) returning id",
        "insert into t (w) overriding user value values (1) returning id",
        "insert into t (w) values () returning id",
        "insert into t (w) values (1)",
        "insert into t (w) values (1",
        "with x as (select 1) insert into t (w) values (1) returning id",
        "update t set w = 1 returning id",
        "insert into",
        "",
      })
  void whatComputesOrHidesItIsLeftAlone(String sql) {
    assertThat(rewritten(sql, ID, "7")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "select nextval('s') | select (SELECT 7::pg_catalog.int8 AS nextval)",
        "select PG_CATALOG.nextval(E'a.\"s\"'::regclass) as id"
            + " | select (SELECT 7::pg_catalog.int8 AS nextval) as id",
      })
  void aCallIsReplacedByItsValue(String sql, String expected) {
    assertThat(SequenceCall.of(sql.strip(), false).map(call -> call.with(7)))
        .hasValue(expected.strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1",
        "select nextval($1)",
        "select nextval('a'), nextval('b')",
        "select own.nextval('s')",
        "select 'nextval(''s'')'",
        "select nextval('s' || 't')",
        "select nextval('s'"
      })
  void whatIsNotOneCallOfANamedSequenceIsLeftAlone(String sql) {
    assertThat(SequenceCall.of(sql, false)).isEmpty();
  }

  private static Optional<String> rewritten(
      String sql, InsertText.Column column, String... values) {
    return InsertText.of(sql, false)
        .filter(insert -> insert.rows() == values.length)
        .flatMap(
            insert -> insert.with(List.of(column), Arrays.stream(values).map(List::of).toList()));
  }
}
