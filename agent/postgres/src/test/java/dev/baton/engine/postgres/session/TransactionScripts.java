package dev.baton.engine.postgres.session;

import java.sql.Connection;
import java.sql.Savepoint;
import java.util.List;

/// Blocks, savepoints, and what refuses to run in a block.
final class TransactionScripts {
  private TransactionScripts() {}

  static void autosave(DriverStage stage) throws Exception {
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

  static void transactions(DriverStage stage) throws Exception {
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

  static void outsideOfBlocks(DriverStage stage) throws Exception {
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
}
