package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.session.Script.Statement;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/// What is made again on a new backend, after the commands that change it.
final class SessionStateTest {
  private static final String SEARCH_PATH = "set search_path = a";
  private static final String USER = "set session authorization bob";
  private static final String ROLE = "set role reader";
  private static final String PREPARE = "prepare p as select 1";

  private final SessionState state = new SessionState();

  @Test
  void resetAllKeepsUserRoleSeedAndPreparedStatements() {
    run(SEARCH_PATH, USER, ROLE, "set seed = 0.5", PREPARE, "reset all");
    assertThat(state.restoration(false)).containsExactly(USER, ROLE, "set seed = 0.5", PREPARE);
  }

  @Test
  void resetSessionAuthorizationForgetsUserAndRole() {
    run(SEARCH_PATH, USER, ROLE, "reset session authorization");
    assertThat(state.restoration(false)).containsExactly(SEARCH_PATH);
  }

  @Test
  void aRoleOfTheFormerUserIsNotSetForTheNext() {
    run(ROLE, USER);
    assertThat(state.restoration(false)).containsExactly(USER);
  }

  @Test
  void resetTimeZoneForgetsTheZone() {
    run("set time zone 'UTC'", "reset time zone");
    assertThat(state.restoration(false)).isEmpty();
  }

  @Test
  void deallocateForgetsTheOneOfThatName() {
    run(PREPARE, "prepare \"P\" as select 2", "prepare q(int) as select $1", "deallocate P");
    assertThat(state.restoration(false))
        .containsExactly("prepare \"P\" as select 2", "prepare q(int) as select $1");
    run("deallocate prepare \"P\"", "deallocate prepare Q");
    assertThat(state.restoration(false)).isEmpty();
  }

  @Test
  void deallocateForgetsAStatementOfTheProtocol() {
    state
        .statements()
        .prepared(
            new SessionState.Prepared(
                "p", "select 1", StatementScanner.scan("select 1", true), Unpooled.EMPTY_BUFFER));
    run("deallocate p");
    assertThat(state.statements().find("p")).isNull();
  }

  @Test
  void deallocateAllForgetsStatementsAlone() {
    run(SEARCH_PATH, PREPARE, "deallocate all");
    assertThat(state.restoration(false)).containsExactly(SEARCH_PATH);
  }

  @Test
  void discardAllForgetsEverything() {
    run(SEARCH_PATH, USER, PREPARE, "listen c", "discard all");
    assertThat(state.restoration(false)).isEmpty();
  }

  @Test
  void aRollbackTakesBackSettingsButNoPreparedStatements() {
    run("prepare gone as select 0", SEARCH_PATH);
    for (String sql : new String[] {"set search_path = b", PREPARE, "deallocate gone"}) {
      run(sql, true);
    }
    state.rolledBack();
    assertThat(state.restoration(false)).containsExactly(SEARCH_PATH, PREPARE);
  }

  @Test
  void aSavepointOfTheSameNameComesBackWhenTheInnerOneIsReleased() {
    run("set a.a = 1", true);
    run("savepoint s; set a.a = 2; savepoint s; set a.a = 3; release savepoint s", true);
    run("rollback to savepoint s", true);
    state.committed();
    assertThat(state.restoration(false)).containsExactly("set a.a = 1");
  }

  @Test
  void aPreparedTransactionIsNoPreparedStatement() {
    run("prepare transaction 'x'");
    assertThat(state.restoration(false)).isEmpty();
  }

  private void run(String... texts) {
    for (String sql : texts) {
      run(sql, false);
    }
  }

  private void run(String sql, boolean inTransaction) {
    for (Statement statement : StatementScanner.scan(sql, true).statements()) {
      state.ran(sql, statement, inTransaction, null);
    }
  }
}
